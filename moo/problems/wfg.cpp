#include <hyperego/core/error.hpp>
#include <hyperego/moo/front/pareto.hpp>
#include <hyperego/moo/front/simplex_lattice.hpp>
#include <hyperego/moo/problems/detail/front_grid.hpp>
#include <hyperego/moo/problems/detail/record_segments.hpp>
#include <hyperego/moo/problems/detail/wfg_transformations.hpp>
#include <hyperego/moo/problems/wfg.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego {
namespace {

namespace wfg = detail::wfg;
using Values = std::span<double>;
using ConstValues = std::span<const double>;

/// Applies `transformation` to each value.
template <typename Transformation>
void each(Values y, Transformation transformation) {
  std::transform(y.begin(), y.end(), y.begin(), transformation);
}

/// Reduces the position variables in objectives − 1 equal groups and the distance variables in one.
template <typename Reduction>
Eigen::VectorXd reduce(ConstValues y, std::size_t k, int objectives, Reduction reduction) {
  const std::size_t group = k / static_cast<std::size_t>(objectives - 1);
  Eigen::VectorXd t(objectives);
  for (int i = 0; i < objectives - 1; ++i) t(i) = reduction(static_cast<std::size_t>(i) * group, group);
  t(objectives - 1) = reduction(k, y.size() - k);
  return t;
}

Eigen::VectorXd reduce_means(ConstValues y, std::size_t k, int objectives) {
  return reduce(y, k, objectives,
                [&](std::size_t first, std::size_t size) { return wfg::reduce_mean(y.subspan(first, size)); });
}

Eigen::VectorXd reduce_non_separably(ConstValues y, std::size_t k, int objectives) {
  return reduce(y, k, objectives, [&](std::size_t first, std::size_t size) {
    return wfg::reduce_non_separable(y.subspan(first, size), static_cast<int>(size));
  });
}

Eigen::VectorXd transition_1(Values y, std::size_t k, int objectives) {
  each(y.subspan(k), [](double v) { return wfg::bias_flat(wfg::shift_linear(v, 0.35), 0.8, 0.75, 0.85); });
  each(y, [](double v) { return wfg::bias_polynomial(v, 0.02); });
  std::vector<double> weights(y.size());
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = 2 * static_cast<double>(i + 1);
  return reduce(y, k, objectives, [&](std::size_t first, std::size_t size) {
    return wfg::reduce_weighted(y.subspan(first, size), ConstValues(weights).subspan(first, size));
  });
}

/// WFG2 and 3: pairs of distance variables are merged first.
Eigen::VectorXd transition_2_3(Values y, std::size_t k, int objectives) {
  each(y.subspan(k), [](double v) { return wfg::shift_linear(v, 0.35); });
  std::vector<double> merged(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(k));
  for (std::size_t i = k; i < y.size(); i += 2) merged.push_back(wfg::reduce_non_separable(y.subspan(i, 2), 2));
  return reduce_means(merged, k, objectives);
}

/// WFG7: position variables depend on all behind them; WFG9: every variable does. Values behind are still
/// untransformed.
void bias_by_followers(Values y, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) y[i] = wfg::bias_parameter(y[i], wfg::reduce_mean(y.subspan(i + 1)));
}

/// WFG8: distance variables depend on the untransformed ones before them.
void bias_by_predecessors(Values y, std::size_t k) {
  for (std::size_t i = y.size(); i-- > k;) y[i] = wfg::bias_parameter(y[i], wfg::reduce_mean(y.first(i)));
}

void require(bool holds, const char* where, const std::string& message) {
  if (!holds) throw InvalidInput(where, message);
}

/// WFG2: the first position values at which the disconnected objective is lower than at any smaller value.
detail::Segments wfg2_segments() { return detail::record_segments(wfg::shape_disconnected, 0, 1); }

}  // namespace

Wfg::Wfg(int function, int variables, int objectives, std::optional<int> position_variables)
    : function_(function),
      variables_(variables),
      objectives_(objectives),
      position_variables_(position_variables.value_or(default_position_variables(objectives))) {
  require(function >= 1 && function <= 9, "function", "WFG has the functions 1 to 9");
  require(objectives >= 2, "objectives", "is " + std::to_string(objectives) + "; " + name() + " needs 2 or more");
  const std::string k = std::to_string(position_variables_);
  require(position_variables_ >= 4 && position_variables_ % (objectives - 1) == 0, "position_variables",
          "is " + k + "; give a multiple of objectives − 1 = " + std::to_string(objectives - 1) + " that is 4 or more");
  require(variables > position_variables_, "variables",
          "is " + std::to_string(variables) + "; " + name() + " with " + std::to_string(objectives) +
              " objectives has " + k + " position variables and needs at least one more");
  require((function != 2 && function != 3) || (variables - position_variables_) % 2 == 0, "variables",
          "is " + std::to_string(variables) + "; " + name() +
              " needs an even number of distance variables behind its " + k + " position variables");
}

