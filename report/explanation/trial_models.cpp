#include <hyperego/core/error.hpp>
#include <hyperego/moo/scalarization/scalarization.hpp>
#include <hyperego/report/explanation/detail/fitted_models.hpp>
#include <hyperego/report/explanation/trial_models.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace hyperego {
namespace {

/// As the search's default (ParEgoOptions::forest_beyond).
constexpr std::size_t forest_beyond = 2000;

}  // namespace

TargetModel::TargetModel(std::string name, Opinions opinions)
    : names_{std::move(name)}, opinions_(std::move(opinions)), predictor_(opinions_.first.front()) {}

TargetModel::TargetModel(std::vector<std::string> names, Opinions opinions, const ChebyshevWeights& weights)
    : names_(std::move(names)),
      opinions_(std::move(opinions)),
      weights_(weights),
      predictor_(over({opinions_.first.begin(), opinions_.first.end()})) {}

TargetModel::TargetModel(std::shared_ptr<const BlendPredictor> function) : predictor_(std::move(function)) {}

std::vector<std::shared_ptr<const BlendPredictor>> TargetModel::functions() const {
  if (opinions_.first.empty()) return {predictor_};
  return {opinions_.first.begin(), opinions_.first.end()};
}

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
  if (!weights_) return own(*opinions_.first.front());
  std::size_t worst = opinions_.first.size();
  nlohmann::ordered_json objectives = nlohmann::ordered_json::object();
  for (std::size_t j = 0; j < opinions_.first.size(); ++j) {
    if (weights_->scale[static_cast<Eigen::Index>(j)] == 0) continue;
    objectives[names_[j]] = own(*opinions_.first[j]);
    const auto r2 = [&](std::size_t k) { return opinions_.first[k]->fit_quality().leave_one_out_r2; };
    if (worst == opinions_.first.size() || r2(j) < r2(worst)) worst = j;
  }
  nlohmann::ordered_json json = opinions_.first[worst]->fit_quality().to_json();
  json["worst_objective"] = names_[worst];
  json["objectives"] = std::move(objectives);
  return json;
}

TrialModels::TrialModels(TrialTable trials, ModelKind kind, std::uint64_t seed, double reach_factor,
                         ProgressHook progress)
    : trials_(std::move(trials)),
      kind_(kind),
      seed_(seed),
      reach_factor_(reach_factor),
      progress_(std::move(progress)),
      notes_(trials_.notes),
      processes_(trials_.objectives.size()),
      forests_(trials_.objectives.size()),
      unlimited_(trials_.objectives.size()) {
  const std::size_t n = trials_.configurations.size();
  if (n == 0) {
    throw InvalidInput("trials", "there is no completed one, so there is nothing to explain; run some first");
  }
  if (kind_ == ModelKind::automatic) kind_ = n > forest_beyond ? ModelKind::forest : ModelKind::gp;
  targets_ = modelled_objectives(trials_.objectives, trials_.minimised(), notes_);
  if (kind_ == ModelKind::gp && n > detail::most_conditioned) {
    notes_.push_back("the Gaussian process sees " + std::to_string(detail::most_conditioned) + " of " +
                     std::to_string(n) + " trials, the best and a space-filling rest; a forest takes more of them");
  } else if (kind == ModelKind::automatic && kind_ == ModelKind::forest) {
    notes_.push_back("a random forest models the " + std::to_string(n) +
                     " trials, which are too many for a Gaussian process");
  }
  if (kind_ == ModelKind::forest && n > detail::most_grown) {
    notes_.push_back("the forest is grown on " + std::to_string(detail::most_grown) + " of " + std::to_string(n) +
                     " trials, a tenth of them the best");
  }
}

bool TrialModels::is_logarithmic(std::size_t j) const {
  return trials_.objectives[j].transform == Objective::Transform::log &&
         trials_.values.col(static_cast<Eigen::Index>(j)).minCoeff() > 0;
}

TargetReachOptions TrialModels::reach(std::size_t j, double factor) const {
  const Objective& objective = trials_.objectives[j];
  const auto modelled = [&](double raw) {
    if (!is_logarithmic(j)) return to_minimised(objective, raw);
    return to_minimised(objective, raw > 0 ? std::log(raw) : -std::numeric_limits<double>::infinity());
  };
  TargetReachOptions options{.factor = factor};
  const std::optional<double> lower = objective.direction == Direction::minimize ? objective.lower : objective.upper;
  const std::optional<double> upper = objective.direction == Direction::minimize ? objective.upper : objective.lower;
  if (lower) options.lower = modelled(*lower);
  if (upper) options.upper = modelled(*upper);
  return options;
}

const std::shared_ptr<const Surrogate>& TrialModels::fitted(std::size_t j, ModelKind kind, Models& models,
                                                            double reach_factor) {
  std::shared_ptr<const Surrogate>& model = models[j];
  if (model) return model;
  const bool is_own = kind == kind_ && &models != &unlimited_;
  const std::string phase = (is_own ? "model of " : "another model of ") + trials_.objectives[j].name;
  tell(progress_, {phase, 0, 1});
  const detail::ModelledTrials trials{.space = trials_.space,
                                      .configurations = trials_.configurations,
                                      .targets = targets_.col(static_cast<Eigen::Index>(j)),
                                      .reach = reach(j, reach_factor),
                                      .seed = seed_,
                                      .progress = progress_,
                                      .phase = phase};
  model = kind == ModelKind::forest
              ? detail::grow_forest(trials)
              : detail::fit_process(trials, kind_ == ModelKind::gp ? detail::most_conditioned : detail::most_fitted);
  tell(progress_, {phase, 1, 1});
  return model;
}

TargetModel::Opinions TrialModels::opinions(std::size_t j, MoreOpinions more) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto of_kind = [&](ModelKind kind) {
    return fitted(j, kind, kind == ModelKind::forest ? forests_ : processes_, reach_factor_);
  };
  TargetModel::Opinions result{{of_kind(kind_)}, {}, {}};
  if (more.second) result.second.push_back(of_kind(kind_ == ModelKind::forest ? ModelKind::gp : ModelKind::forest));
  if (more.unlimited) result.unlimited.push_back(fitted(j, ModelKind::gp, unlimited_, infinity));
  return result;
}

TargetModel TrialModels::objective(std::size_t j, MoreOpinions more) {
  return {trials_.objectives[j].name, opinions(j, more)};
}

TargetModel TrialModels::tradeoff(const Eigen::VectorXd& weights, const Eigen::VectorXd& ideal,
                                  const Eigen::VectorXd& nadir, MoreOpinions more) {
  std::vector<std::string> names;
  TargetModel::Opinions all;
  for (std::size_t j = 0; j < trials_.objectives.size(); ++j) {
    names.push_back(trials_.objectives[j].name);
    const TargetModel::Opinions own = opinions(j, more);
    all.first.push_back(own.first.front());
    all.second.insert(all.second.end(), own.second.begin(), own.second.end());
    all.unlimited.insert(all.unlimited.end(), own.unlimited.begin(), own.unlimited.end());
  }
  return {std::move(names), std::move(all), ChebyshevWeights(weights, ideal, nadir)};
}

}  // namespace hyperego
