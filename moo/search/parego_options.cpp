#include <hyperego/core/error.hpp>
#include <hyperego/moo/search/parego_options.hpp>

namespace hyperego {
namespace {

Option preference_option(ParEgoOptions& o, const std::vector<Objective>& objectives) {
  const auto read = [&o, objectives](const JsonReader& reader) { o.preference = read_preference(reader, objectives); };
  return {"preference",
          Option::Other{read, "{\"objective\": [lowest weight, highest weight], …}",
                        R"({"type": "object", "additionalProperties": {"type": "array", "minItems": 2, "maxItems": 2,
                            "items": {"type": "number", "minimum": 0, "maximum": 1}}})"},
          "only trade-offs whose weights lie within these ranges; there is no hypervolume phase then"};
}

/// What only one of the two models has.
std::vector<Option> options_of_models(ParEgoOptions& o) {
  const auto is_forest = [&o] { return o.model == ParEgoOptions::Model::random_forest; };
  const auto is_process = [&o] { return o.model == ParEgoOptions::Model::gaussian_process; };
  const std::string of_process = "belongs to the Gaussian process; remove it, or \"surrogate\": \"forest\"";
  return {
      option("trees", o.forest.trees, {1, 10'000}, "number of trees of the forest")
          .only_where(is_forest, "belongs to the random forest; remove it, or add \"surrogate\": \"forest\""),
      word_option("kernel", o.surrogate.process.kernel, named({KernelForm::product, KernelForm::joint}),
                  "kernel of the Gaussian process")
          .only_where(is_process, of_process),
      word_option("target_transform", o.target_transform,
                  {{"automatic", std::nullopt},
                   {"none", TargetTransform::Kind::none},
                   {"yeo_johnson", TargetTransform::Kind::yeo_johnson}},
                  "whether a Gaussian process models its target under a power transform: where that makes the targets "
                  "more likely, never, always")
          .only_where(is_process, of_process),
      option("most_fitted", o.most_fitted, {10, 1'000'000},
             "largest number of completed trials that the parameters of a Gaussian process are fitted to; of more, a "
             "chosen subset")
          .only_where(is_process, of_process),
      option("forest_beyond", o.forest_beyond, {10, 1'000'000},
             "number of completed trials beyond which a random forest takes its place")
          .only_where(is_process, of_process)};
}

}  // namespace

std::vector<Option> options_of(ParEgoOptions& o, const std::vector<Objective>& objectives) {
  using Target = ParEgoOptions::Target;
  using Model = ParEgoOptions::Model;
  using Fidelities = ParEgoOptions::Fidelities;
  const auto is_hyperband = [&o] { return o.fidelity == Fidelities::hyperband; };
  const std::string of_hyperband = "belongs to Hyperband; remove it, or add \"fidelity\": \"hyperband\"";
  using Pending = ParEgoOptions::Pending;
  std::vector<Option> options{
      option("initial_trials", o.initial_trials, {2, 1'000'000}, "trials before models are used")
          .unless_given("2 d + 2, at most a quarter of the budget, at least 4; of looks at a low fidelity 4 d + 4"),
      option("rho", o.rho, {0, 1}, "ρ of the augmented Chebyshev scalarisation"),
      word_option(
          "target", o.target,
          {{"scalarized", Target::scalarized}, {"objectives", Target::objectives}, {"alternate", Target::alternate}},
          "what is modelled: the scalarised objective, each objective, or both in turn (`alternate`; with more "
          "than two objectives `scalarized` in one trial of four)"),
      option("hypervolume_share", o.hypervolume_share, {0, 1},
             "share of the budget, at its end, that maximises the expected hypervolume improvement (two or three "
             "objectives)"),
      option(
          "offspring_share", o.offspring_share, {0, 1},
          "times 1 − max(0, R²), R² of the model's left-out trials: the probability that a trial is the most promising "
          "child of the front instead of the acquisition's maximum")
          .unless_given("1 with up to three objectives, 0 with more"),
      word_option("pending", o.pending,
                  {{"believer", Pending::believer},
                   {"draw", Pending::draw},
                   {"optimist", Pending::optimist},
                   {"pessimist", Pending::pessimist},
                   {"ignored", Pending::ignored}},
                  "what a model takes a pending trial to give: its prediction, a draw from the model, the best or the "
                  "worst value so far, nothing; in the hypervolume phase `believer` or `draw`"),
      option("explain_share", o.explain_share, {0, 0.9},
             "probability that a trial is the one that narrows the importance of hyperparameters most"),
      preference_option(o, objectives),
      option("reweigh", o.reweigh, {1, 1'000'000}, "number of trials that share a weight vector"),
      option("random_share", o.random_share, {0, 1}, "probability that a trial is drawn uniformly from the full space"),
      option("repeats", o.repeats, {0, 0.9},
             "probability that a trial evaluates a member of the front again: for noisy objectives"),
      option("priors", o.priors, "follow the priors of the space, where it has any"),
      option("prior_strength", o.prior_strength, {0, 1e6},
             "β: how long priors count; the exponent of the n-th trial by a model is β/n")
          .unless_given("a hundredth of the budget")
          .only_where([&o] { return o.priors; }, "says how priors count, but \"priors\" is false; remove one of them"),
      option("feasibility", o.feasibility, "avoid places where trials fail or break constraints"),
      word_option(
          "fidelity", o.fidelity,
          {{"model", Fidelities::model}, {"hyperband", Fidelities::hyperband}, {"full", Fidelities::full}},
          "where the study has a fidelity: what chooses that of a trial, the model (most improvement per cost), "
          "asynchronous Hyperband, or nothing, all trials being full"),
      option("eta", o.eta, {2, 10}, "of Hyperband: each rung is so many times the one below")
          .only_where(is_hyperband, of_hyperband),
      option("regularize", o.regularize,
             "of Hyperband: the seconds of a trial are one more objective of promotions, so that what trains longer "
             "must be worth it")
          .only_where(is_hyperband, of_hyperband),
      option("stop_below", o.stop_below, {0, 1},
             "a running trial that reports is stopped where its chance to improve the front, by the model, is less"),
      word_option("surrogate", o.model, {{"gp", Model::gaussian_process}, {"forest", Model::random_forest}},
                  "model of a target: Gaussian process or random forest")};
  for (Option& option : options_of_models(o)) options.push_back(std::move(option));
  options.push_back(option("acquisition", options_of(o.maximizer), "search for the configuration of the next trial"));
  return options;
}

void ParEgoOptions::validate() const {
  if (!(label_length_scale > 0)) throw InvalidInput("label_length_scale", "must be positive");
  if (target_transform == TargetTransform::Kind::log) {
    throw InvalidInput("target_transform", "is \"log\", which not every target has; use \"yeo_johnson\"");
  }
  check_options_of(*this);
  if (preference) preference->validate();
  surrogate.validate();
  forest.validate();
}

}  // namespace hyperego
