#include <hyperego/moo/turns/turn.hpp>

namespace hyperego {
namespace {

class InitialTurn final : public Turn {
 public:
  explicit InitialTurn(const SearchState& state) : state_(state) {}

  std::optional<Suggestion> propose(Suggestion draft) override {
    if (draft.trial >= state_.initial.size()) return std::nullopt;
    const Configuration& planned = state_.initial[draft.trial];
    if (state_.history.seen(planned)) return std::nullopt;
    draft.configuration = planned;
    draft.decision.phase = Decision::Phase::initial;
    draft.decision.reason = "part of the initial design";
    return draft;
  }

 private:
  const SearchState& state_;
};

}  // namespace

std::unique_ptr<Turn> initial_turn(const TurnParts& parts) { return std::make_unique<InitialTurn>(parts.state); }

}  // namespace hyperego
