#include <hyperego/core/rng.hpp>
#include <hyperego/moo/search/uniform_draw.hpp>
#include <hyperego/moo/turns/turn.hpp>

#include <utility>

namespace hyperego {
namespace {

class RandomShareTurn final : public Turn {
 public:
  explicit RandomShareTurn(const SearchState& state) : state_(state) {}

  std::optional<Suggestion> propose(Suggestion draft) override {
    Rng rng(state_.problem.seed, "random-share", draft.trial);
    if (!(rng.uniform() < state_.options.random_share)) return std::nullopt;
    return drawn_uniformly(state_, std::move(draft), Decision::Phase::random,
                           "the random share's turn; drawn uniformly from the full space");
  }

 private:
  const SearchState& state_;
};

}  // namespace

std::unique_ptr<Turn> random_share_turn(const TurnParts& parts) {
  return std::make_unique<RandomShareTurn>(parts.state);
}

}  // namespace hyperego
