#include <hyperego/moo/search/fidelity_choice.hpp>
#include <hyperego/moo/turns/turn.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace hyperego {
namespace {

/// Shares of the others that are better: 0 for the best.
Eigen::VectorXd ranks_of(const Eigen::VectorXd& values) {
  Eigen::VectorXd ranks(values.size());
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    ranks[i] = static_cast<double>((values.array() < values[i]).count()) /
               static_cast<double>(std::max<Eigen::Index>(values.size() - 1, 1));
  }
  return ranks;
}

/// Once the initial design has been looked at, the model needs a few full evaluations: the best compromise of what was
/// seen, then the best in each objective.
class FirstPromotionsTurn final : public Turn {
 public:
  explicit FirstPromotionsTurn(const SearchState& state) : state_(state) {}

  std::optional<Suggestion> propose(Suggestion draft) override {
    if (!state_.has_fidelities()) return std::nullopt;
    const std::size_t full = state_.history.completed().size() + state_.partial.pending_in_full();
    if (full >= SearchState::least_completed) return std::nullopt;
    std::vector<const PartialTrials::Standing*> known;
    for (const PartialTrials::Standing& standing : state_.partial.standings()) {
      if (standing.can_go_on()) known.push_back(&standing);
    }
    if (known.empty()) return std::nullopt;
    const auto [best, what] = choose(known, full);
    draft.configuration = known[static_cast<std::size_t>(best)]->configuration;
    draft.decision.phase = Decision::Phase::promotion;
    draft.decision.reason = what + " of what was looked at; the model needs " +
                            std::to_string(SearchState::least_completed) + " full evaluations to begin with";
    set_fidelity(state_, state_.partial.fidelity()->full, "in full, for the model to see what lower fidelities tell",
                 draft);
    return draft;
  }

 private:
  [[nodiscard]] std::pair<Eigen::Index, std::string> choose(const std::vector<const PartialTrials::Standing*>& known,
                                                            std::size_t full) const {
    const auto n = static_cast<Eigen::Index>(known.size());
    const auto m = static_cast<Eigen::Index>(state_.problem.objectives.size());
    Eigen::MatrixXd ranks(n, m);
    for (Eigen::Index j = 0; j < m; ++j) {
      Eigen::VectorXd values(n);
      for (Eigen::Index i = 0; i < n; ++i) {
        values[i] = known[static_cast<std::size_t>(i)]->observations.back().minimised[j];
      }
      ranks.col(j) = ranks_of(values);
    }
    Eigen::Index best = 0;
    if (full == 0) {
      (void)ranks.rowwise().maxCoeff().minCoeff(&best);
      return {best, "the best compromise"};
    }
    const Eigen::Index objective = static_cast<Eigen::Index>(full - 1) % m;
    // Of equals the better one in the others.
    (void)(ranks.col(objective) + 1e-3 * ranks.rowwise().sum()).minCoeff(&best);
    return {best, "the best in " + state_.problem.objectives[static_cast<std::size_t>(objective)].name};
  }

  const SearchState& state_;
};

}  // namespace

std::unique_ptr<Turn> first_promotions_turn(const TurnParts& parts) {
  return std::make_unique<FirstPromotionsTurn>(parts.state);
}

}  // namespace hyperego
