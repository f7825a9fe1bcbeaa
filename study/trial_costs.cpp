#include <hyperego/study/trial_costs.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego {
namespace {

constexpr double least_seconds = 1e-6;
constexpr double least_power = 0.05;
constexpr double most_power = 4;

double share_of(double from, double to, double power) {
  return std::max(std::pow(to, power) - (from > 0 ? std::pow(from, power) : 0), 1e-12);
}

}  // namespace

void TrialCosts::learn(std::optional<double> from, double to, double seconds) {
  if (!fidelity_ || !fidelity_->cost_is_measured || !(to > 0)) return;
  const double begin = from.value_or(0) / fidelity_->full;
  const double end = to / fidelity_->full;
  if (!(end > begin)) return;
  measured_.push_back({begin, end, std::log(std::max(seconds, least_seconds))});
  law_.reset();
}

/// For each p the best log A is a mean; the sum of squares over p has one valley in practice: golden section.
std::optional<TrialCosts::PowerLaw> TrialCosts::power_law() const {
  if (law_ || measured_.empty()) return law_;
  const auto log_scale = [&](double power) {
    double sum = 0;
    for (const Measured& one : measured_) sum += one.log_seconds - std::log(share_of(one.from, one.to, power));
    return sum / static_cast<double>(measured_.size());
  };
  const auto loss = [&](double power) {
    const double scale = log_scale(power);
    double sum = (power - 1) * (power - 1);
    for (const Measured& one : measured_) {
      const double residual = one.log_seconds - std::log(share_of(one.from, one.to, power)) - scale;
      sum += residual * residual;
    }
    return sum;
  };
  double low = least_power;
  double high = most_power;
  const double ratio = (std::sqrt(5.0) - 1) / 2;
  for (int step = 0; step < 50; ++step) {
    const double a = high - ratio * (high - low);
    const double b = low + ratio * (high - low);
    (loss(a) <= loss(b) ? high : low) = loss(a) <= loss(b) ? b : a;
  }
  const double power = (low + high) / 2;
  law_ = PowerLaw{std::exp(log_scale(power)), power};
  return law_;
}

double TrialCosts::expected(std::optional<double> from, double to) const {
  if (!fidelity_) return 1;
  if (!fidelity_->cost_is_measured) {
    return std::max(0.0, fidelity_->declared_cost(to) - (from ? fidelity_->declared_cost(*from) : 0));
  }
  const double power = power_law().value_or(PowerLaw{}).power;
  return share_of(from.value_or(0) / fidelity_->full, to / fidelity_->full, power);
}

double TrialCosts::paid(std::optional<double> from, double to, double seconds) const {
  if (!fidelity_ || !fidelity_->cost_is_measured) return expected(from, to);
  const auto law = power_law();
  return law ? std::max(seconds, least_seconds) / law->full_seconds : expected(from, to);
}

}  // namespace hyperego
