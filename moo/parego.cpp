#include <hyperego/core/error.hpp>
#include <hyperego/moo/hypervolume_acquisition.hpp>
#include <hyperego/moo/initial_design.hpp>
#include <hyperego/moo/parego.hpp>
#include <hyperego/moo/pareto.hpp>
#include <hyperego/moo/scalarization.hpp>
#include <hyperego/moo/weights.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hyperego {
namespace {

/// Completed trials that a model needs before it says more than the initial design.
constexpr Eigen::Index least_completed = 3;
/// Evaluated configurations around which the acquisition is searched.
constexpr std::size_t number_of_anchors = 8;

std::vector<Configuration> best_predicted(const std::vector<Configuration>& evaluated,
                                          const Eigen::VectorXd& predicted) {
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

/// The count under `counted` and the parameters of a process on `features` features.
template <typename Fit>
Fit read_fit(const JsonReader& fit, std::string_view counted, Eigen::Index features) {
  const JsonReader reader = fit.member("parameters");
  auto parameters = GaussianProcessParameters::from_json(reader.json(), reader.where());
  if (parameters.log_length_scales.size() != features) {
    reader.fail("has " + std::to_string(parameters.log_length_scales.size()) + " length scales for " +
                std::to_string(features) + " features");
  }
  return {static_cast<std::size_t>(fit.member(counted).integer(0)), std::move(parameters)};
}

void record(const Normalization& bounds, Decision& decision) {
  decision.ideal = bounds.ideal;
  decision.nadir = bounds.nadir;
  decision.notes.insert(decision.notes.end(), bounds.notes.begin(), bounds.notes.end());
}

}  // namespace

void ParEgoOptions::validate() const {
  if (initial_trials && *initial_trials < 2) throw InvalidInput("initial_trials", "must be at least 2");
  if (!(rho >= 0 && rho <= 1)) throw InvalidInput("rho", "must be in [0, 1]");
  if (!(random_share >= 0 && random_share <= 1)) throw InvalidInput("random_share", "must be in [0, 1]");
  if (!(label_length_scale > 0)) throw InvalidInput("label_length_scale", "must be positive");
  if (!(hypervolume_share >= 0 && hypervolume_share <= 1)) {
    throw InvalidInput("hypervolume_share", "must be in [0, 1]");
  }
  surrogate.validate();
  forest.validate();
  maximizer.validate();
}

ParEgo::ParEgo(OptimizationProblem problem, const ParEgoOptions& options)
    : problem_(std::move(problem)),
      options_(options),
      everything_(problem_.domain()),
      history_(problem_.objectives),
      features_(InputEncoding(problem_.space).number_of_features()) {
  options_.validate();
  const std::size_t count =
      options_.initial_trials.value_or(default_initial_trials(problem_.space->searched().size(), problem_.budget));
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
  if (const auto fits = reader.find("fits")) {
    for (const auto& [key, fit] : fits->members()) last_fit_[key] = read_fit<Fit>(fit, "completed", features_);
  }
  if (const auto fits = reader.find("feasibility")) {
    for (const auto& [key, fit] : fits->members()) {
      feasibility_fits_[key] = read_fit<FeasibilityModel::Fit>(fit, "observations", features_);
    }
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
  suggestion.decision.free = everything_.free();
  if (suggest_initial(suggestion)) return suggestion;
  if (static_cast<Eigen::Index>(history_.completed().size()) < least_completed) {
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

std::unique_ptr<const Surrogate> ParEgo::fit_process(const Eigen::VectorXd& targets, const std::string& key) {
  const std::vector<Configuration>& evaluated = history_.completed();
  const auto last = last_fit_.find(key);
  // The targets of an objective's own model depend on nothing but the trials: where there are no new ones its
  // parameters stand, here and on replay alike.
  const bool current = last != last_fit_.end() && !key.empty() && last->second.completed == evaluated.size();
  // Objectives are transformed before they are modelled, together with the front that they are compared with.
  GaussianProcessSurrogateOptions options = options_.surrogate;
  if (!key.empty()) options.transform = TargetTransform::Kind::none;
  GaussianProcessSurrogate surrogate =
      current
          ? GaussianProcessSurrogate::condition(problem_.space, evaluated, targets, last->second.parameters, options)
          : GaussianProcessSurrogate::fit(
                problem_.space, evaluated, targets, options,
                last != last_fit_.end() ? std::optional(last->second.parameters) : std::nullopt);
  last_fit_[key] = {evaluated.size(), surrogate.parameters()};
  return std::make_unique<const GaussianProcessSurrogate>(std::move(surrogate));
}

/// A function of the trials and the seed alone, so there is nothing to remember for a replay.
std::unique_ptr<const Surrogate> ParEgo::grow_forest(const Eigen::VectorXd& targets, const std::string& key) const {
  RandomForestOptions options = options_.forest;
  options.seed = Rng(problem_.seed, "forest " + key, history_.completed().size())();
  return std::make_unique<const RandomForestSurrogate>(
      RandomForestSurrogate::fit(problem_.space, history_.completed(), targets, options));
}

std::unique_ptr<const Surrogate> ParEgo::fit_one(const Eigen::VectorXd& targets, const std::string& key) {
  std::unique_ptr<const Surrogate> surrogate =
      options_.model == ParEgoOptions::Model::random_forest ? grow_forest(targets, key) : fit_process(targets, key);
  if (history_.pending().empty()) return surrogate;
  std::vector<Configuration> pending;
  for (const auto& [number, configuration] : history_.pending()) pending.push_back(configuration);
  return surrogate->with_fantasies(pending);
}

/// Number of leading columns that no model has chosen.
Eigen::Index ParEgo::undirected(const Eigen::MatrixXd& objectives) const {
  const auto initial = std::max<Eigen::Index>(static_cast<Eigen::Index>(initial_.size()), least_completed);
  return std::min(objectives.cols(), initial);
}

Eigen::MatrixXd ParEgo::scaled_objectives(Decision& decision) const {
  Eigen::MatrixXd objectives = modelled_objectives(problem_.objectives, history_.minimised(), decision.notes);
  if (options_.scale == ParEgoOptions::Scale::power) {
    for (auto row : objectives.rowwise()) {
      const TargetTransform power = TargetTransform::fit(TargetTransform::Kind::yeo_johnson, row.transpose());
      row = row.unaryExpr([&](double y) { return power.to_model(y); });
    }
  }
  return objectives;
}

std::unique_ptr<ScalarizedModel> ParEgo::fit(Decision& decision) {
  const Eigen::MatrixXd objectives = scaled_objectives(decision);
  const bool own_models = options_.target == ParEgoOptions::Target::objectives ||
                          (options_.target == ParEgoOptions::Target::alternate && decision.trial % 2 == 0);
  return own_models ? fit_objectives(objectives, decision) : fit_scalarized(objectives, decision);
}

std::vector<std::shared_ptr<const Surrogate>> ParEgo::model_objectives(const Eigen::MatrixXd& objectives) {
  std::vector<std::shared_ptr<const Surrogate>> surrogates;
  for (Eigen::Index j = 0; j < objectives.rows(); ++j) {
    surrogates.push_back(fit_one(objectives.row(j).transpose(), problem_.objectives[static_cast<std::size_t>(j)].name));
  }
  return surrogates;
}

std::unique_ptr<ScalarizedModel> ParEgo::fit_scalarized(const Eigen::MatrixXd& objectives, Decision& decision) {
  const Normalization bounds = normalize_by_front(objectives, undirected(objectives));
  record(bounds, decision);
  return std::make_unique<ScalarizedSurrogate>(
      fit_one(augmented_chebyshev(bounds.apply(objectives), decision.weights, options_.rho), ""));
}

std::unique_ptr<ScalarizedModel> ParEgo::fit_objectives(const Eigen::MatrixXd& objectives, Decision& decision) {
  std::vector<std::shared_ptr<const Surrogate>> surrogates = model_objectives(objectives);
  // The front that the models foresee, not only the one seen: where all trials on the front sit in one corner, an ideal
  // point taken from them would make that corner the best place for every weight vector.
  std::vector<Configuration> front;
  for (const Eigen::Index i : non_dominated(objectives.transpose())) {
    front.push_back(history_.completed()[static_cast<std::size_t>(i)]);
  }
  Rng rng(problem_.seed, "foreseen-front", decision.trial);
  const std::vector<Configuration> places = search_candidates(everything_, front, rng, 500, 10);
  const auto seen = objectives.cols();
  Eigen::MatrixXd foreseen(objectives.rows(), seen + static_cast<Eigen::Index>(places.size()));
  foreseen.leftCols(seen) = objectives;
  for (Eigen::Index j = 0; j < objectives.rows(); ++j) {
    foreseen.row(j).tail(static_cast<Eigen::Index>(places.size())) =
        surrogates[static_cast<std::size_t>(j)]->predict(places).transpose();
  }
  const Normalization bounds = normalize_by_front(foreseen, undirected(objectives));
  record(bounds, decision);
  return std::make_unique<ObjectiveSurrogates>(std::move(surrogates), decision.weights, bounds.ideal, bounds.nadir,
                                               options_.rho);
}

ParEgo::Search ParEgo::search_by_weights(Decision& decision) {
  const std::vector<Configuration>& evaluated = history_.completed();
  decision.weights =
      stratified_weights(static_cast<int>(problem_.objectives.size()),
                         decision.trial - std::min<std::uint64_t>(decision.trial, initial_.size()), problem_.seed);
  std::unique_ptr<const ScalarizedModel> model = fit(decision);
  decision.surrogate = std::make_shared<const nlohmann::ordered_json>(model->to_json());
  const Eigen::VectorXd predicted = model->predict(evaluated);
  Eigen::Index incumbent = 0;
  const double best = predicted.minCoeff(&incumbent);
  Slice slice = choose_slice({*model, predicted, static_cast<std::size_t>(incumbent)}, decision);
  std::unique_ptr<const AcquisitionFunction> improvement = model->expected_improvement(best);
  return {std::move(model), std::move(improvement), std::move(slice), best_predicted(evaluated, predicted)};
}

bool ParEgo::is_hypervolume_turn(std::uint64_t trial) const {
  const std::size_t m = problem_.objectives.size();
  if (m != 2 && m != 3) return false;
  const auto budget = static_cast<double>(problem_.budget);
  return static_cast<double>(trial) >= (1 - options_.hypervolume_share) * budget;
}

ParEgo::Search ParEgo::search_by_hypervolume(Decision& decision) {
  const Eigen::MatrixXd objectives = scaled_objectives(decision);
  std::vector<std::shared_ptr<const Surrogate>> surrogates = model_objectives(objectives);
  nlohmann::ordered_json models{{"target", "objectives"}};
  for (const auto& surrogate : surrogates) models["objectives"].push_back(surrogate->to_json());
  decision.surrogate = std::make_shared<const nlohmann::ordered_json>(std::move(models));
  decision.phase = Decision::Phase::hypervolume;
  decision.reason = "largest log expected hypervolume improvement in the full space";

  const Normalization bounds = normalize_by_front(objectives, undirected(objectives));
  record(bounds, decision);
  const Eigen::VectorXd reference = bounds.nadir + 0.1 * (bounds.nadir - bounds.ideal);
  std::vector<Configuration> anchors;
  for (const Eigen::Index i : non_dominated(objectives.transpose())) {
    anchors.push_back(history_.completed()[static_cast<std::size_t>(i)]);
  }
  // Pending trials are believed to give what is predicted.
  std::vector<Configuration> pending;
  for (const auto& [number, configuration] : history_.pending()) pending.push_back(configuration);
  Eigen::MatrixXd front(objectives.rows(), objectives.cols() + static_cast<Eigen::Index>(pending.size()));
  front.leftCols(objectives.cols()) = objectives;
  for (Eigen::Index j = 0; j < front.rows() && !pending.empty(); ++j) {
    front.row(j).tail(static_cast<Eigen::Index>(pending.size())) =
        surrogates[static_cast<std::size_t>(j)]->predict(pending).transpose();
  }
  ExpectedHypervolumeImprovement improvement(front, reference);
  return {nullptr, std::make_unique<HypervolumeAcquisition>(std::move(surrogates), std::move(improvement)), everything_,
          std::move(anchors)};
}

bool ParEgo::suggest_by_model(Suggestion& suggestion) {
  Decision& decision = suggestion.decision;
  const Search look =
      is_hypervolume_turn(suggestion.trial) ? search_by_hypervolume(decision) : search_by_weights(decision);
  std::unique_ptr<const FeasibilityModel> feasibility;
  if (options_.feasibility) {
    feasibility = FeasibilityModel::fit(problem_.space, problem_.constraints, history_, options_.surrogate,
                                        feasibility_fits_, options_.label_length_scale);
  }
  std::optional<FeasibleAcquisition> feasible;
  if (feasibility) feasible.emplace(*look.improvement, *feasibility, *problem_.space);
  const AcquisitionFunction& acquisition =
      feasible ? static_cast<const AcquisitionFunction&>(*feasible) : *look.improvement;
  const auto seen = [this](const Configuration& configuration) { return history_.seen(configuration); };
  const auto search = [&](const Slice& region, std::string_view purpose) {
    return maximize_acquisition(acquisition, region, look.anchors, seen, Rng(problem_.seed, purpose, suggestion.trial),
                                options_.maximizer, &decision.notes);
  };
  std::optional<AcquisitionMaximum> chosen = search(look.slice, "candidates");
  if (chosen && !look.slice.is_full() && least_improvement_share() > 0) {
    std::optional<AcquisitionMaximum> anywhere = search(everything_, "full-candidates");
    const double share = anywhere ? std::exp(chosen->value - anywhere->value) : 1;
    if (share < least_improvement_share()) {
      give_up_slice(share, decision);
      chosen = std::move(anywhere);
    }
  }
  if (!chosen && !look.slice.is_full()) {
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
    decision.reason =
        "the search for the largest acquisition met only evaluated configurations; drawn uniformly instead";
  }
  if (look.model) {
    const Prediction at_choice = look.model->posterior(std::span(&suggestion.configuration, 1));
    decision.scalarised = Decision::Prediction{at_choice.mean[0], std::sqrt(at_choice.variance[0])};
  }
  if (feasibility) {
    decision.feasibility = std::exp(feasibility->log_probabilities(std::span(&suggestion.configuration, 1))[0]);
  }

  nlohmann::ordered_json state = nlohmann::ordered_json::object();
  for (const auto& [key, fit] : last_fit_) {
    state["fits"][key] = {{"completed", fit.completed}, {"parameters", fit.parameters.to_json()}};
  }
  for (const auto& [key, fit] : feasibility_fits_) {
    state["feasibility"][key] = {{"observations", fit.observations}, {"parameters", fit.parameters.to_json()}};
  }
  save_state(state);
  suggestion.state = std::make_shared<const nlohmann::ordered_json>(std::move(state));
  return true;
}

}  // namespace hyperego