Eigen::VectorXd Wfg::transition(std::vector<double> values) const {
  const auto k = static_cast<std::size_t>(position_variables_);
  const Values y(values);
  const auto shift_distances = [&] { each(y.subspan(k), [](double v) { return wfg::shift_linear(v, 0.35); }); };
  const auto deceive = [](double v) { return wfg::shift_deceptive(v, 0.35, 0.001, 0.05); };
  switch (function_) {
    case 1:
      return transition_1(y, k, objectives_);
    case 2:
    case 3:
      return transition_2_3(y, k, objectives_);
    case 4:
      each(y, [](double v) { return wfg::shift_multi_modal(v, 30, 10, 0.35); });
      return reduce_means(y, k, objectives_);
    case 5:
      each(y, deceive);
      return reduce_means(y, k, objectives_);
    case 6:
      shift_distances();
      return reduce_non_separably(y, k, objectives_);
    case 7:
      bias_by_followers(y, k);
      shift_distances();
      return reduce_means(y, k, objectives_);
    case 8:
      bias_by_predecessors(y, k);
      shift_distances();
      return reduce_means(y, k, objectives_);
    default:
      bias_by_followers(y, y.size() - 1);
      each(y.first(k), deceive);
      each(y.subspan(k), [](double v) { return wfg::shift_multi_modal(v, 30, 95, 0.35); });
      return reduce_non_separably(y, k, objectives_);
  }
}

Eigen::VectorXd Wfg::shaped(const Eigen::VectorXd& position, double distance) const {
  Eigen::VectorXd f(objectives_);
  for (int m = 1; m <= objectives_; ++m) {
    double h = 0;
    if (function_ >= 4) {
      h = wfg::shape_concave(position, m);
    } else if (function_ == 3) {
      h = wfg::shape_linear(position, m);
    } else if (m < objectives_) {
      h = wfg::shape_convex(position, m);
    } else {
      h = function_ == 1 ? wfg::shape_mixed(position(0)) : wfg::shape_disconnected(position(0));
    }
    f(m - 1) = distance + 2 * m * h;
  }
  return f;
}

Eigen::VectorXd Wfg::evaluate(std::span<const double> x) const {
  std::vector<double> y(x.begin(), x.end());
  for (std::size_t i = 0; i < y.size(); ++i) y[i] /= 2 * static_cast<double>(i + 1);
  const Eigen::VectorXd t = transition(std::move(y));
  const double distance = t(objectives_ - 1);
  Eigen::VectorXd position(objectives_ - 1);
  for (int i = 0; i < objectives_ - 1; ++i) {
    // WFG3 collapses all but the first position value to 1/2 on the front.
    const double degenerate = function_ == 3 && i > 0 ? 0.0 : 1.0;
    position(i) = std::max(distance, degenerate) * (t(i) - 0.5) + 0.5;
  }
  return shaped(position, distance);
}

FrontKnowledge Wfg::front_knowledge() const {
  return function_ == 3 && objectives_ > 2 ? FrontKnowledge::conventional : FrontKnowledge::exact;
}

Eigen::MatrixXd Wfg::pareto_front(Eigen::Index count) const {
  if (function_ >= 4) {
    Eigen::MatrixXd front = simplex_lattice_within(objectives_, count);
    front.rowwise().normalize();
    return front * Eigen::VectorXd::LinSpaced(objectives_, 2.0, 2.0 * objectives_).asDiagonal();
  }
  if (function_ == 3) {
    Eigen::MatrixXd line(count, objectives_);
    Eigen::VectorXd position = Eigen::VectorXd::Constant(objectives_ - 1, 0.5);
    for (Eigen::Index i = 0; i < count; ++i) {
      position(0) = static_cast<double>(i) / static_cast<double>(count - 1);
      line.row(i) = shaped(position, 0).transpose();
    }
    return line;
  }
  const Eigen::Index side = detail::grid_side(objectives_ - 1, count);
  const Eigen::VectorXd even = Eigen::VectorXd::LinSpaced(side, 0.0, 1.0);
  const Eigen::VectorXd first = function_ == 2 ? detail::spread_over(wfg2_segments(), side) : even;
  Eigen::MatrixXd points(detail::grid_size(objectives_ - 1, side), objectives_);
  for (Eigen::Index row = 0; row < points.rows(); ++row) {
    Eigen::VectorXd position = detail::grid_point(even, objectives_ - 1, row);
    position(0) = first(row % side);
    points.row(row) = shaped(position, 0).transpose();
  }
  // Grid points with a first value of 0 coincide in the objectives, and such edges also hold weakly dominated ones.
  const auto kept = non_dominated(points, EqualPoints::keep_first);
  return points(kept, Eigen::all);
}

std::optional<Eigen::VectorXd> Wfg::nadir() const {
  Eigen::VectorXd worst = Eigen::VectorXd::LinSpaced(objectives_, 2.0, 2.0 * objectives_);
  if (function_ == 3) {
    // Objective m < M ends at 2m · 2^−(M−m), the first one at 2 · 2^−(M−2): the other positions are 1/2.
    for (int m = 1; m < objectives_; ++m) worst(m - 1) *= std::pow(0.5, m == 1 ? objectives_ - 2 : objectives_ - m);
  }
  return worst;
}

std::vector<std::pair<std::string, double>> Wfg::parameters() const {
  return {{"k", position_variables_}, {"l", variables_ - position_variables_}};
}

}  // namespace hyperego
