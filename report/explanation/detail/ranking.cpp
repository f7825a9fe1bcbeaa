#include <hyperego/core/error.hpp>
#include <hyperego/report/explanation/detail/examined_trials.hpp>
#include <hyperego/report/explanation/detail/intervals.hpp>
#include <hyperego/report/explanation/detail/ranking.hpp>
#include <hyperego/report/explanation/detail/summary.hpp>
#include <hyperego/report/explanation/detail/verdict.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_path.hpp>
#include <hyperego/surrogate/gaussian_process/relevance_test.hpp>
#include <hyperego/surrogate/gaussian_process/total_sensitivity.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t default_draws = 16;

std::vector<const GaussianProcessSurrogate*> processes_in(const TargetModel& model) {
  std::vector<const GaussianProcessSurrogate*> processes;
  for (const auto* opinions : {&model.objectives(), &model.second_opinions()}) {
    for (const auto& surrogate : *opinions) {
      if (const auto* process = dynamic_cast<const GaussianProcessSurrogate*>(surrogate.get())) {
        processes.push_back(process);
      }
    }
  }
  return processes;
}

/// Shares of one objective, or of a trade-off: variances weigh by the squares of its weights.
Eigen::VectorXd shares(const std::vector<const GaussianProcessSurrogate*>& processes,
                       const std::optional<ChebyshevWeights>& weights, const Eigen::VectorXd& spread) {
  Eigen::VectorXd sum = total_sensitivity(*processes.front());
  if (weights) {
    sum.setZero();
    for (std::size_t j = 0; j < processes.size(); ++j) {
      const auto k = static_cast<Eigen::Index>(j);
      sum += std::pow(weights->scale[k] * spread[k], 2) * total_sensitivity(*processes[j]);
    }
  }
  return sum.sum() > 0 ? sum / sum.sum() : sum;
}

/// The same with parameters that the trials leave plausible: a row for every draw.
Eigen::MatrixXd drawn_shares(const std::vector<const GaussianProcessSurrogate*>& processes,
                             const std::optional<ChebyshevWeights>& weights, const Eigen::VectorXd& spread,
                             const ExplainOptions& options) {
  const std::size_t draws = options.draws.value_or(default_draws);
  std::vector<std::vector<std::unique_ptr<BlendPredictor>>> paths;
  for (const GaussianProcessSurrogate* process : processes) {
    paths.push_back(process->plausible_functions(draws, options.seed));
  }
  Eigen::MatrixXd result(static_cast<Eigen::Index>(draws),
                         static_cast<Eigen::Index>(processes.front()->encoding().players().size()));
  for (std::size_t k = 0; k < draws; ++k) {
    std::vector<const GaussianProcessSurrogate*> drawn;
    for (const auto& of_objective : paths) {
      drawn.push_back(dynamic_cast<const GaussianProcessPath&>(*of_objective[k]).surrogate().get());
    }
    result.row(static_cast<Eigen::Index>(k)) = shares(drawn, weights, spread).transpose();
  }
  return result;
}

bool varies(const std::vector<Configuration>& configurations, std::size_t hyperparameter) {
  std::optional<double> first;
  for (const Configuration& configuration : configurations) {
    if (!configuration.is_set(hyperparameter)) continue;
    if (first && configuration[hyperparameter] != *first) return true;
    first = configuration[hyperparameter];
  }
  return false;
}

/// Why there is no game, what the model is worth, where the trials are, and what can be told from noise.
void examine(const TrialModels& models, const ModelledTarget& modelled, const ExplainOptions& options,
             TargetContext& context) {
  const TrialTable& trials = models.trials();
  const std::size_t players = trials.space->searched().size();
  context.notes.insert(context.notes.begin(),
                       "with " + std::to_string(players) + " hyperparameters, more than the " +
                           std::to_string(max_players) +
                           " that a game can have, they are ranked by the total sensitivity that the length scales "
                           "of Gaussian processes imply; baseline, index and samples have no part in it");
  context.targets.push_back(modelled.description);
  context.fits.push_back(modelled.model.fit_to_json());
  note_fit(context.fits.back(), trials.configurations.size(), players, context.notes);
  note_support(trials, trials.space->default_configuration(), modelled.observed, context.notes);
  if (options.permutations && *options.permutations > 0) {
    context.relevance =
        test_relevance(trials.space, trials.configurations, modelled.observed,
                       {.permutations = *options.permutations, .seed = options.seed, .threads = options.threads});
  }
}

/// Values, p-values and intervals; null of what never varied.
void add_shares(const TrialTable& trials, const Eigen::VectorXd& values, const Eigen::MatrixXd& drawn,
                const TargetContext& context, const ExplainOptions& options, ordered_json& json) {
  const std::vector<std::size_t>& searched = trials.space->searched();
  ordered_json of_model = ordered_json::object();
  json["players"] = ordered_json::array();
  json["values"] = ordered_json::object();
  if (context.relevance) {
    json["p_values"] = ordered_json::object();
    json["noise"] = ordered_json::array();
  }
  for (std::size_t p = 0; p < searched.size(); ++p) {
    const std::string& name = trials.space->operator[](searched[p]).name;
    const auto k = static_cast<Eigen::Index>(p);
    json["players"].push_back(name);
    const bool is_known = varies(trials.configurations, searched[p]);
    json["values"][name] = is_known ? ordered_json(values[k]) : ordered_json(nullptr);
    if (context.relevance) {
      const double p_value = context.relevance->p_values[p];
      json["p_values"][name] = is_known ? ordered_json(p_value) : ordered_json(nullptr);
      if (is_known && p_value >= significance) json["noise"].push_back(name);
    }
    if (drawn.rows() == 0) continue;
    const Eigen::VectorXd column = drawn.col(k);
    const Interval interval = holding(quantile_interval({column.begin(), column.end()}, options.coverage), values[k]);
    of_model[name] = is_known ? ordered_json{interval.first, interval.second} : ordered_json(nullptr);
  }
  json["method"] = "closed form";
  json["fit"] = context.fits.front();
  json["intervals"] = ordered_json::object();
  if (drawn.rows() > 0) {
    json["intervals"] = {{"draws", drawn.rows()}, {"model", std::move(of_model)}, {"coverage", options.coverage}};
  }
}

}  // namespace

ordered_json ranking(const TrialModels& models, const ModelledTarget& modelled, TargetContext context,
                     const ExplainOptions& options) {
  if (options.suggest > 0) {
    const std::size_t players = models.trials().space->searched().size();
    throw InvalidInput("suggest", "needs a game, and there are " + std::to_string(players) + " hyperparameters of at " +
                                      "most " + std::to_string(max_players) + "; make some of them constants");
  }
  examine(models, modelled, options, context);
  const std::vector<const GaussianProcessSurrogate*> processes = processes_in(modelled.model);
  const Eigen::VectorXd spread = (models.targets().rowwise() - models.targets().colwise().mean()).colwise().norm();
  ordered_json json{{"game", std::string(ranking_name)},
                    {"index", std::string(ranking_name)},
                    {"order", 1},
                    {"target", context.targets.front()}};
  if (context.targets.front().contains("weights")) json["weights"] = context.targets.front().at("weights");
  add_shares(models.trials(), shares(processes, modelled.model.weights(), spread),
             drawn_shares(processes, modelled.model.weights(), spread, options), context, options, json);
  if (std::string summary = summary_of(json); !summary.empty()) json["summary"] = std::move(summary);
  json["notes"] = context.notes;
  json["seed"] = options.seed;
  return json;
}

}  // namespace hyperego::detail
