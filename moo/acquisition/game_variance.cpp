#include <hyperego/core/error.hpp>
#include <hyperego/moo/acquisition/game_variance.hpp>
#include <hyperego/shapley/game/decisive_blends.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_path.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace hyperego {
namespace {

constexpr std::size_t draws = 7;
constexpr std::size_t most_anchors = 8;

using Process = std::shared_ptr<const GaussianProcessSurrogate>;

/// A function that the trials leave plausible, and the process that it is a mean or a draw of.
struct PlausibleFunction {
  std::shared_ptr<const BlendPredictor> function;
  Process process;
};

/// The mean, then draws.
std::vector<PlausibleFunction> plausible(const Process& model, std::uint64_t seed) {
  std::vector<PlausibleFunction> result{{model, model}};
  for (std::unique_ptr<BlendPredictor>& function : model->plausible_functions(draws, seed)) {
    std::shared_ptr<const BlendPredictor> draw = std::move(function);
    Process process = dynamic_cast<const GaussianProcessPath&>(*draw).surrogate();
    result.push_back({std::move(draw), std::move(process)});
  }
  return result;
}

/// d target / d process of every objective (rows) at every place, on the scales of the target and of the process.
Eigen::MatrixXd slopes(const std::vector<PlausibleFunction>& functions, const std::optional<ChebyshevWeights>& weights,
                       std::span<const Configuration> places) {
  const auto objectives = static_cast<Eigen::Index>(functions.size());
  const auto count = static_cast<Eigen::Index>(places.size());
  Eigen::MatrixXd values(objectives, count);
  Eigen::MatrixXd result(objectives, count);
  for (Eigen::Index j = 0; j < objectives; ++j) {
    const PlausibleFunction& objective = functions[static_cast<std::size_t>(j)];
    const TargetTransform& transform = objective.process->transform();
    values.row(j) = objective.function->predict(places).transpose();
    for (Eigen::Index k = 0; k < count; ++k) result(j, k) = transform.scale() / transform.derivative(values(j, k));
  }
  if (!weights) return result;
  for (Eigen::Index k = 0; k < count; ++k) {
    Eigen::Index largest = 0;
    (weights->scale.array() * (values.col(k) - weights->ideal).array()).maxCoeff(&largest);
    for (Eigen::Index j = 0; j < objectives; ++j) {
      result(j, k) *= weights->scale[j] * (weights->rho + (j == largest ? 1 : 0));
    }
  }
  return result;
}

/// The places of largest weight.
std::vector<Configuration> weightiest(const DecisiveBlends& decisive) {
  std::vector<std::size_t> order(decisive.places.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const Eigen::RowVectorXd sizes = decisive.weights.colwise().squaredNorm();
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return sizes[static_cast<Eigen::Index>(a)] > sizes[static_cast<Eigen::Index>(b)];
  });
  order.resize(std::min(order.size(), most_anchors));
  std::vector<Configuration> result;
  for (const std::size_t k : order) result.push_back(decisive.places[k]);
  return result;
}

}  // namespace

void GameVariance::add_game(const Target& target, const Blends& blends, GameKind kind, std::uint64_t seed) {
  std::vector<std::vector<PlausibleFunction>> functions;
  for (const Process& model : target.models) functions.push_back(plausible(model, seed));
  Game game;
  for (std::size_t m = 0; m < functions.front().size(); ++m) {
    std::vector<PlausibleFunction> one;
    std::vector<std::shared_ptr<const BlendPredictor>> predictors;
    for (const auto& of_objective : functions) {
      one.push_back(of_objective[m]);
      predictors.push_back(of_objective[m].function);
    }
    const std::shared_ptr<const BlendPredictor> predictor =
        target.weights ? std::make_shared<ChebyshevPredictor>(predictors, *target.weights) : predictors.front();
    const DecisiveBlends decisive = decisive_blends(*predictor, blends, kind, seed);
    if (decisive.places.empty()) continue;
    if (m == 0) {
      for (Configuration& place : weightiest(decisive)) anchors_.push_back(std::move(place));
    }
    const Eigen::MatrixXd slope = slopes(one, target.weights, decisive.places);
    for (std::size_t j = 0; j < one.size(); ++j) {
      if (target.weights && target.weights->scale[static_cast<Eigen::Index>(j)] == 0) continue;
      game.functionals.emplace_back(one[j].process, decisive.places,
                                    decisive.weights * slope.row(static_cast<Eigen::Index>(j)).asDiagonal());
      game.variance += game.functionals.back().variance();
    }
  }
  if (game.variance > 0) games_.push_back(std::move(game));
}

void GameVariance::observe(const Configuration& configuration) {
  for (Game& game : games_) {
    for (LinearFunctionals& functionals : game.functionals) functionals = functionals.with_observation(configuration);
  }
}

double GameVariance::open_share() const {
  double share = 0;
  for (const Game& game : games_) {
    double left = 0;
    for (const LinearFunctionals& functionals : game.functionals) left += functionals.variance();
    share += left / game.variance / static_cast<double>(games_.size());
  }
  return share;
}

Eigen::VectorXd GameVariance::values(std::span<const Configuration> configurations) const {
  Eigen::VectorXd removed = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(configurations.size()));
  for (const Game& game : games_) {
    const double share = 1 / (game.variance * static_cast<double>(games_.size()));
    for (const LinearFunctionals& functionals : game.functionals) {
      removed += share * functionals.reductions(configurations);
    }
  }
  return removed.array().max(std::numeric_limits<double>::min()).log();
}

double GameVariance::value_and_gradient(const Configuration& /*configuration*/, const Eigen::VectorXd& /*unit*/,
                                        Eigen::Ref<Eigen::VectorXd> /*gradient*/) const {
  throw Error("gradient", "the variance of a game has none; see has_gradient()");
}

}  // namespace hyperego
