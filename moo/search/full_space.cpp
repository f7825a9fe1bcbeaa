#include <hyperego/moo/search/slice_chooser.hpp>

namespace hyperego {

std::optional<Slice> FullSpace::choose(const FittedScalarization& /*fitted*/, Decision& decision) {
  decision.phase = Decision::Phase::full;
  decision.reason = "largest log expected improvement of this weight vector in the full space";
  return std::nullopt;
}

}  // namespace hyperego
