#include <hyperego/moo/parego.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <hyperego/core/error.hpp>
#include <hyperego/moo/initial_design.hpp>
#include <hyperego/moo/scalarization.hpp>
#include <hyperego/moo/weights.hpp>

namespace hyperego {
namespace {

/// Completed trials that a model needs before it says more than the initial design.
constexpr std::size_t least_completed = 3;
/// Evaluated configurations around which the acquisition is searched.
constexpr std::size_t number_of_anchors = 8;

std::vector<Configuration> best_predicted(const std::vector<Configuration>& evaluated, const Eigen::VectorXd& predicted) {
  std::vector<std::size_t> order(evaluated.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return predicted[static_cast<Eigen::Index>(a)] < predicted[static_cast<Eigen::Index>(b)];
  });
  order.resize(std::min(order.size(), number_of_anchors));
  std::vector<Configuration> best;
  for (const std::size_t i : order) best.push_back(evaluated[i]);
  return best;
}

}  // namespace

void ParEgoOptions::validate() const {
  if (initial_trials && *initial_trials < 2) throw InvalidInput("initial_trials", "must be at least 2");
  if (!(rho >= 0 && rho <= 1)) throw InvalidInput("rho", "must be in [0, 1]");
  if (!(random_share >= 0 && random_share <= 1)) throw InvalidInput("random_share", "must be in [0, 1]");
  surrogate.validate();
  maximizer.validate();
}

ParEgo::ParEgo(OptimizationProblem problem, ParEgoOptions options)
    : problem_(std::move(problem)),
      options_(std::move(options)),
      everything_(problem_.space),
      history_(problem_.objectives) {
  options_.validate();
  const std::size_t count = options_.initial_trials.value_or(
      default_initial_trials(problem_.space->searched().size(), problem_.budget));
  initial_ = initial_design(problem_, count);
}

std::vector<Suggestion> ParEgo::ask(std::size_t count) {
  std::vector<Suggestion> suggestions;
  while (suggestions.size() < count) {
    std::optional<Suggestion> suggestion = suggest();
    if (!suggestion) break;
    history_.suggest(suggestion->trial, suggestion->configuration);
    suggestions.push_back(std::move(*suggestion));
  }
  return suggestions;
}

void ParEgo::replay(std::uint64_t trial, const Configuration& configuration, const nlohmann::ordered_json& state) {
  history_.suggest(trial, configuration);
  if (state.is_null()) return;
  const JsonReader reader(state, "trial " + std::to_string(trial) + "/state");
  if (const auto fit = reader.find("fit")) {
    Fit last{static_cast<std::size_t>(fit->member("completed").integer(0)), {}};
    for (const JsonReader& parameters : fit->member("parameters").elements()) {
      last.parameters.push_back(GaussianProcessParameters::from_json(parameters.json(), parameters.where()));
    }
    last_fit_ = std::move(last);
  }
  load_state(reader);
}

void ParEgo::tell(const Trial& trial) { history_.end(trial); }

Slice ParEgo::choose_slice(const Scalarization& /*scalarization*/, Decision& decision) {
  decision.phase = Decision::Phase::full;
  decision.reason = "largest log expected improvement of this weight vector in the full space";
  return everything_;
}

void ParEgo::save_state(nlohmann::ordered_json& /*state*/) const {}
void ParEgo::load_state(const JsonReader& /*state*/) {}

std::optional<Suggestion> ParEgo::suggest() {
  Suggestion suggestion;
  suggestion.trial = suggestion.decision.trial = history_.next_number();
  suggestion.decision.free = problem_.space->searched();
  if (suggest_initial(suggestion)) return suggestion;
  if (history_.completed().size() < least_completed) {
    return suggest_random(suggestion, "too few completed trials for a model; drawn uniformly from the full space")
               ? std::optional(suggestion)
               : std::nullopt;
  }
  Rng rng(problem_.seed, "random-share", suggestion.trial);
  if (rng.uniform() < options_.random_share) {
    return suggest_random(suggestion, "the random share's turn; drawn uniformly from the full space")
               ? std::optional(suggestion)
               : std::nullopt;
  }
  if (suggest_by_model(suggestion)) return suggestion;
  return std::nullopt;
}

bool ParEgo::suggest_initial(Suggestion& suggestion) const {
  if (suggestion.trial >= initial_.size() || history_.seen(initial_[suggestion.trial])) return false;
  suggestion.configuration = initial_[suggestion.trial];
  suggestion.decision.phase = Decision::Phase::initial;
  suggestion.decision.reason = "part of the initial design";
  return true;
}

bool ParEgo::suggest_random(Suggestion& suggestion, const std::string& reason) const {
  const std::optional<Configuration> drawn =
      draw_unseen(everything_, history_, Rng(problem_.seed, "random-trial", suggestion.trial));
  if (!drawn) return false;
  suggestion.configuration = *drawn;
  suggestion.decision.phase = Decision::Phase::random;
  suggestion.decision.reason = reason;
  return true;
}

/// Minimised objectives on the scale on which each is modelled.
Eigen::MatrixXd ParEgo::modelled_objectives(std::vector<std::string>& notes) const {
  Eigen::MatrixXd values = history_.minimised();
  for (std::size_t j = 0; j < problem_.objectives.size(); ++j) {
    const Objective& objective = problem_.objectives[j];
    if (objective.transform != Objective::Transform::log) continue;
    auto row = values.row(static_cast<Eigen::Index>(j));
    const double sign = objective.direction == Direction::maximize ? -1 : 1;
    if ((sign * row.array() <= 0).any()) {
      notes.push_back("objective " + objective.name + " has values that are not positive; it is modelled without its logarithm");
      continue;
    }
    row = sign * (sign * row.array()).log();
  }
  return values;
}

