#include <hyperego/core/error.hpp>
#include <hyperego/moo/acquisition/hypervolume_acquisition.hpp>
#include <hyperego/moo/front/pareto.hpp>
#include <hyperego/moo/optimizer/initial_design.hpp>
#include <hyperego/moo/optimizer/parego.hpp>
#include <hyperego/moo/scalarization/scalarization.hpp>
#include <hyperego/moo/scalarization/weights.hpp>
#include <hyperego/moo/trials/fitting_subset.hpp>

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

/// A forest's splits and cells list every choice.
void refuse_forest_over_many_choices(const SearchSpace& space) {
  constexpr std::size_t most_choices = 10000;
  for (const std::size_t i : space.searched()) {
    if (!space[i].is_categorical() || space[i].cardinality() <= most_choices) continue;
    throw InvalidInput("optimizer/surrogate", "a random forest splits at most " + std::to_string(most_choices) +
                                                  " choices, and \"" + space[i].name + "\" has " +
                                                  std::to_string(space[i].cardinality()) +
                                                  "; take \"gp\", or the optimizer \"random\"");
  }
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
  if (!(repeats >= 0 && repeats <= 0.9)) throw InvalidInput("repeats", "must be in [0, 0.9]");
  if (reweigh < 1) throw InvalidInput("reweigh", "must be at least 1");
  if (preference) preference->validate();
  if (target_transform == TargetTransform::Kind::log) {
    throw InvalidInput("target_transform", "is \"log\", which not every target has; use \"yeo_johnson\"");
  }
  if (prior_strength && !(*prior_strength >= 0 && std::isfinite(*prior_strength))) {
    throw InvalidInput("prior_strength", "must be a finite number, not negative");
  }
  if (most_fitted < 10) throw InvalidInput("most_fitted", "must be at least 10");
  if (forest_beyond < 10) throw InvalidInput("forest_beyond", "must be at least 10");
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
  if (options_.model == ParEgoOptions::Model::random_forest) refuse_forest_over_many_choices(*problem_.space);
  if (options_.priors) prior_ = ExpertPrior::of(*problem_.space);
  std::size_t count =
      options_.initial_trials.value_or(default_initial_trials(problem_.space->searched().size(), problem_.budget));
  for (const Trial& trial : problem_.earlier) history_.learn(trial);
  if (!problem_.earlier.empty()) {
    // The best of earlier studies, to begin with what is known to be good; of the rest of the design only what those
    // studies were too small to replace.
    for (Configuration& configuration : spread_over_front(history_, (count + 1) / 2)) {
      problem_.initial_configurations.push_back(std::move(configuration));
    }
    count -= std::min(count, history_.completed().size());
  }
  if (options_.preference &&
      options_.preference->lowest.size() != static_cast<Eigen::Index>(problem_.objectives.size())) {
    throw InvalidInput("preference", "needs a range for every objective");
  }
  initial_ = initial_design(problem_, count, prior_ ? &*prior_ : nullptr);
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
  if (suggest_repeat(suggestion)) return suggestion;
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

bool ParEgo::suggest_repeat(Suggestion& suggestion) const {
  if (!(Rng(problem_.seed, "repeats", suggestion.trial).uniform() < options_.repeats)) return false;
  std::size_t fewest = 0;
  for (const Eigen::Index member : non_dominated(history_.minimised())) {
    const auto i = static_cast<std::size_t>(member);
    std::size_t trials = history_.completions(i);
    for (const auto& [number, configuration] : history_.pending()) {
      if (configuration == history_.completed()[i]) ++trials;
    }
    if (fewest != 0 && trials >= fewest) continue;
    fewest = trials;
    suggestion.configuration = history_.completed()[i];
  }
  suggestion.decision.phase = Decision::Phase::repeat;
  suggestion.decision.reason = "the member of the front with the fewest trials (" + std::to_string(fewest) +
                               ") is evaluated again, as objectives may be noisy";
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

GaussianProcessSurrogate ParEgo::fit_process(const Eigen::VectorXd& targets, const std::string& key,
                                             TargetTransform::Kind transform) {
  const std::vector<Configuration>& evaluated = history_.completed();
  const std::string fit = transform == TargetTransform::Kind::none ? key : key + " (straightened)";
  const auto last = last_fit_.find(fit);
  // The targets of an objective's own model depend on nothing but the trials: where there are no new ones its
  // parameters stand, here and on replay alike.
  const bool current = last != last_fit_.end() && !key.empty() && last->second.completed == history_.number_completed();
  GaussianProcessSurrogateOptions options = options_.surrogate;
  options.transform = transform;
  const auto start = last != last_fit_.end() ? std::optional(last->second.parameters) : std::nullopt;
  const auto fitted = [&] {
    if (current) return GaussianProcessSurrogate::condition(problem_.space, evaluated, targets, *start, options);
    if (evaluated.size() <= options_.most_fitted) {
      return GaussianProcessSurrogate::fit(problem_.space, evaluated, targets, options, start);
    }
    return GaussianProcessSurrogate::fit_to_subset(
        problem_.space, evaluated, targets, fitting_subset(*problem_.space, evaluated, targets, options_.most_fitted),
        options, start);
  };
  GaussianProcessSurrogate surrogate = fitted();
  last_fit_[fit] = {history_.number_completed(), surrogate.parameters()};
  return surrogate;
}

GaussianProcessSurrogate ParEgo::fit_process(const Eigen::VectorXd& targets, const std::string& key) {
  if (options_.target_transform) return fit_process(targets, key, *options_.target_transform);
  GaussianProcessSurrogate plain = fit_process(targets, key, TargetTransform::Kind::none);
  GaussianProcessSurrogate straightened = fit_process(targets, key, TargetTransform::Kind::yeo_johnson);
  return straightened.log_evidence() > plain.log_evidence() ? std::move(straightened) : std::move(plain);
}

bool ParEgo::grows_forests() const {
  return options_.model == ParEgoOptions::Model::random_forest || history_.completed().size() > options_.forest_beyond;
}

/// A function of the trials and the seed alone, so there is nothing to remember for a replay.
std::unique_ptr<const Surrogate> ParEgo::grow_forest(const Eigen::VectorXd& targets, const std::string& key) const {
  RandomForestOptions options = options_.forest;
  options.seed = Rng(problem_.seed, "forest " + key, history_.number_completed())();
  return std::make_unique<const RandomForestSurrogate>(
      RandomForestSurrogate::fit(problem_.space, history_.completed(), targets, options));
}

std::unique_ptr<const Surrogate> ParEgo::fit_one(const Eigen::VectorXd& targets, const std::string& key) {
  std::unique_ptr<const Surrogate> surrogate =
      grows_forests() ? grow_forest(targets, key)
                      : std::make_unique<const GaussianProcessSurrogate>(fit_process(targets, key));
  std::vector<Configuration> pending;
  for (const auto& [number, configuration] : history_.pending()) {
    if (!history_.has_completed(configuration)) pending.push_back(configuration);
  }
  if (pending.empty()) return surrogate;
  return surrogate->with_fantasies(pending);
}

/// Number of leading rows that no model has chosen.
Eigen::Index ParEgo::undirected(const Eigen::MatrixXd& objectives) const {
  const auto initial = std::max<Eigen::Index>(static_cast<Eigen::Index>(initial_.size()), least_completed);
  return std::min(objectives.rows(), initial);
}

std::unique_ptr<ScalarizedModel> ParEgo::fit(Decision& decision) {
  const Eigen::MatrixXd objectives = modelled_objectives(problem_.objectives, history_.minimised(), decision.notes);
  return models_objectives(decision.trial) ? fit_objectives(objectives, decision)
                                           : fit_scalarized(objectives, decision);
}

bool ParEgo::models_objectives(std::uint64_t trial) const {
  if (options_.target != ParEgoOptions::Target::alternate) return options_.target == ParEgoOptions::Target::objectives;
  return has_many_objectives() ? trial % 4 != 1 : trial % 2 == 0;
}

std::vector<std::shared_ptr<const Surrogate>> ParEgo::model_objectives(const Eigen::MatrixXd& objectives) {
  std::vector<std::shared_ptr<const Surrogate>> surrogates;
  for (Eigen::Index j = 0; j < objectives.cols(); ++j) {
    surrogates.push_back(fit_one(objectives.col(j), problem_.objectives[static_cast<std::size_t>(j)].name));
  }
  return surrogates;
}

std::unique_ptr<ScalarizedModel> ParEgo::fit_scalarized(const Eigen::MatrixXd& objectives, Decision& decision) {
  const Normalization bounds = normalize_by_front(objectives, undirected(objectives));
  record(bounds, decision);
  return std::make_unique<ScalarizedSurrogate>(
      fit_one(augmented_chebyshev(bounds.apply(objectives), decision.weights, options_.rho), ""));
}

// Where all trials on the front sit in one corner, an ideal point taken from them would make that corner the best place
// for every weight vector. With more than two objectives, though, hardly any place is predicted to be dominated, and
// the nadir of such a front is that of bad places.
Normalization ParEgo::foreseen_bounds(const std::vector<std::shared_ptr<const Surrogate>>& surrogates,
                                      const Eigen::MatrixXd& objectives, std::uint64_t trial) const {
  if (has_many_objectives()) return normalize_by_front(objectives, undirected(objectives));
  std::vector<Configuration> front;
  for (const Eigen::Index i : non_dominated(objectives)) {
    front.push_back(history_.completed()[static_cast<std::size_t>(i)]);
  }
  Rng rng(problem_.seed, "foreseen-front", trial);
  const std::vector<Configuration> places = search_candidates(everything_, front, rng, 500, 10);
  const auto seen = objectives.rows();
  Eigen::MatrixXd foreseen(seen + static_cast<Eigen::Index>(places.size()), objectives.cols());
  foreseen.topRows(seen) = objectives;
  for (Eigen::Index j = 0; j < objectives.cols(); ++j) {
    // How bad the bad places are is nothing that a bound should depend on.
    foreseen.col(j).tail(static_cast<Eigen::Index>(places.size())) =
        surrogates[static_cast<std::size_t>(j)]->predict(places).cwiseMin(objectives.col(j).maxCoeff());
  }
  return normalize_by_front(foreseen, undirected(objectives));
}

std::unique_ptr<ScalarizedModel> ParEgo::fit_objectives(const Eigen::MatrixXd& objectives, Decision& decision) {
  std::vector<std::shared_ptr<const Surrogate>> surrogates = model_objectives(objectives);
  const Normalization bounds = foreseen_bounds(surrogates, objectives, decision.trial);
  record(bounds, decision);
  return std::make_unique<ObjectiveSurrogates>(std::move(surrogates), decision.weights, bounds.ideal, bounds.nadir,
                                               options_.rho);
}

ParEgo::Search ParEgo::search_by_weights(Decision& decision) {
  const std::vector<Configuration>& evaluated = history_.completed();
  const std::uint64_t by_model = decision.trial - std::min<std::uint64_t>(decision.trial, initial_.size());
  const std::uint64_t turn = by_model / options_.reweigh;
  decision.weights = options_.preference
                         ? preferred_weights(*options_.preference, turn, problem_.seed)
                         : stratified_weights(static_cast<int>(problem_.objectives.size()), turn, problem_.seed);
  decision.preference = options_.preference;
  std::unique_ptr<const ScalarizedModel> model = fit(decision);
  decision.surrogate = std::make_shared<const nlohmann::ordered_json>(model->to_json());
  const Eigen::VectorXd predicted = model->predict(evaluated);
  Eigen::Index incumbent = 0;
  const double best = predicted.minCoeff(&incumbent);
  Slice slice = choose_slice({*model, predicted, static_cast<std::size_t>(incumbent)}, decision);
  std::unique_ptr<const AcquisitionFunction> improvement = model->expected_improvement(best);
  return {.model = std::move(model),
          .improvement = std::move(improvement),
          .slice = std::move(slice),
          .anchors = best_predicted(evaluated, predicted)};
}

std::vector<Configuration> ParEgo::believed_places(std::uint64_t trial) const {
  constexpr int draws = 3;
  if (!prior_) return {};
  std::vector<Configuration> places{everything_.decode(prior_->mode(*problem_.space))};
  Rng rng(problem_.seed, "believed-places", trial);
  for (int k = 0; k < draws; ++k) {
    Eigen::VectorXd uniform(static_cast<Eigen::Index>(problem_.space->size()));
    for (double& u : uniform) u = rng.uniform();
    places.push_back(everything_.decode(prior_->quantile(uniform)));
  }
  return places;
}

bool ParEgo::is_hypervolume_turn(std::uint64_t trial) const {
  const std::size_t m = problem_.objectives.size();
  if ((m != 2 && m != 3) || options_.preference) return false;
  const auto budget = static_cast<double>(problem_.budget);
  return static_cast<double>(trial) >= (1 - options_.hypervolume_share) * budget;
}

ParEgo::Search ParEgo::search_by_hypervolume(Decision& decision) {
  const Eigen::MatrixXd objectives = modelled_objectives(problem_.objectives, history_.minimised(), decision.notes);
  std::vector<std::shared_ptr<const Surrogate>> surrogates = model_objectives(objectives);
  nlohmann::ordered_json models{{"target", "objectives"}};
  for (const auto& surrogate : surrogates) models["objectives"].push_back(surrogate->to_json());
  decision.surrogate = std::make_shared<const nlohmann::ordered_json>(std::move(models));
  decision.phase = Decision::Phase::hypervolume;
  decision.reason = "largest log expected hypervolume improvement in the full space";

  const Normalization bounds = foreseen_bounds(surrogates, objectives, decision.trial);
  record(bounds, decision);
  const Eigen::VectorXd reference = bounds.nadir + 0.1 * (bounds.nadir - bounds.ideal);
  std::vector<Configuration> anchors;
  for (const Eigen::Index i : non_dominated(objectives)) {
    anchors.push_back(history_.completed()[static_cast<std::size_t>(i)]);
  }
  // Pending trials are believed to give what is predicted.
  std::vector<Configuration> pending;
  for (const auto& [number, configuration] : history_.pending()) pending.push_back(configuration);
  Eigen::MatrixXd front(objectives.rows() + static_cast<Eigen::Index>(pending.size()), objectives.cols());
  front.topRows(objectives.rows()) = objectives;
  for (Eigen::Index j = 0; j < front.cols() && !pending.empty(); ++j) {
    front.col(j).tail(static_cast<Eigen::Index>(pending.size())) =
        surrogates[static_cast<std::size_t>(j)]->predict(pending);
  }
  std::vector<TargetTransform> transforms;
  for (const auto& surrogate : surrogates) transforms.push_back(surrogate->transform());
  ExpectedHypervolumeImprovement improvement(front, reference, transforms);
  return {.improvement = std::make_unique<HypervolumeAcquisition>(std::move(surrogates), std::move(improvement)),
          .slice = everything_,
          .anchors = std::move(anchors)};
}

void ParEgo::note_size(Decision& decision) const {
  if (options_.model == ParEgoOptions::Model::random_forest) return;
  const std::size_t completed = history_.completed().size();
  if (grows_forests()) {
    decision.notes.push_back(std::to_string(completed) + " completed trials are more than " +
                             std::to_string(options_.forest_beyond) +
                             " (\"forest_beyond\"); a random forest models them instead of a Gaussian process");
  } else if (completed > options_.most_fitted) {
    decision.notes.push_back("the parameters of Gaussian processes are fitted to " +
                             std::to_string(options_.most_fitted) + " (\"most_fitted\") of " +
                             std::to_string(completed) + " completed trials, their posteriors conditioned on all");
  }
}

const AcquisitionFunction& ParEgo::Search::acquisition() const {
  if (believing) return *believing;
  if (feasible) return *feasible;
  return *improvement;
}

void ParEgo::weigh_by_feasibility(Search& look) {
  if (!options_.feasibility) return;
  look.feasibility = FeasibilityModel::fit(problem_.space, problem_.constraints, history_, options_.surrogate,
                                           feasibility_fits_, options_.most_fitted, options_.label_length_scale);
  if (!look.feasibility) return;
  look.feasible = std::make_unique<const FeasibleAcquisition>(*look.improvement, *look.feasibility, *problem_.space);
}

void ParEgo::weigh_by_prior(Search& look, std::uint64_t trial) const {
  if (!prior_) return;
  const std::uint64_t by_model = trial - std::min<std::uint64_t>(trial, initial_.size()) + 1;
  const double beta = options_.prior_strength.value_or(static_cast<double>(problem_.budget) / 100);
  look.believing = std::make_unique<const PriorAcquisition>(look.acquisition(), *prior_, *problem_.space,
                                                            beta / static_cast<double>(by_model));
  for (Configuration& place : believed_places(trial)) look.anchors.push_back(std::move(place));
}

std::optional<AcquisitionMaximum> ParEgo::maximize(const Search& look, Decision& decision) {
  const auto seen = [this](const Configuration& configuration) { return history_.seen(configuration); };
  const auto search = [&](const Slice& region, std::string_view purpose) {
    return maximize_acquisition(look.acquisition(), region, look.anchors, seen,
                                Rng(problem_.seed, purpose, decision.trial), options_.maximizer, &decision.notes);
  };
  if (look.slice.is_full()) return search(everything_, "candidates");
  std::optional<AcquisitionMaximum> anywhere;
  if (least_improvement_share() > 0) anywhere = search(everything_, "full-candidates");
  for (Slice slice = look.slice; !slice.is_full();) {
    std::optional<AcquisitionMaximum> chosen = search(slice, "candidates");
    if (!chosen) {
      while (!slice.is_full())
        slice = widen_slice(0, decision);  // until nothing is frozen, here and in what is remembered
      decision.phase = Decision::Phase::fallback;
      decision.reason = "the reduced space has nothing new to offer; searched the full space instead";
      return anywhere ? anywhere : search(everything_, "full-candidates");
    }
    const double share = anywhere ? std::exp(chosen->value - anywhere->value) : 1;
    if (share >= least_improvement_share()) return chosen;
    slice = widen_slice(share, decision);
  }
  return anywhere;
}

nlohmann::ordered_json ParEgo::state() const {
  nlohmann::ordered_json state = nlohmann::ordered_json::object();
  for (const auto& [key, fit] : last_fit_) {
    state["fits"][key] = {{"completed", fit.completed}, {"parameters", fit.parameters.to_json()}};
  }
  for (const auto& [key, fit] : feasibility_fits_) {
    state["feasibility"][key] = {{"observations", fit.observations}, {"parameters", fit.parameters.to_json()}};
  }
  save_state(state);
  return state;
}

bool ParEgo::suggest_by_model(Suggestion& suggestion) {
  Decision& decision = suggestion.decision;
  note_size(decision);
  if (!problem_.earlier.empty()) {
    decision.notes.push_back(std::to_string(problem_.earlier.size()) + " trials of earlier studies are known as well");
  }
  Search look = is_hypervolume_turn(suggestion.trial) ? search_by_hypervolume(decision) : search_by_weights(decision);
  weigh_by_feasibility(look);
  weigh_by_prior(look, suggestion.trial);
  if (const std::optional<AcquisitionMaximum> chosen = maximize(look, decision)) {
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
  const std::span choice(&suggestion.configuration, 1);
  if (look.model) {
    const Prediction at_choice = look.model->posterior(choice);
    decision.scalarised = Decision::Prediction{at_choice.mean[0], std::sqrt(at_choice.variance[0])};
  }
  if (look.feasibility) decision.feasibility = std::exp(look.feasibility->log_probabilities(choice)[0]);
  if (look.believing) decision.prior = look.believing->contribution(suggestion.configuration);
  suggestion.state = std::make_shared<const nlohmann::ordered_json>(state());
  return true;
}

}  // namespace hyperego
