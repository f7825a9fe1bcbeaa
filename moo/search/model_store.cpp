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

}  // namespace

ModelStore::ModelStore(const SearchState& state) : state_(state) {}

Eigen::MatrixXd ModelStore::modelled_objectives(std::vector<std::string>& notes) const {
  const OptimizationProblem& problem = state_.problem;
  note_size(notes);
  if (!problem.earlier.empty()) {
    notes.push_back(std::to_string(problem.earlier.size()) + " trials of earlier studies are known as well");
  }
  return hyperego::modelled_objectives(problem.objectives, state_.history.minimised(), notes);
}

std::unique_ptr<const Surrogate> ModelStore::fit(const Eigen::VectorXd& targets) { return fit_one(targets, ""); }

std::vector<std::shared_ptr<const Surrogate>> ModelStore::fit_objectives(const Eigen::MatrixXd& objectives) {
  std::vector<std::shared_ptr<const Surrogate>> surrogates;
  for (Eigen::Index j = 0; j < objectives.cols(); ++j) {
    surrogates.push_back(fit_one(objectives.col(j), state_.problem.objectives[static_cast<std::size_t>(j)].name));
  }
  return surrogates;
}

std::unique_ptr<const FeasibilityModel> ModelStore::fit_feasibility() {
  const ParEgoOptions& options = state_.options;
  if (!options.feasibility) return nullptr;
  GaussianProcessSurrogateOptions surrogate = options.surrogate;
  surrogate.process.progress = state_.progress;
  return FeasibilityModel::fit(state_.problem.space, state_.problem.constraints, state_.history, surrogate,
                               feasibility_fits_, options.most_fitted, options.label_length_scale);
}

std::unique_ptr<const Surrogate> ModelStore::fit_one(const Eigen::VectorXd& targets, const std::string& key) {
  std::unique_ptr<const Surrogate> surrogate =
      grows_forests() ? grow_forest(targets, key)
                      : std::make_unique<const GaussianProcessSurrogate>(fit_process(targets, key));
  std::vector<Configuration> pending = state_.pending();
  std::erase_if(pending, [this](const Configuration& c) { return state_.history.has_completed(c); });
  if (pending.empty()) return surrogate;
  return surrogate->with_fantasies(pending);
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

GaussianProcessSurrogate ModelStore::fit_process(const Eigen::VectorXd& targets, const std::string& key) {
  if (state_.options.target_transform) return fit_process(targets, key, *state_.options.target_transform);
  GaussianProcessSurrogate plain = fit_process(targets, key, TargetTransform::Kind::none);
  GaussianProcessSurrogate transformed = fit_process(targets, key, TargetTransform::Kind::yeo_johnson);
  return transformed.log_evidence() > plain.log_evidence() ? std::move(transformed) : std::move(plain);
}

GaussianProcessSurrogate ModelStore::fit_process(const Eigen::VectorXd& targets, const std::string& key,
                                                 TargetTransform::Kind transform) {
  const auto& space = state_.problem.space;
  const std::vector<Configuration>& evaluated = state_.history.completed();
  const std::size_t completed = state_.history.number_completed();
  // As journals have it.
  const std::string name = transform == TargetTransform::Kind::none ? key : key + " (straightened)";
  const auto last = fits_.find(name);
  const bool current = last != fits_.end() && !key.empty() && last->second.completed == completed;
  GaussianProcessSurrogateOptions options = state_.options.surrogate;
  options.transform = transform;
  options.process.progress = state_.progress;
  const auto start = last != fits_.end() ? std::optional(last->second.parameters) : std::nullopt;
  const auto fitted = [&] {
    if (current) return GaussianProcessSurrogate::condition(space, evaluated, targets, *start, options);
    const std::size_t most = state_.options.most_fitted;
    if (evaluated.size() <= most) return GaussianProcessSurrogate::fit(space, evaluated, targets, options, start);
    return GaussianProcessSurrogate::fit_to_subset(space, evaluated, targets,
                                                   fitting_subset(*space, evaluated, targets, most), options, start);
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