std::unique_ptr<const Surrogate> ParEgo::fit_one(const Eigen::VectorXd& targets, std::size_t which, Fit& now) const {
  const std::vector<Configuration>& evaluated = history_.completed();
  const bool known = last_fit_ && which < last_fit_->parameters.size();
  // Nothing new was learnt since these parameters were fitted to the same targets: no fit, here and on replay alike.
  const bool current = known && options_.target == ParEgoOptions::Target::objectives &&
                       last_fit_->completed == evaluated.size();
  GaussianProcessSurrogate surrogate =
      current ? GaussianProcessSurrogate::condition(problem_.space, evaluated, targets, last_fit_->parameters[which],
                                                    options_.surrogate)
              : GaussianProcessSurrogate::fit(problem_.space, evaluated, targets, options_.surrogate,
                                              known ? std::optional(last_fit_->parameters[which]) : std::nullopt);
  now.parameters.push_back(surrogate.parameters());
  if (history_.pending().empty()) return std::make_unique<const GaussianProcessSurrogate>(std::move(surrogate));
  std::vector<Configuration> pending;
  for (const auto& [number, configuration] : history_.pending()) pending.push_back(configuration);
  return surrogate.with_fantasies(pending);
}

std::unique_ptr<ScalarizedModel> ParEgo::fit(const Eigen::MatrixXd& objectives, const Decision& decision) {
  Fit now{history_.completed().size(), {}};
  std::unique_ptr<ScalarizedModel> model;
  if (options_.target == ParEgoOptions::Target::scalarized) {
    const Normalization bounds{decision.ideal, decision.nadir, {}};
    model = std::make_unique<ScalarizedSurrogate>(
        fit_one(augmented_chebyshev(bounds.apply(objectives), decision.weights, options_.rho), 0, now));
  } else {
    std::vector<std::unique_ptr<const Surrogate>> surrogates;
    for (Eigen::Index j = 0; j < objectives.rows(); ++j) {
      surrogates.push_back(fit_one(objectives.row(j).transpose(), static_cast<std::size_t>(j), now));
    }
    model = std::make_unique<ObjectiveSurrogates>(std::move(surrogates), decision.weights, decision.ideal,
                                                  decision.nadir, options_.rho);
  }
  last_fit_ = std::move(now);
  return model;
}

bool ParEgo::suggest_by_model(Suggestion& suggestion) {
  Decision& decision = suggestion.decision;
  const std::vector<Configuration>& evaluated = history_.completed();
  decision.weights = stratified_weights(static_cast<int>(problem_.objectives.size()),
                                        suggestion.trial - std::min<std::uint64_t>(suggestion.trial, initial_.size()),
                                        problem_.seed);
  const Eigen::MatrixXd objectives = modelled_objectives(decision.notes);
  const Normalization bounds = normalize_by_front(objectives);
  decision.ideal = bounds.ideal;
  decision.nadir = bounds.nadir;
  decision.notes.insert(decision.notes.end(), bounds.notes.begin(), bounds.notes.end());
  const std::unique_ptr<ScalarizedModel> fitted = fit(objectives, decision);
  const ScalarizedModel& model = *fitted;
  decision.surrogate = std::make_shared<const nlohmann::ordered_json>(model.to_json());

  const Eigen::VectorXd predicted = model.predict(evaluated);
  Eigen::Index incumbent = 0;
  const double best = predicted.minCoeff(&incumbent);
  const Slice slice = choose_slice({model, predicted, static_cast<std::size_t>(incumbent)}, decision);

  const std::unique_ptr<AcquisitionFunction> acquisition = model.expected_improvement(best);
  const std::vector<Configuration> anchors = best_predicted(evaluated, predicted);
  const auto seen = [this](const Configuration& configuration) { return history_.seen(configuration); };
  const auto search = [&](const Slice& region, std::string_view purpose) {
    return maximize_acquisition(*acquisition, region, anchors, seen, Rng(problem_.seed, purpose, suggestion.trial),
                                options_.maximizer, &decision.notes);
  };
  std::optional<AcquisitionMaximum> chosen = search(slice, "candidates");
  if (!chosen && !slice.is_full()) {
    decision.phase = Decision::Phase::fallback;
    decision.threshold = 0;
    decision.free = problem_.space->searched();
    decision.frozen = Configuration();
    decision.reason = "the reduced space has nothing new to offer; searched the full space instead";
    chosen = search(everything_, "fallback-candidates");
  }
  if (chosen) {
    suggestion.configuration = chosen->configuration;
    decision.acquisition = chosen->value;
  } else {
    const std::optional<Configuration> drawn =
        draw_unseen(everything_, history_, Rng(problem_.seed, "random-trial", suggestion.trial));
    if (!drawn) return false;
    suggestion.configuration = *drawn;
    decision.phase = Decision::Phase::fallback;
    decision.reason = "the search for the largest acquisition met only evaluated configurations; drawn uniformly instead";
  }
  const Prediction at_choice = model.posterior(std::span(&suggestion.configuration, 1));
  decision.scalarised = Decision::Prediction{at_choice.mean[0], std::sqrt(at_choice.variance[0])};

  nlohmann::ordered_json state;
  state["fit"]["completed"] = last_fit_->completed;
  for (const GaussianProcessParameters& parameters : last_fit_->parameters) {
    state["fit"]["parameters"].push_back(parameters.to_json());
  }
  save_state(state);
  suggestion.state = std::make_shared<const nlohmann::ordered_json>(std::move(state));
  return true;
}

}  // namespace hyperego
