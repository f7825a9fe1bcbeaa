#include <hyperego/moo/search/uniform_draw.hpp>
#include <hyperego/moo/turns/turn.hpp>

#include <utility>

namespace hyperego {
namespace {

class FewTrialsTurn final : public Turn {
 public:
  explicit FewTrialsTurn(const SearchState& state) : state_(state) {}

  std::optional<Suggestion> propose(Suggestion draft) override {
    if (state_.can_model()) return std::nullopt;
    return drawn_uniformly(state_, std::move(draft), Decision::Phase::random,
                           "too few completed trials for a model; drawn uniformly from the full space");
  }

 private:
  const SearchState& state_;
};

}  // namespace

std::unique_ptr<Turn> few_trials_turn(const TurnParts& parts) { return std::make_unique<FewTrialsTurn>(parts.state); }

}  // namespace hyperego
