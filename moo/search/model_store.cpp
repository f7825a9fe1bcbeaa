#include <hyperego/core/rng.hpp>
#include <hyperego/moo/scalarization/scalarization.hpp>
#include <hyperego/moo/search/model_store.hpp>
#include <hyperego/moo/trials/fitting_subset.hpp>
#include <hyperego/surrogate/forest/random_forest_surrogate.hpp>

#include <nlohmann/json.hpp>

#include <optional>
#include <utility>

namespace hyperego {
namespace {

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

/// As journals have it.
std::string fit_name(const std::string& key, TargetTransform::Kind transform) {
  return transform == TargetTransform::Kind::none ? key : key + " (straightened)";
}

}  // namespace

ModelStore::ModelStore(const SearchState& state) : state_(state) {}

Eigen::MatrixXd ModelStore::modelled_objectives(std::vector<std::string>& notes) const {
  const OptimizationProblem& problem = state_.problem;
  note_size(notes);
  if (!problem.earlier.empty()) {
    notes.push_back(std::to_string(problem.earlier.size()) + " trials of earlier studies are known as well");
  }
  const PartialTrials::Observations below = state_.partial.observations();
  return modelled(below, notes).topRows(static_cast<Eigen::Index>(state_.history.completed().size()));
}

Eigen::MatrixXd ModelStore::modelled(const PartialTrials::Observations& below, std::vector<std::string>& notes) const {
  Eigen::MatrixXd all = state_.history.minimised();
  if (below.distances.size() > 0) {
    all.conservativeResize(all.rows() + below.minimised.rows(), all.cols());
    all.bottomRows(below.minimised.rows()) = below.minimised;
  }
  return hyperego::modelled_objectives(state_.problem.objectives, std::move(all), notes);
}

ModelStore::Data ModelStore::all_data(const PartialTrials::Observations& below) const {
  Data data = full_data();
  if (below.distances.size() == 0) return data;
  const auto full = static_cast<Eigen::Index>(data.configurations.size());
  data.configurations.insert(data.configurations.end(), below.configurations.begin(), below.configurations.end());
  data.distances = Eigen::VectorXd::Zero(full + below.distances.size());
  data.distances.tail(below.distances.size()) = below.distances;
  return data;
}

std::size_t ModelStore::number_known() const {
  return state_.history.number_completed() + state_.partial.number_observed();
}

std::unique_ptr<const Surrogate> ModelStore::fit(const Eigen::VectorXd& targets) {
  return fit_one(all_data(state_.partial.observations()), targets, "", state_.options.pending);
}

Eigen::MatrixXd ModelStore::all_modelled_objectives() const {
  std::vector<std::string> known;  // modelled_objectives() has said them
  return modelled(state_.partial.observations(), known);
}

std::vector<std::shared_ptr<const Surrogate>> ModelStore::fit_objectives(const Eigen::MatrixXd& objectives,
                                                                         ParEgoOptions::Pending pending) {
  const PartialTrials::Observations below = state_.partial.observations();
  const Data data = all_data(below);
  Eigen::MatrixXd targets = objectives;
  if (below.distances.size() > 0) {
    std::vector<std::string> known;  // modelled_objectives() has said them
    targets = modelled(below, known);
  }
  std::vector<std::shared_ptr<const Surrogate>> surrogates;
  for (Eigen::Index j = 0; j < objectives.cols(); ++j) {
    surrogates.push_back(
        fit_one(data, targets.col(j), state_.problem.objectives[static_cast<std::size_t>(j)].name, pending));
  }
  return surrogates;
}

ModelStore::LastModels ModelStore::last_models(const Configuration& configuration,
                                               std::span<const IntermediateReport> reports) const {
  PartialTrials trials = state_.partial;
  trials.learn({.configuration = configuration,
                .outcome = {.status = TrialStatus::stopped, .reports = {reports.begin(), reports.end()}}});
  const PartialTrials::Observations below = trials.observations();
  const Data data = all_data(below);
  std::vector<std::string> notes;
  const Eigen::MatrixXd targets = modelled(below, notes);
  LastModels last{{}, targets.topRows(static_cast<Eigen::Index>(state_.history.completed().size()))};
  for (Eigen::Index j = 0; j < targets.cols(); ++j) {
    const std::string& name = state_.problem.objectives[static_cast<std::size_t>(j)].name;
    std::optional<GaussianProcessSurrogate> best;
    for (const auto kind : {TargetTransform::Kind::none, TargetTransform::Kind::yeo_johnson}) {
      const auto fit = fits_.find(fit_name(name, kind));
      if (fit == fits_.end()) continue;
      GaussianProcessSurrogateOptions options = state_.options.surrogate;
      options.transform = kind;
      auto model = GaussianProcessSurrogate::condition(state_.problem.space, data.configurations, targets.col(j),
                                                       fit->second.parameters, options, data.distances);
      if (!best || model.log_evidence() > best->log_evidence()) best = std::move(model);
    }
    if (!best) return {{}, last.objectives};
    last.surrogates.push_back(std::make_shared<const GaussianProcessSurrogate>(std::move(*best)));
  }
  return last;
}

std::unique_ptr<const FeasibilityModel> ModelStore::fit_feasibility() {
  const ParEgoOptions& options = state_.options;
  if (!options.feasibility) return nullptr;
  GaussianProcessSurrogateOptions surrogate = options.surrogate;
  surrogate.process.progress = state_.progress;
  return FeasibilityModel::fit(state_.problem.space, state_.problem.constraints, state_.history, surrogate,
                               feasibility_fits_, options.most_fitted, options.label_length_scale);
}

std::unique_ptr<const Surrogate> ModelStore::fit_one(const Data& data, const Eigen::VectorXd& targets,
                                                     const std::string& key, ParEgoOptions::Pending pending) {
  const Eigen::VectorXd full = targets.head(static_cast<Eigen::Index>(state_.history.completed().size()));
  std::unique_ptr<const Surrogate> surrogate = with_pending_below(
      grows_forests() ? grow_forest(full, key)
                      : std::make_unique<const GaussianProcessSurrogate>(fit_process(data, targets, key)));
  std::vector<Configuration> places = state_.pending();
  std::erase_if(places, [this](const Configuration& c) { return state_.history.has_completed(c); });
  if (places.empty() || pending == ParEgoOptions::Pending::ignored) return surrogate;
  return surrogate->with_observations(places, assumed(pending, *surrogate, places, full, key));
}

/// Conditioned on what pending trials below full fidelity are believed to give, each at its own.
std::unique_ptr<const Surrogate> ModelStore::with_pending_below(std::unique_ptr<const Surrogate> surrogate) const {
  const auto* process = dynamic_cast<const GaussianProcessSurrogate*>(surrogate.get());
  if (process == nullptr || !state_.has_fidelities()) return surrogate;
  std::vector<Configuration> below;
  std::vector<double> distances;
  for (const auto& [number, trial] : state_.partial.pending()) {
    if (!trial.fidelity) continue;
    below.push_back(trial.configuration);
    distances.push_back(state_.partial.fidelity()->distance(*trial.fidelity));
  }
  if (below.empty()) return surrogate;
  return process->with_fantasies_at(
      below, Eigen::Map<const Eigen::VectorXd>(distances.data(), static_cast<Eigen::Index>(distances.size())));
}

Eigen::VectorXd ModelStore::assumed(ParEgoOptions::Pending pending, const Surrogate& surrogate,
                                    const std::vector<Configuration>& places, const Eigen::VectorXd& targets,
                                    const std::string& key) const {
  using Pending = ParEgoOptions::Pending;
  const auto count = static_cast<Eigen::Index>(places.size());
  if (pending == Pending::optimist) return Eigen::VectorXd::Constant(count, targets.minCoeff());
  if (pending == Pending::pessimist) return Eigen::VectorXd::Constant(count, targets.maxCoeff());
  if (pending != Pending::draw) return surrogate.predict(places);
  Rng rng(state_.problem.seed, "fantasy " + key, state_.history.next_number());
  Eigen::MatrixXd normals(count, 1);
  for (Eigen::Index i = 0; i < count; ++i) normals(i, 0) = rng.normal();
  return surrogate.from_model(surrogate.draws(places, normals)).col(0);
}

bool ModelStore::grows_forests() const {
  return state_.options.model == ParEgoOptions::Model::random_forest ||
         state_.history.completed().size() > state_.options.forest_beyond;
}

/// A sentence where there are too many trials for a Gaussian process of its own for all.
void ModelStore::note_size(std::vector<std::string>& notes) const {
  const ParEgoOptions& options = state_.options;
  if (options.model == ParEgoOptions::Model::random_forest) return;
  const std::size_t completed = state_.history.completed().size();
  if (grows_forests()) {
    notes.push_back(std::to_string(completed) + " completed trials are more than " +
                    std::to_string(options.forest_beyond) +
                    " (\"forest_beyond\"); a random forest models them instead of a Gaussian process");
  } else if (completed > options.most_fitted) {
    notes.push_back("the parameters of Gaussian processes are fitted to " + std::to_string(options.most_fitted) +
                    " (\"most_fitted\") of " + std::to_string(completed) +
                    " completed trials, their posteriors conditioned on all");
  }
}

/// A function of the trials and the seed alone, so there is nothing to remember for a replay.
std::unique_ptr<const Surrogate> ModelStore::grow_forest(const Eigen::VectorXd& targets, const std::string& key) const {
  RandomForestOptions options = state_.options.forest;
  options.seed = Rng(state_.problem.seed, "forest " + key, state_.history.number_completed())();
  return std::make_unique<const RandomForestSurrogate>(
      RandomForestSurrogate::fit(state_.problem.space, state_.history.completed(), targets, options));
}

GaussianProcessSurrogate ModelStore::fit_process(const Data& data, const Eigen::VectorXd& targets,
                                                 const std::string& key) {
  if (state_.options.target_transform) return fit_process(data, targets, key, *state_.options.target_transform);
  GaussianProcessSurrogate plain = fit_process(data, targets, key, TargetTransform::Kind::none);
  GaussianProcessSurrogate transformed = fit_process(data, targets, key, TargetTransform::Kind::yeo_johnson);
  return transformed.log_evidence() > plain.log_evidence() ? std::move(transformed) : std::move(plain);
}

GaussianProcessSurrogate ModelStore::fit_process(const Data& data, const Eigen::VectorXd& targets,
                                                 const std::string& key, TargetTransform::Kind transform) {
  const auto& space = state_.problem.space;
  const std::vector<Configuration>& evaluated = data.configurations;
  const Eigen::VectorXd& distances = data.distances;
  const std::size_t completed = number_known();
  const std::string name = fit_name(key, transform);
  const auto last = fits_.find(name);
  const bool current = last != fits_.end() && !key.empty() && last->second.completed == completed;
  GaussianProcessSurrogateOptions options = state_.options.surrogate;
  options.transform = transform;
  options.process.progress = state_.progress;
  const auto start = last != fits_.end() ? std::optional(last->second.parameters) : std::nullopt;
  const auto fitted = [&] {
    if (current) return GaussianProcessSurrogate::condition(space, evaluated, targets, *start, options, distances);
    const std::size_t most = state_.options.most_fitted;
    if (evaluated.size() <= most) {
      return GaussianProcessSurrogate::fit(space, evaluated, targets, options, start, distances);
    }
    return GaussianProcessSurrogate::fit_to_subset(
        space, evaluated, targets, fitting_subset(*space, evaluated, targets, most), options, start, distances);
  };
  GaussianProcessSurrogate surrogate = fitted();
  fits_[name] = {completed, surrogate.parameters()};
  return surrogate;
}

void ModelStore::restore(const ModelStore& earlier) {
  fits_ = earlier.fits_;
  feasibility_fits_ = earlier.feasibility_fits_;
}

void ModelStore::save(nlohmann::ordered_json& state) const {
  for (const auto& [key, fit] : fits_) {
    state["fits"][key] = {{"completed", fit.completed}, {"parameters", fit.parameters.to_json()}};
  }
  for (const auto& [key, fit] : feasibility_fits_) {
    state["feasibility"][key] = {{"observations", fit.observations}, {"parameters", fit.parameters.to_json()}};
  }
}

void ModelStore::load(const JsonReader& state) {
  const Eigen::Index features = InputEncoding(state_.problem.space).number_of_features();
  if (const auto fits = state.find("fits")) {
    for (const auto& [key, fit] : fits->members()) fits_[key] = read_fit<Fit>(fit, "completed", features);
  }
  if (const auto fits = state.find("feasibility")) {
    for (const auto& [key, fit] : fits->members()) {
      feasibility_fits_[key] = read_fit<FeasibilityModel::Fit>(fit, "observations", features);
    }
  }
}

}  // namespace hyperego
