#include <hyperego/core/error.hpp>
#include <hyperego/moo/scalarization/scalarization.hpp>
#include <hyperego/report/explanation/trial_models.hpp>
#include <hyperego/surrogate/forest/random_forest_surrogate.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace hyperego {

TargetModel::TargetModel(std::string name, std::shared_ptr<const Surrogate> surrogate)
    : names_{std::move(name)}, surrogates_{surrogate}, predictor_(std::move(surrogate)) {}

TargetModel::TargetModel(std::vector<std::string> names, std::vector<std::shared_ptr<const Surrogate>> surrogates,
                         const ChebyshevWeights& weights)
    : names_(std::move(names)),
      surrogates_(std::move(surrogates)),
      weights_(weights),
      predictor_(over({surrogates_.begin(), surrogates_.end()})) {}

std::shared_ptr<const BlendPredictor> TargetModel::over(
    std::vector<std::shared_ptr<const BlendPredictor>> functions) const {
  if (!weights_) return std::move(functions.front());
  return std::make_shared<ChebyshevPredictor>(std::move(functions), *weights_);
}

nlohmann::ordered_json TargetModel::fit_to_json() const {
  const auto own = [](const Surrogate& surrogate) {
    nlohmann::ordered_json json = surrogate.fit_quality().to_json();
    json["model"] = surrogate.brief();
    return json;
  };
  if (!weights_) return own(*surrogates_.front());
  std::size_t worst = surrogates_.size();
  nlohmann::ordered_json objectives = nlohmann::ordered_json::object();
  for (std::size_t j = 0; j < surrogates_.size(); ++j) {
    if (weights_->scale[static_cast<Eigen::Index>(j)] == 0) continue;
    objectives[names_[j]] = own(*surrogates_[j]);
    const auto r2 = [&](std::size_t k) { return surrogates_[k]->fit_quality().leave_one_out_r2; };
    if (worst == surrogates_.size() || r2(j) < r2(worst)) worst = j;
  }
  nlohmann::ordered_json json = surrogates_[worst]->fit_quality().to_json();
  json["worst_objective"] = names_[worst];
  json["objectives"] = std::move(objectives);
  return json;
}

TrialModels::TrialModels(TrialTable trials, ModelKind kind, std::uint64_t seed)
    : trials_(std::move(trials)), kind_(kind), seed_(seed), models_(trials_.objectives.size()) {
  if (trials_.configurations.empty()) {
    throw InvalidInput("trials", "there is no completed one, so there is nothing to explain; run some first");
  }
  targets_ = modelled_objectives(trials_.objectives, trials_.minimised(), notes_);
}

bool TrialModels::is_logarithmic(std::size_t j) const {
  return trials_.objectives[j].transform == Objective::Transform::log &&
         trials_.values.col(static_cast<Eigen::Index>(j)).minCoeff() > 0;
}

const std::shared_ptr<const Surrogate>& TrialModels::fitted(std::size_t j) {
  std::shared_ptr<const Surrogate>& model = models_[j];
  if (model) return model;
  const Eigen::VectorXd targets = targets_.col(static_cast<Eigen::Index>(j));
  if (kind_ == ModelKind::forest) {
    model = std::make_shared<RandomForestSurrogate>(
        RandomForestSurrogate::fit(trials_.space, trials_.configurations, targets, {.seed = seed_}));
  } else {
    const auto process = [&](TargetTransform::Kind transform) {
      GaussianProcessSurrogateOptions options{.transform = transform};
      options.process.seed = seed_;
      return GaussianProcessSurrogate::fit(trials_.space, trials_.configurations, targets, options);
    };
    GaussianProcessSurrogate plain = process(TargetTransform::Kind::none);
    GaussianProcessSurrogate straightened = process(TargetTransform::Kind::yeo_johnson);
    const bool straighten = straightened.log_evidence() > plain.log_evidence();
    model = std::make_shared<GaussianProcessSurrogate>(straighten ? std::move(straightened) : std::move(plain));
  }
  return model;
}

TargetModel TrialModels::objective(std::size_t j) { return {trials_.objectives[j].name, fitted(j)}; }

TargetModel TrialModels::tradeoff(const Eigen::VectorXd& weights, const Eigen::VectorXd& ideal,
                                  const Eigen::VectorXd& nadir) {
  std::vector<std::string> names;
  std::vector<std::shared_ptr<const Surrogate>> surrogates;
  for (std::size_t j = 0; j < models_.size(); ++j) {
    names.push_back(trials_.objectives[j].name);
    surrogates.push_back(fitted(j));
  }
  return {std::move(names), std::move(surrogates), ChebyshevWeights(weights, ideal, nadir)};
}

}  // namespace hyperego
