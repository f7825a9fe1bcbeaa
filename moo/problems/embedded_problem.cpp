#include <hyperego/core/error.hpp>
#include <hyperego/core/number_text.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/moo/problems/embedded_problem.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace hyperego {
namespace {

std::vector<int> relevant_variables(int relevant, int variables) {
  Rng rng(0, "relevant variables");
  std::vector<std::pair<std::uint64_t, int>> keys;
  for (int i = 0; i < variables; ++i) keys.emplace_back(rng(), i);
  std::sort(keys.begin(), keys.end());
  std::vector<int> chosen;
  for (int i = 0; i < relevant; ++i) chosen.push_back(keys[static_cast<std::size_t>(i)].second);
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

/// The original's share of the range at the share u.
double shifted_share(double u, double shift) {
  const double root = std::sin(0.75 * std::numbers::pi * (u - shift));
  return root * root;
}

}  // namespace

EmbeddedProblem::EmbeddedProblem(Problem original, int variables, double shift)
    : original_(std::move(original)), variables_(variables), shift_(shift) {
  const int relevant = original_.number_of_variables();
  if (relevant > variables) {
    throw InvalidInput(
        "relevant", "is " + std::to_string(relevant) + ", more than the " + std::to_string(variables) + " variables");
  }
  if (!(shift >= 0 && shift <= greatest_shift)) {
    throw InvalidInput(
        "shift", "is " + number_text(shift, 7) + "; give a number in [0, " + number_text(greatest_shift, 7) + "]");
  }
  if (shift > 0 && original_.binary()) {
    throw InvalidInput("shift", "the variables of " + original_.name() + " are bits; leave \"shift\" out");
  }
  relevant_ = relevant_variables(relevant, variables);
}

Eigen::VectorXd EmbeddedProblem::spread(const Eigen::VectorXd& bounds, double other) const {
  Eigen::VectorXd all = Eigen::VectorXd::Constant(variables_, other);
  for (std::size_t i = 0; i < relevant_.size(); ++i) all[relevant_[i]] = bounds[static_cast<Eigen::Index>(i)];
  return all;
}

Eigen::VectorXd EmbeddedProblem::evaluate(std::span<const double> x) const {
  std::vector<double> inner(relevant_.size());
  for (std::size_t i = 0; i < inner.size(); ++i) {
    inner[i] = x[static_cast<std::size_t>(relevant_[i])];
    if (shift_ == 0) continue;
    const double lower = original_.lower()[static_cast<Eigen::Index>(i)];
    const double upper = original_.upper()[static_cast<Eigen::Index>(i)];
    const double u = (inner[i] - lower) / (upper - lower);
    const double v = shifted_share(i % 2 == 0 ? u : 1 - u, shift_);
    inner[i] = std::clamp(lower + v * (upper - lower), lower, upper);
  }
  return original_.evaluate(inner);
}

std::vector<std::pair<std::string, double>> EmbeddedProblem::parameters() const {
  auto all = original_.parameters();
  all.emplace_back("shift", shift_);
  return all;
}

}  // namespace hyperego
