#include "explain_options.hpp"

#include <hyperego/core/error.hpp>
#include <hyperego/report/explanation/explain.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>

namespace hyperego::python {
namespace {

using nlohmann::ordered_json;

/// One argument, or nothing where it is left out or None. @throws InvalidInput where its type is another.
template <typename T>
std::optional<T> argument(const ordered_json& arguments, const char* name) {
  const auto found = arguments.find(name);
  if (found == arguments.end() || found->is_null()) return std::nullopt;
  if constexpr (std::is_same_v<T, bool>) {
    if (found->is_boolean()) return found->get<bool>();
  } else if constexpr (std::is_integral_v<T>) {
    // Python's integers arrive signed; those that are too large for that have been refused.
    const auto number = found->is_number_integer() ? found->get<std::int64_t>() : -1;
    if (number >= 0 && static_cast<std::uint64_t>(number) <= std::uint64_t{std::numeric_limits<T>::max()}) {
      return static_cast<T>(number);
    }
    throw InvalidInput(name, "must be a whole number that is not negative, found " + found->dump());
  } else if constexpr (std::is_floating_point_v<T>) {
    if (found->is_number()) return found->get<T>();
  } else {
    if (found->is_string()) return found->get<T>();
  }
  throw InvalidInput(name, "found " + found->dump() + ", which it cannot be");
}

void read_baselines(const ordered_json& given, const SearchSpace& space, ExplainOptions& options) {
  if (given.is_null()) return;
  for (const ordered_json& baseline : given.is_array() ? given : ordered_json::array({given})) {
    if (baseline == "incumbent") {
      options.incumbent_as_baseline = true;
    } else if (baseline == "default") {
      options.baselines.push_back(space.default_configuration());
    } else {
      options.baselines.push_back(space.legal_configuration_from_json(baseline, "baseline"));
    }
  }
}

void read_bias(const ordered_json& arguments, OptimizerBiasOptions& bias) {
  bias.optimizer = argument<std::string>(arguments, "optimizer").value_or(bias.optimizer);
  bias.trials = argument<std::uint64_t>(arguments, "optimizer_trials").value_or(bias.trials);
  const auto against = arguments.find("against");
  if (against == arguments.end() || against->is_null()) return;
  bias.ensemble.clear();
  for (const ordered_json& name : *against) bias.ensemble.push_back(name.get<std::string>());
}

Eigen::VectorXd weights_of(const ordered_json& json, const std::vector<Objective>& objectives) {
  std::vector<std::string> names;
  for (const Objective& objective : objectives) names.push_back(objective.name);
  Eigen::VectorXd weights =
      Eigen::VectorXd::Zero(static_cast<Eigen::Index>(json.is_object() ? names.size() : json.size()));
  const auto number = [](const ordered_json& value) {
    if (!value.is_number()) throw InvalidInput("weights", "must be numbers, found " + value.dump());
    return value.get<double>();
  };
  if (json.is_array()) {
    for (std::size_t j = 0; j < json.size(); ++j) weights(static_cast<Eigen::Index>(j)) = number(json[j]);
    return weights;
  }
  for (const auto& [name, weight] : json.items()) {
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) {
      throw InvalidInput("weights", "there is no objective \"" + name + "\"" + expected_name(name, names));
    }
    weights(at - names.begin()) = number(weight);
  }
  return weights;
}

}  // namespace

ExplainOptions explain_options(const ordered_json& arguments, const SearchSpace& space) {
  ExplainOptions options;
  const auto text = [&](const char* name) { return argument<std::string>(arguments, name); };
  const auto count = [&](const char* name) { return argument<std::size_t>(arguments, name); };
  if (const auto game = text("game")) options.game = game_kind_from(*game, "game");
  if (const auto maximum = text("maximum")) options.maximum = maximum_kind_from(*maximum, "maximum");
  if (const auto index = text("index")) options.index = interaction_index_of(*index);
  if (const auto order = argument<int>(arguments, "order")) options.order = *order;
  if (const auto model = text("model")) options.model = model_kind_from(*model, "model");
  if (const auto aggregate = text("aggregate")) options.aggregate = game_aggregate_from(*aggregate, "aggregate");
  if (const auto estimator = text("estimator")) options.estimator = estimator_of(*estimator);
  options.level = argument<double>(arguments, "level").value_or(options.level);
  options.budget = count("budget");
  options.exact = argument<bool>(arguments, "exact").value_or(false);
  options.samples = count("samples");
  options.draws = count("draws");
  options.replicates = count("replicates");
  options.permutations = count("permutations");
  options.reach = argument<double>(arguments, "reach").value_or(options.reach);
  options.coverage = argument<double>(arguments, "coverage").value_or(options.coverage);
  options.seed = argument<std::uint64_t>(arguments, "seed").value_or(0);
  options.threads = argument<int>(arguments, "threads").value_or(0);
  if (arguments.contains("baseline")) read_baselines(arguments.at("baseline"), space, options);
  if (const auto config = arguments.find("config"); config != arguments.end() && !config->is_null()) {
    options.of = space.legal_configuration_from_json(*config, "config");
  }
  read_bias(arguments, options.bias);
  return options;
}

std::vector<ExplainTarget> explain_targets(const ordered_json& arguments, const std::vector<Objective>& objectives) {
  const auto of = argument<std::string>(arguments, "of");
  const auto number = argument<std::size_t>(arguments, "tradeoffs");
  const auto given = arguments.find("weights");
  const bool has_weights = given != arguments.end() && !given->is_null();
  if ((of ? 1 : 0) + (number ? 1 : 0) + (has_weights ? 1 : 0) > 1) {
    throw InvalidInput("of, weights, tradeoffs", "exclude each other; give one of them");
  }
  std::vector<ExplainTarget> targets;
  if (of) return {{.objective = *of}};
  if (has_weights) return {{.objective = std::nullopt, .weights = weights_of(*given, objectives)}};
  if (!number) {
    for (const Objective& objective : objectives) targets.push_back({.objective = objective.name});
    return targets;
  }
  if (*number < 1) throw InvalidInput("tradeoffs", "must be at least 1");
  for (const Eigen::VectorXd& weights : tradeoffs(static_cast<int>(objectives.size()), *number)) {
    targets.push_back({.objective = std::nullopt, .weights = weights});
  }
  return targets;
}

}  // namespace hyperego::python
