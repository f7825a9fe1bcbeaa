#include <hyperego/moo/optimizer/optimizer_options.hpp>

#include <nlohmann/json.hpp>

namespace hyperego {
namespace {

int read_int(const JsonReader& reader, std::string_view name, int fallback, int least, int greatest) {
  return static_cast<int>(reader.integer_or(name, fallback, least, greatest));
}

}  // namespace

nlohmann::ordered_json with_preset(const nlohmann::ordered_json& options, const std::string& where) {
  const auto preset = JsonReader(options, where).find("preset");
  if (!preset) return options;
  (void)preset->word({"authors"});
  nlohmann::ordered_json members{{"reweigh", 5},
                                 {"random_share", 0.1},
                                 {"schedule", {0, 0.8, 0}},
                                 {"selection", "cumulative"},
                                 {"least_improvement_share", 0},
                                 {"surrogate", "forest"},
                                 {"target", "scalarized"},
                                 {"hypervolume_share", 0}};
  members.update(options);
  members.erase("preset");
  return members;
}

ParEgoOptions read_parego_options(const JsonReader& reader, const std::vector<Objective>& objectives) {
  ParEgoOptions options;
  if (const auto count = reader.find("initial_trials")) {
    options.initial_trials = static_cast<std::size_t>(count->integer(2, 1'000'000));
  }
  options.rho = reader.number_or("rho", options.rho, 0, 1);
  options.random_share = reader.number_or("random_share", options.random_share, 0, 1);
  options.repeats = reader.number_or("repeats", options.repeats, 0, 0.9);
  options.explain_share = reader.number_or("explain_share", options.explain_share, 0, 0.9);
  options.reweigh = static_cast<std::uint64_t>(reader.integer_or("reweigh", 1, 1, 1'000'000));
  if (const auto preference = reader.find("preference")) options.preference = read_preference(*preference, objectives);
  if (const auto target = reader.find("target")) {
    const std::string word = target->word({"scalarized", "objectives", "alternate"});
    options.target = word == "scalarized"   ? ParEgoOptions::Target::scalarized
                     : word == "objectives" ? ParEgoOptions::Target::objectives
                                            : ParEgoOptions::Target::alternate;
  }
  options.hypervolume_share = reader.number_or("hypervolume_share", options.hypervolume_share, 0, 1);
  options.feasibility = reader.boolean_or("feasibility", options.feasibility);
  options.priors = reader.boolean_or("priors", options.priors);
  if (const auto strength = reader.find("prior_strength")) {
    if (!options.priors) strength->fail("says how priors count, but \"priors\" is false; remove one of them");
    options.prior_strength = strength->number(0, 1e6);
  }
  if (const auto model = reader.find("surrogate")) {
    if (model->word({"gp", "forest"}) == "forest") options.model = ParEgoOptions::Model::random_forest;
  }
  if (options.model == ParEgoOptions::Model::random_forest) {
    for (const char* name : {"kernel", "target_transform", "most_fitted", "forest_beyond"}) {
      if (const auto member = reader.find(name)) {
        member->fail("belongs to the Gaussian process; remove it, or \"surrogate\": \"forest\"");
      }
    }
  }
  if (const auto trees = reader.find("trees")) {
    if (options.model != ParEgoOptions::Model::random_forest) {
      trees->fail("belongs to the random forest; remove it, or add \"surrogate\": \"forest\"");
    }
    options.forest.trees = static_cast<int>(trees->integer(1, 10'000));
  }
  if (const auto kernel = reader.find("kernel")) {
    options.surrogate.process.kernel = kernel_form_from(kernel->string(), kernel->where());
  }
  if (const auto transform = reader.find("target_transform")) {
    const std::string word = transform->word({"automatic", "none", "yeo_johnson"});
    if (word != "automatic") options.target_transform = target_transform_from(word, transform->where());
  }
  const auto count_or = [&](std::string_view name, std::size_t fallback) {
    return static_cast<std::size_t>(reader.integer_or(name, static_cast<std::int64_t>(fallback), 10, 1'000'000));
  };
  options.most_fitted = count_or("most_fitted", options.most_fitted);
  options.forest_beyond = count_or("forest_beyond", options.forest_beyond);
  if (const auto acquisition = reader.find("acquisition")) {
    acquisition->allow_members(
        {"random_candidates", "candidates_per_anchor", "starts", "rounds", "gradient_evaluations"});
    AcquisitionMaximizerOptions& m = options.maximizer;
    m.random_candidates = read_int(*acquisition, "random_candidates", m.random_candidates, 1, 1'000'000);
    m.candidates_per_anchor = read_int(*acquisition, "candidates_per_anchor", m.candidates_per_anchor, 0, 100'000);
    m.starts = read_int(*acquisition, "starts", m.starts, 1, 1000);
    m.rounds = read_int(*acquisition, "rounds", m.rounds, 1, 100);
    m.gradient_evaluations = read_int(*acquisition, "gradient_evaluations", m.gradient_evaluations, 1, 10'000);
  }
  return options;
}

FreezingOptions read_freezing_options(const JsonReader& reader) {
  FreezingOptions options;
  if (const auto schedule = reader.find("schedule")) {
    options.schedule.clear();
    for (const JsonReader& threshold : schedule->elements()) options.schedule.push_back(threshold.number(0, 1));
    if (options.schedule.empty()) schedule->fail("needs at least one threshold");
  }
  if (const auto rule = reader.find("selection")) {
    options.selection = selection_rule_from(rule->string(), rule->where());
  }
  if (const auto values = reader.find("frozen_values")) {
    const std::string word = values->word({"incumbent", "default", "random"});
    options.frozen_values = word == "default"  ? FreezingOptions::FrozenValues::defaults
                            : word == "random" ? FreezingOptions::FrozenValues::random
                                               : FreezingOptions::FrozenValues::incumbent;
  }
  options.game_samples = read_int(reader, "game_samples", options.game_samples, 1, 1'000'000);
  options.most_players = read_int(reader, "most_players", options.most_players, 1, 20);
  options.coalition_budget = read_int(reader, "coalition_budget", options.coalition_budget, 1, 1'000'000);
  options.trusted_gain = reader.number_or("trusted_gain", options.trusted_gain, 0, 1e6);
  options.trusted_fit = reader.number_or("trusted_fit", options.trusted_fit, -1e6, 1);
  options.hysteresis = reader.number_or("hysteresis", options.hysteresis, 0, 1);
  options.least_improvement_share = reader.number_or("least_improvement_share", options.least_improvement_share, 0, 1);
  return options;
}

}  // namespace hyperego
