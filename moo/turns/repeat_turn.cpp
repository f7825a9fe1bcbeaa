#include <hyperego/core/rng.hpp>
#include <hyperego/moo/front/pareto.hpp>
#include <hyperego/moo/turns/turn.hpp>

#include <string>

namespace hyperego {
namespace {

class RepeatTurn final : public Turn {
 public:
  explicit RepeatTurn(const SearchState& state) : state_(state) {}

  std::optional<Suggestion> propose(Suggestion draft) override {
    if (!state_.can_model()) return std::nullopt;
    if (!(Rng(state_.problem.seed, "repeats", draft.trial).uniform() < state_.options.repeats)) return std::nullopt;
    std::size_t fewest = 0;
    for (const Eigen::Index member : non_dominated(state_.history.minimised())) {
      const auto i = static_cast<std::size_t>(member);
      const std::size_t trials = trials_of(i);
      if (fewest != 0 && trials >= fewest) continue;
      fewest = trials;
      draft.configuration = state_.history.completed()[i];
    }
    draft.decision.phase = Decision::Phase::repeat;
    draft.decision.reason = "the member of the front with the fewest trials (" + std::to_string(fewest) +
                            ") is evaluated again, as objectives may be noisy";
    return draft;
  }

 private:
  /// Completed and pending ones of a completed configuration.
  [[nodiscard]] std::size_t trials_of(std::size_t i) const {
    std::size_t trials = state_.history.completions(i);
    for (const auto& [number, configuration] : state_.history.pending()) {
      if (configuration == state_.history.completed()[i]) ++trials;
    }
    return trials;
  }

  const SearchState& state_;
};

}  // namespace

std::unique_ptr<Turn> repeat_turn(const TurnParts& parts) { return std::make_unique<RepeatTurn>(parts.state); }

}  // namespace hyperego
