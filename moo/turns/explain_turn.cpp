#include <hyperego/core/rng.hpp>
#include <hyperego/moo/acquisition/game_variance.hpp>
#include <hyperego/moo/search/acquisition_search.hpp>
#include <hyperego/moo/turns/turn.hpp>
#include <hyperego/shapley/game/game.hpp>

#include <nlohmann/json.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace hyperego {
namespace {

/// Explanations start at the default configuration unless they are asked for another.
class ExplainTurn final : public Turn {
 public:
  explicit ExplainTurn(const TurnParts& parts)
      : state_(parts.state), models_(parts.models), search_(parts.state, parts.models, parts.slices) {}

  std::optional<Suggestion> propose(Suggestion draft) override {
    if (!state_.can_model() || state_.problem.space->searched().size() > max_players) return std::nullopt;
    Rng rng(state_.problem.seed, "explain-share", draft.trial);
    if (!(rng.uniform() < state_.options.explain_share)) return std::nullopt;
    auto variance = std::make_unique<GameVariance>(games(draft.decision));
    if (!variance->has_games()) return std::nullopt;
    draft.decision.phase = Decision::Phase::explain;
    draft.decision.reason = "what narrows the importance of hyperparameters most";
    std::vector<Configuration> anchors = variance->anchors();
    return search_.complete(std::move(draft), {.improvement = std::move(variance), .anchors = std::move(anchors)});
  }

 private:
  /// The tunability of every objective from the default configuration; none where forests model them, whose parts have
  /// no covariance.
  [[nodiscard]] GameVariance games(Decision& decision) {
    constexpr std::size_t samples = 300;
    GameVariance variance;
    const auto surrogates = models_.fit_objectives(models_.modelled_objectives(decision.notes));
    const auto& space = state_.problem.space;
    const Configuration baseline = state_.domain.project(space->default_configuration());
    nlohmann::ordered_json models{{"target", "objectives"}};
    std::vector<Configuration> candidates;
    for (const Configuration& sample : draw_samples(space, samples, state_.problem.seed)) {
      Configuration candidate = state_.domain.project(sample);
      if (space->check(candidate)) candidates.push_back(std::move(candidate));
    }
    if (candidates.empty() || !space->check(baseline)) return variance;
    const Blends blends(space, baseline, std::move(candidates));
    for (const auto& surrogate : surrogates) {
      models["objectives"].push_back(surrogate->to_json());
      const auto process = std::dynamic_pointer_cast<const GaussianProcessSurrogate>(surrogate);
      if (process) variance.add_game({{process}}, blends, GameKind::tunability, state_.problem.seed + decision.trial);
    }
    decision.surrogate = std::make_shared<const nlohmann::ordered_json>(std::move(models));
    return variance;
  }

  const SearchState& state_;
  ModelStore& models_;
  AcquisitionSearch search_;
};

}  // namespace

std::unique_ptr<Turn> explain_turn(const TurnParts& parts) { return std::make_unique<ExplainTurn>(parts); }

}  // namespace hyperego
