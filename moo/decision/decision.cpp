#include <hyperego/moo/decision/decision.hpp>

namespace hyperego {

std::string_view to_string(Decision::Phase phase) {
  switch (phase) {
    case Decision::Phase::initial:
      return "initial";
    case Decision::Phase::full:
      return "full";
    case Decision::Phase::frozen:
      return "frozen";
    case Decision::Phase::hypervolume:
      return "hypervolume";
    case Decision::Phase::offspring:
      return "offspring";
    case Decision::Phase::random:
      return "random";
    case Decision::Phase::repeat:
      return "repeat";
    case Decision::Phase::explain:
      return "explain";
    case Decision::Phase::fallback:
      return "fallback";
    case Decision::Phase::promotion:
      return "promotion";
  }
  return "fallback";
}

}  // namespace hyperego
