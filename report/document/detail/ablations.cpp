#include <hyperego/report/document/detail/ablations.hpp>
#include <hyperego/report/document/detail/sections.hpp>
#include <hyperego/report/explanation/detail/explained_games.hpp>

#include <algorithm>
#include <set>

namespace hyperego::detail {
namespace {

constexpr int most_players_quick = 12, most_players_enumerated = 16;
constexpr std::size_t most_quick = 200, most_exact = 40, most_estimated = 8;
/// Trials that are not on the front.
constexpr std::size_t most_others = 100;

bool is_quick(ExplainMethod method, int players) {
  return method == ExplainMethod::closed_form || (method == ExplainMethod::exact && players <= most_players_quick);
}

std::size_t most_of_front(ExplainMethod method, int players) {
  if (method == ExplainMethod::estimated) return most_estimated;
  return is_quick(method, players) ? most_quick : most_exact;
}

/// About `most` trials of the front: those that are marked and an even choice of the others.
std::set<std::uint64_t> front_trials(const StudyHistory& history, std::size_t most) {
  const std::vector<std::uint64_t> front = history.front();
  if (front.size() <= most) return {front.begin(), front.end()};
  std::set<std::uint64_t> chosen;
  for (const FrontMark& mark : front_marks(history)) chosen.insert(mark.trial);
  for (std::size_t i = 0; i < most; ++i) chosen.insert(front[i * (front.size() - 1) / (most - 1)]);
  return chosen;
}

std::vector<std::uint64_t> other_trials(std::span<const std::uint64_t> modelled, const StudyHistory& history) {
  const std::vector<std::uint64_t> front = history.front();
  std::vector<std::uint64_t> others;
  std::copy_if(modelled.begin(), modelled.end(), std::back_inserter(others),
               [&](std::uint64_t trial) { return !std::binary_search(front.begin(), front.end(), trial); });
  if (others.size() <= most_others) return others;
  std::vector<std::uint64_t> chosen;
  for (std::size_t i = 0; i < most_others; ++i) chosen.push_back(others[i * others.size() / most_others]);
  return chosen;
}

}  // namespace

std::vector<Ablation> ablations(TrialModels& models, std::size_t objective, const StudyHistory& history,
                                std::span<const std::uint64_t> modelled, const ExplainOptions& options) {
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
  const std::set<std::uint64_t> of_front = front_trials(history, most_of_front(games.method(), players));
  std::set<std::uint64_t> chosen = of_front;
  if (is_quick(games.method(), players)) {
    for (const std::uint64_t trial : other_trials(modelled, history)) chosen.insert(trial);
  }
  std::vector<Ablation> played;
  for (const std::uint64_t trial : chosen) {
    ablation.progress = part_of(options.progress, "ablations", played.size(), played.size() + 1, chosen.size());
    study.of.front() = history.records()[trial].configuration;
    const ExplainedGame game = games.play().front();
    played.push_back({trial, of_front.contains(trial), game.full, game.values.values});
  }
  return played;
}

}  // namespace hyperego::detail
