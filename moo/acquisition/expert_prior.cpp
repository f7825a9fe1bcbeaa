#include <hyperego/core/error.hpp>
#include <hyperego/moo/acquisition/expert_prior.hpp>
#include <hyperego/moo/acquisition/feasibility.hpp>

#include <boost/math/special_functions/beta.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hyperego {
namespace {

/// Share of the uniform distribution in every marginal.
constexpr double doubt = 0.01;
/// Beta densities are not looked at closer to the ends.
constexpr double nearest_end = 1e-6;

template <class... Ts>
struct OneOf : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
OneOf(Ts...) -> OneOf<Ts...>;

/// The ends of the scale on which a normal prior lives.
std::pair<double, double> ends_of(const Hyperparameter& hyperparameter) {
  double lower = 0;
  double upper = 1;
  bool log = false;
  if (const auto* real = std::get_if<FloatDomain>(&hyperparameter.domain)) {
    lower = real->lower;
    upper = real->upper;
    log = real->log;
  } else if (const auto* integer = std::get_if<IntegerDomain>(&hyperparameter.domain)) {
    lower = static_cast<double>(integer->lower) - 0.5;
    upper = static_cast<double>(integer->upper) + 0.5;
    log = integer->log;
  } else if (const auto* quantised = std::get_if<QuantisedDomain>(&hyperparameter.domain)) {
    lower = quantised->lower_end();
    upper = quantised->upper_end();
    log = quantised->log;
  }
  return log ? std::pair{std::log(lower), std::log(upper)} : std::pair{lower, upper};
}

/// The x in [a, b] below which the share u of a standard normal mass between a and b lies.
double truncated_normal_quantile(double a, double b, double log_mass, double u) {
  const double wanted = std::log(std::max(u, 1e-300)) + log_mass;
  double low = a;
  double high = b;
  for (int step = 0; step < 60; ++step) {
    const double middle = 0.5 * (low + high);
    (log_normal_interval(a, middle).value < wanted ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

[[noreturn]] void refuse_prior(const Hyperparameter& hyperparameter) {
  throw InvalidInput("prior of \"" + hyperparameter.name + "\"",
                     "is too narrow, or too far from " + hyperparameter.describe() +
                         ", to be computed; widen it, or set \"priors\": false in the optimizer");
}

std::size_t choice_at(double unit, std::size_t choices) {
  const auto count = static_cast<double>(choices);
  return static_cast<std::size_t>(std::clamp(std::floor(unit * count), 0.0, count - 1));
}

double centre_of(std::size_t choice, std::size_t choices) {
  return (static_cast<double>(choice) + 0.5) / static_cast<double>(choices);
}

}  // namespace

std::optional<ExpertPrior::Belief> ExpertPrior::belief(const SearchSpace& space, std::size_t hyperparameter) {
  const Hyperparameter& h = space[hyperparameter];
  if (const auto* categorical = std::get_if<CategoricalDomain>(&h.domain)) {
    const std::vector<double>& weights = categorical->weights;
    const auto [least, largest] = std::minmax_element(weights.begin(), weights.end());
    if (weights.empty() || *least == *largest) return std::nullopt;
    double sum = 0;
    for (const double weight : weights) sum += weight;
    Weights shares{weights};
    for (double& share : shares.shares) share /= sum;
    return Belief{hyperparameter, std::move(shares)};
  }
  if (!h.prior) return std::nullopt;
  if (h.prior->kind == Prior::Kind::beta) {
    const double alpha = h.prior->first;
    const double beta = h.prior->second;
    if (alpha == 1 && beta == 1) return std::nullopt;
    const double log_factor = std::lgamma(alpha + beta) - std::lgamma(alpha) - std::lgamma(beta);
    if (!std::isfinite(log_factor)) refuse_prior(h);
    return Belief{hyperparameter, Beta{alpha, beta, log_factor}};
  }
  const auto [lower, upper] = ends_of(h);
  const double mean = (h.prior->first - lower) / (upper - lower);
  const double deviation = h.prior->second / (upper - lower);
  const double log_mass = log_normal_interval(-mean / deviation, (1 - mean) / deviation).value;
  if (!(deviation > 0 && std::isfinite(mean / deviation) && std::isfinite(log_mass))) refuse_prior(h);
  return Belief{hyperparameter, Normal{mean, deviation, log_mass}};
}

std::optional<ExpertPrior> ExpertPrior::of(const SearchSpace& space) {
  ExpertPrior prior;
  for (const std::size_t i : space.searched()) {
    if (auto held = belief(space, i)) prior.beliefs_.push_back(*std::move(held));
  }
  if (prior.beliefs_.empty()) return std::nullopt;
  return prior;
}

ExpertPrior::Value ExpertPrior::at(const Belief& belief, double unit) {
  const Value free = std::visit(
      OneOf{[&](const Normal& normal) -> Value {
              const double z = (unit - normal.mean) / normal.deviation;
              return {
                  -0.5 * z * z - 0.5 * std::log(2 * std::numbers::pi) - std::log(normal.deviation) - normal.log_mass,
                  -z / normal.deviation};
            },
            [&](const Beta& beta) -> Value {
              const double t = std::clamp(unit, nearest_end, 1 - nearest_end);
              const double value = beta.log_factor + (beta.alpha - 1) * std::log(t) + (beta.beta - 1) * std::log1p(-t);
              return {value, t == unit ? (beta.alpha - 1) / t - (beta.beta - 1) / (1 - t) : 0};
            },
            [&](const Weights& weights) -> Value {
              const std::size_t choices = weights.shares.size();
              return {std::log(weights.shares[choice_at(unit, choices)] * static_cast<double>(choices)), 0};
            }},
      belief.marginal);
  // log((1 − ε) π + ε) and its derivative; −∞ of a choice without weight becomes log ε.
  const double floor = std::log(doubt);
  if (!(free.log_density > floor - 50)) return {floor, 0};
  const double own = free.log_density + std::log1p(-doubt);
  const double high = std::max(own, floor);
  const double sum = std::exp(own - high) + std::exp(floor - high);
  return {high + std::log(sum), free.derivative * std::exp(own - high) / sum};
}

double ExpertPrior::log_density(const SearchSpace& space, const Configuration& configuration) const {
  double result = 0;
  for (const Belief& belief : beliefs_) {
    const std::size_t i = belief.hyperparameter;
    if (configuration.is_set(i)) result += at(belief, space[i].to_unit(configuration[i])).log_density;
  }
  return result;
}

double ExpertPrior::log_density_and_gradient(const SearchSpace& space, const Configuration& configuration,
                                             const Eigen::VectorXd& unit, Eigen::Ref<Eigen::VectorXd> gradient) const {
  double result = 0;
  gradient.setZero();
  for (const Belief& belief : beliefs_) {
    const std::size_t i = belief.hyperparameter;
    if (!configuration.is_set(i)) continue;
    const bool moves = !space[i].is_categorical();
    const auto k = static_cast<Eigen::Index>(i);
    const Value value = at(belief, moves ? unit[k] : space[i].to_unit(configuration[i]));
    result += value.log_density;
    gradient[k] = value.derivative;
  }
  return result;
}

Eigen::VectorXd ExpertPrior::quantile(const Eigen::VectorXd& uniform) const {
  Eigen::VectorXd result = uniform;
  for (const Belief& belief : beliefs_) {
    double& u = result[static_cast<Eigen::Index>(belief.hyperparameter)];
    u = std::visit(OneOf{[&](const Normal& normal) {
                           const double a = -normal.mean / normal.deviation;
                           const double b = (1 - normal.mean) / normal.deviation;
                           return std::clamp(
                               normal.mean + normal.deviation * truncated_normal_quantile(a, b, normal.log_mass, u),
                               0.0, 1.0);
                         },
                         [&](const Beta& beta) { return boost::math::ibeta_inv(beta.alpha, beta.beta, u); },
                         [&](const Weights& weights) {
                           double below = 0;
                           std::size_t choice = 0;
                           for (std::size_t k = 0; k < weights.shares.size(); ++k) {
                             if (weights.shares[k] <= 0) continue;
                             choice = k;
                             below += weights.shares[k];
                             if (u < below) break;
                           }
                           return centre_of(choice, weights.shares.size());
                         }},
                   belief.marginal);
  }
  return result;
}

Eigen::VectorXd ExpertPrior::mode(const SearchSpace& space) const {
  Eigen::VectorXd result = space.encode(space.default_configuration());
  for (const Belief& belief : beliefs_) {
    result[static_cast<Eigen::Index>(belief.hyperparameter)] = std::visit(
        OneOf{[](const Normal& normal) { return std::clamp(normal.mean, 0.0, 1.0); },
              [](const Beta& beta) {
                if (beta.alpha > 1 && beta.beta > 1) return (beta.alpha - 1) / (beta.alpha + beta.beta - 2);
                // The denser end; the middle of a density with two of them is as good as any.
                return beta.alpha == beta.beta ? 0.5 : beta.alpha > beta.beta ? 1.0 : 0.0;
              },
              [](const Weights& weights) {
                const auto heaviest = std::max_element(weights.shares.begin(), weights.shares.end());
                return centre_of(static_cast<std::size_t>(heaviest - weights.shares.begin()), weights.shares.size());
              }},
        belief.marginal);
  }
  return result;
}

Eigen::VectorXd PriorAcquisition::values(std::span<const Configuration> configurations) const {
  Eigen::VectorXd result = acquisition_.values(configurations);
  for (Eigen::Index i = 0; i < result.size(); ++i) {
    result[i] += contribution(configurations[static_cast<std::size_t>(i)]);
  }
  return result;
}

double PriorAcquisition::value_and_gradient(const Configuration& configuration, const Eigen::VectorXd& unit,
                                            Eigen::Ref<Eigen::VectorXd> gradient) const {
  Eigen::VectorXd own(gradient.size());
  const double value = acquisition_.value_and_gradient(configuration, unit, gradient);
  const double belief = prior_.log_density_and_gradient(space_, configuration, unit, own);
  gradient += exponent_ * own;
  return value + exponent_ * belief;
}

}  // namespace hyperego
