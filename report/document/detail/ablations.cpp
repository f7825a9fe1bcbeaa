#include <hyperego/report/document/detail/ablations.hpp>
#include <hyperego/report/document/detail/sections.hpp>
#include <hyperego/report/explanation/detail/explained_games.hpp>

#include <algorithm>
#include <set>
#include <span>

namespace hyperego::detail {
namespace {

constexpr int most_players_quick = 12, most_players_enumerated = 16;
constexpr std::size_t most_quick = 200, most_exact = 40, most_estimated = 8;

std::size_t most_games(ExplainMethod method, int players) {
  if (method == ExplainMethod::estimated) return most_estimated;
  return method == ExplainMethod::closed_form || players <= most_players_quick ? most_quick : most_exact;
}

/// About `most` trials of the front: those that are marked and an even choice of the others.
std::vector<std::uint64_t> chosen_trials(const StudyHistory& history, std::size_t most) {
  std::vector<std::uint64_t> front = history.front();
  if (front.size() <= most) return front;
  std::set<std::uint64_t> chosen;
  for (const FrontMark& mark : front_marks(history)) chosen.insert(mark.trial);
  for (std::size_t i = 0; i < most; ++i) chosen.insert(front[i * (front.size() - 1) / (most - 1)]);
  return {chosen.begin(), chosen.end()};
}

}  // namespace

std::vector<Ablation> ablations_of_front(TrialModels& models, std::size_t objective, const StudyHistory& history,
                                         const ExplainOptions& options) {
  const std::vector<std::uint64_t> front = history.front();
  if (front.empty()) return {};
  const SearchSpace& space = *models.trials().space;
  ExplainOptions ablation = options;
  ablation.game = GameKind::ablation;
  ablation.order = 1;
  const auto players = static_cast<int>(space.searched().size());
  if (players > most_players_enumerated) ablation.budget.reset();  // most processes have a closed form
  ExplainedStudy study{.space = models.trials().space,
                       .trials = {},
                       .models = {models.objective(objective)},
                       .baselines = {{space.default_configuration()}},
                       .of = {history.records()[front.front()].configuration},
                       .held = never_varied(models.trials())};
  const ExplainedGames games(std::span(&study, 1), ablation);
  std::vector<Ablation> ablations;
  const std::vector<std::uint64_t> chosen = chosen_trials(history, most_games(games.method(), players));
  for (const std::uint64_t trial : chosen) {
    ablation.progress = part_of(options.progress, "ablations", ablations.size(), ablations.size() + 1, chosen.size());
    study.of.front() = history.records()[trial].configuration;
    ablations.emplace_back(trial, games.play().front().values.values);
  }
  return ablations;
}

}  // namespace hyperego::detail
