#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/moo/optimizer/nsga2.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>
#include <hyperego/moo/optimizer/optimizer_options.hpp>
#include <hyperego/moo/optimizer/parego.hpp>
#include <hyperego/moo/optimizer/random_search.hpp>

#include <nlohmann/json.hpp>

namespace hyperego {

std::vector<std::string> optimizer_names() { return {"hpi-parego", "parego", "nsga2", "random"}; }

std::unique_ptr<Optimizer> make_optimizer(const OptimizationProblem& problem, const nlohmann::ordered_json& options,
                                          const std::string& where) {
  const JsonReader reader(options, where);
  const std::string name = reader.string_or("name", "hpi-parego");
  if (!problem.earlier.empty() && (name == "random" || name == "nsga2")) {
    throw InvalidInput(where + "/name", "\"" + name +
                                            "\" has no model that trials of earlier studies could enter; remove "
                                            "\"warm_start\" from the study, or take \"hpi-parego\" or \"parego\"");
  }
  if (name == "random") {
    reader.allow_members({"name"});
    return std::make_unique<RandomSearch>(problem);
  }
  if (name == "nsga2") {
    reader.allow_members(
        {"name", "population", "crossover_probability", "crossover_eta", "mutation_probability", "mutation_eta"});
    return std::make_unique<Nsga2>(problem, read_nsga2_options(reader));
  }
  if (name == "parego") {
    reader.allow_members({"name",          "initial_trials", "rho",         "random_share",     "repeats",
                          "explain_share", "reweigh",        "preference",  "target",           "hypervolume_share",
                          "surrogate",     "trees",          "kernel",      "target_transform", "feasibility",
                          "priors",        "prior_strength", "most_fitted", "forest_beyond",    "acquisition"});
    return std::make_unique<ParEgo>(problem, read_parego_options(reader, problem.objectives));
  }
  if (name == "hpi-parego") {
    const nlohmann::ordered_json complete = with_preset(options, where);
    const JsonReader all(complete, where);
    all.allow_members({"name",
                       "initial_trials",
                       "rho",
                       "random_share",
                       "repeats",
                       "explain_share",
                       "reweigh",
                       "preference",
                       "target",
                       "hypervolume_share",
                       "surrogate",
                       "trees",
                       "kernel",
                       "target_transform",
                       "feasibility",
                       "priors",
                       "prior_strength",
                       "most_fitted",
                       "forest_beyond",
                       "acquisition",
                       "schedule",
                       "selection",
                       "frozen_values",
                       "game_samples",
                       "most_players",
                       "coalition_budget",
                       "trusted_gain",
                       "trusted_fit",
                       "hysteresis",
                       "least_improvement_share"});
    return std::make_unique<ParEgo>(
        problem, HpiParEgoOptions{read_parego_options(all, problem.objectives), read_freezing_options(all)});
  }
  throw InvalidInput(where + "/name", "unknown optimizer \"" + name + "\"" + expected_name(name, optimizer_names()));
}

}  // namespace hyperego
