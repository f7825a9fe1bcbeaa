#include <hyperego/report/explanation/detail/examined_trials.hpp>
#include <hyperego/report/explanation/detail/support.hpp>
#include <hyperego/surrogate/gaussian_process/relevance_test.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <span>
#include <utility>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

/// Relative range below which values differ by rounding only.
constexpr double least_relative_range = 1e-9;

bool varies(const Eigen::VectorXd& observed) {
  const double largest = observed.cwiseAbs().maxCoeff();
  return observed.maxCoeff() / 2 - observed.minCoeff() / 2 > least_relative_range / 2 * largest;
}

}  // namespace

void note_fit(const ordered_json& fit, std::size_t trials, std::size_t players, std::vector<std::string>& notes) {
  if (trials < 2 * players) {
    notes.push_back((trials == 1 ? "there is only 1 trial" : "there are only " + std::to_string(trials) + " trials") +
                    " for " + std::to_string(players) +
                    " hyperparameters; some ten for each make an explanation worth reading");
  }
  if (!(fit.at("leave_one_out_r2").get<double>() > 0)) {
    notes.emplace_back(
        "the model predicts left-out trials no better than their mean, so the values say more of it than of the "
        "hyperparameters");
  }
}

void note_support(const TrialTable& trials, const Configuration& baseline, const Eigen::VectorXd& observed,
                  std::vector<std::string>& notes) {
  for (std::string& note : support_notes(*trials.space, trials.configurations, baseline)) {
    notes.push_back(std::move(note));
  }
  if (std::string note = outlier_note(std::span(observed.data(), observed.data() + observed.size())); !note.empty()) {
    notes.push_back(std::move(note));
  }
}

void note_maximiser(const TrialTable& trials, const ExplainedGame& game, std::vector<std::string>& notes) {
  for (const std::vector<Configuration>& maximisers : game.maximisers) {
    if (maximisers.empty()) continue;
    const std::vector<std::string> lonely = lonely_values(*trials.space, trials.configurations, maximisers.back());
    if (lonely.empty()) continue;
    notes.push_back("what promises most lies outside of the trials in " + name_list(lonely) +
                    ": the largest values are extrapolated; evaluate it (--suggest)");
    return;
  }
}

void describe(const ExplainedStudy& study, std::size_t trials, std::size_t target, TargetContext& context) {
  context.fits.push_back(study.models[target].fit_to_json());
  context.fits.back()["trials"] = trials;
  note_fit(context.fits.back(), trials, study.space->searched().size(), context.notes);
  for (const Configuration& baseline : study.baselines[target]) {
    ordered_json json = study.space->to_json(baseline);
    auto& known = context.baselines;
    if (std::find(known.begin(), known.end(), json) == known.end()) known.push_back(std::move(json));
  }
  if (!study.of.empty()) context.ofs.push_back(study.space->to_json(study.of[target]));
}

void examine(const TrialModels& models, const ExplainedStudy& study, std::size_t target, const ModelledTarget& modelled,
             bool is_only_study, const ExplainOptions& options, TargetContext& context) {
  const TrialTable& trials = models.trials();
  note_support(trials, study.baselines[target].front(), modelled.observed, context.notes);
  if (!is_only_study) return;
  context.dependent = dependent_players(*trials.space, trials.configurations);
  context.is_constant = !varies(modelled.observed);
  if (context.is_constant) {
    context.notes.emplace_back("the objective does not vary in these trials, so there is nothing to explain");
  }
  if (options.game == GameKind::optimizer_bias) return;  // says something of optimizers, not of the trials
  context.extrapolated = lonely_values(*trials.space, trials.configurations, study.baselines[target].front());
  context.best_seen = -modelled.observed.minCoeff();
  RelevanceTestOptions test{.seed = options.seed, .threads = options.threads};
  if (options.permutations) test.permutations = std::max<std::size_t>(1, *options.permutations);
  for (const Dependence& pair : context.dependent) test.together.emplace_back(pair.first, pair.second);
  if (context.is_constant) {
    context.relevance = RelevanceTest{1, std::vector<double>(trials.space->searched().size(), 1)};
  } else if (!options.permutations || *options.permutations > 0) {
    context.relevance = test_relevance(trials.space, trials.configurations, modelled.observed, test);
  }
  if (const auto* name = modelled.description.contains("objective") ? &modelled.description.at("objective") : nullptr) {
    const std::size_t j = trials.objective_index(name->get<std::string>());
    context.objective = trials.objectives[j];
    context.is_logarithmic = models.is_logarithmic(j);
  }
}

}  // namespace hyperego::detail
