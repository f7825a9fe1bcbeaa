#include <hyperego/core/error.hpp>
#include <hyperego/moo/front/simplex_lattice.hpp>
#include <hyperego/moo/problems/detail/front_grid.hpp>
#include <hyperego/moo/problems/detail/record_segments.hpp>
#include <hyperego/moo/problems/dtlz.hpp>

#include <cmath>
#include <numbers>
#include <numeric>

namespace hyperego {
namespace {

using std::numbers::pi;
constexpr double dtlz4_exponent = 100;
constexpr double scale_factor = 10;

/// DTLZ1 and 3: a rugged bowl.
double rugged_distance(std::span<const double> x) {
  double sum = static_cast<double>(x.size());
  for (const double v : x) sum += (v - 0.5) * (v - 0.5) - std::cos(20 * pi * (v - 0.5));
  return 100 * sum;
}

double bowl_distance(std::span<const double> x) {
  return std::accumulate(x.begin(), x.end(), 0.0, [](double sum, double v) { return sum + (v - 0.5) * (v - 0.5); });
}

double tenth_root_distance(std::span<const double> x) {
  return std::accumulate(x.begin(), x.end(), 0.0, [](double sum, double v) { return sum + std::pow(v, 0.1); });
}

/// Objective i is radius · Π cos(π/2 t_j) over the first m − 1 − i positions, times sin(π/2 t) of the next one.
Eigen::VectorXd on_sphere(const Eigen::VectorXd& position, double radius) {
  const Eigen::Index m = position.size() + 1;
  Eigen::VectorXd f = Eigen::VectorXd::Constant(m, radius);
  for (Eigen::Index i = 0; i < m; ++i) {
    for (Eigen::Index j = 0; j < m - 1 - i; ++j) f(i) *= std::cos(position(j) * pi / 2);
    if (i > 0) f(i) *= std::sin(position(m - 1 - i) * pi / 2);
  }
  return f;
}

Eigen::VectorXd on_simplex(std::span<const double> position, double size) {
  const std::size_t m = position.size() + 1;
  Eigen::VectorXd f = Eigen::VectorXd::Constant(static_cast<Eigen::Index>(m), size);
  for (std::size_t i = 0; i < m; ++i) {
    double& value = f(static_cast<Eigen::Index>(i));
    for (std::size_t j = 0; j < m - 1 - i; ++j) value *= position[j];
    if (i > 0) value *= 1 - position[m - 1 - i];
  }
  return f;
}

/// DTLZ5 and 6: away from the front the other angles leave π/4.
Eigen::VectorXd degenerate_position(std::span<const double> position, double g) {
  Eigen::VectorXd theta(static_cast<Eigen::Index>(position.size()));
  theta(0) = position[0];
  for (std::size_t j = 1; j < position.size(); ++j) {
    theta(static_cast<Eigen::Index>(j)) = (1 + 2 * g * position[j]) / (2 * (1 + g));
  }
  return theta;
}

double dtlz7_term(double f, double g) { return f / (1 + g) * (1 + std::sin(3 * pi * f)); }

/// DTLZ7 trades each of the first objectives against the last one, independently of the others: what counts is where
/// f (1 + sin 3πf) is larger than at any smaller f.
const detail::Segments& dtlz7_segments() {
  static const auto segments = detail::record_segments([](double f) { return -dtlz7_term(f, 0); }, 0, 1);
  return segments;
}

Eigen::VectorXd dtlz7(std::span<const double> position, std::span<const double> distance) {
  const auto m = static_cast<Eigen::Index>(position.size()) + 1;
  const double g =
      1 + 9 * std::accumulate(distance.begin(), distance.end(), 0.0) / static_cast<double>(distance.size());
  Eigen::VectorXd f(m);
  double h = static_cast<double>(m);
  for (std::size_t i = 0; i < position.size(); ++i) {
    f(static_cast<Eigen::Index>(i)) = position[i];
    h -= dtlz7_term(position[i], g);
  }
  f(m - 1) = (1 + g) * h;
  return f;
}

Eigen::MatrixXd dtlz7_front(int objectives, Eigen::Index count) {
  const Eigen::Index side = detail::grid_side(objectives - 1, count);
  const Eigen::VectorXd values = detail::spread_over(dtlz7_segments(), side);
  Eigen::MatrixXd front(detail::grid_size(objectives - 1, side), objectives);
  for (Eigen::Index row = 0; row < front.rows(); ++row) {
    const auto position = detail::grid_point(values, objectives - 1, row);
    const double on_front = 0;
    front.row(row) =
        dtlz7(std::span(position.data(), static_cast<std::size_t>(position.size())), std::span(&on_front, 1))
            .transpose();
  }
  return front;
}

}  // namespace

Dtlz::Dtlz(int function, int variables, int objectives, DtlzVariant variant)
    : function_(function), variables_(variables), objectives_(objectives), variant_(variant) {
  if (function < 1 || function > 7) throw InvalidInput("function", "DTLZ has the functions 1 to 7");
  const bool exists = variant == DtlzVariant::plain ||
                      (variant == DtlzVariant::convex ? function == 2 || function == 4 : function == 1);
  if (!exists) throw InvalidInput("variant", "exists for DTLZ2 and 4 (convex) and for DTLZ1 (inverted, scaled)");
  if (objectives < 2)
    throw InvalidInput("objectives", "is " + std::to_string(objectives) + "; " + name() + " needs 2 or more");
  if (variables < objectives) {
    throw InvalidInput("variables", "is " + std::to_string(variables) + "; " + name() + " with " +
                                        std::to_string(objectives) + " objectives needs " + std::to_string(objectives) +
                                        " or more");
  }
}

std::string Dtlz::name() const {
  static constexpr const char* prefixes[] = {"", "Convex", "Inverted", "Scaled"};
  return std::string(prefixes[static_cast<int>(variant_)]) + "DTLZ" + std::to_string(function_);
}

Eigen::VectorXd Dtlz::plain_objectives(std::span<const double> position, std::span<const double> distance) const {
  if (function_ == 7) return dtlz7(position, distance);
  if (function_ == 1) {
    const double size = 0.5 * (1 + rugged_distance(distance));
    const Eigen::VectorXd f = on_simplex(position, size);
    return variant_ == DtlzVariant::inverted ? Eigen::VectorXd(size - f.array()) : f;
  }
  const double g = function_ == 3   ? rugged_distance(distance)
                   : function_ == 6 ? tenth_root_distance(distance)
                                    : bowl_distance(distance);
  if (function_ == 5 || function_ == 6) return on_sphere(degenerate_position(position, g), 1 + g);
  Eigen::VectorXd angles =
      Eigen::Map<const Eigen::VectorXd>(position.data(), static_cast<Eigen::Index>(position.size()));
  if (function_ == 4) angles = angles.array().pow(dtlz4_exponent);
  return on_sphere(angles, 1 + g);
}

namespace {

/// Turns objectives (one row per point) of the plain problem into those of the variant.
void apply_variant(DtlzVariant variant, Eigen::Ref<Eigen::MatrixXd> f) {
  const Eigen::Index m = f.cols();
  if (variant == DtlzVariant::convex) {
    f.leftCols(m - 1) = f.leftCols(m - 1).array().square().square();
    f.col(m - 1) = f.col(m - 1).array().square();
  } else if (variant == DtlzVariant::scaled) {
    for (Eigen::Index i = 0; i < m; ++i) f.col(i) *= std::pow(scale_factor, static_cast<double>(i));
  }
}

}  // namespace

Eigen::VectorXd Dtlz::evaluate(std::span<const double> x) const {
  const auto positions = static_cast<std::size_t>(objectives_ - 1);
  Eigen::MatrixXd f = plain_objectives(x.first(positions), x.subspan(positions)).transpose();
  apply_variant(variant_, f);
  return f.row(0).transpose();
}

FrontKnowledge Dtlz::front_knowledge() const {
  const bool degenerate = function_ == 5 || function_ == 6;
  return degenerate && objectives_ > 3 ? FrontKnowledge::conventional : FrontKnowledge::exact;
}

Eigen::MatrixXd Dtlz::plain_front(Eigen::Index count) const {
  if (function_ == 7) return dtlz7_front(objectives_, count);
  if (function_ == 5 || function_ == 6) {
    Eigen::MatrixXd front(count, objectives_);
    Eigen::VectorXd position = Eigen::VectorXd::Constant(objectives_ - 1, 0.5);
    for (Eigen::Index i = 0; i < count; ++i) {
      position(0) = static_cast<double>(i) / static_cast<double>(count - 1);
      front.row(i) = on_sphere(position, 1).transpose();
    }
    return front;
  }
  Eigen::MatrixXd front = simplex_lattice_within(objectives_, count);
  if (function_ == 1) {
    front *= 0.5;
    if (variant_ == DtlzVariant::inverted) front = 0.5 - front.array();
  } else {
    front.rowwise().normalize();
  }
  return front;
}

Eigen::MatrixXd Dtlz::pareto_front(Eigen::Index count) const {
  Eigen::MatrixXd front = plain_front(count);
  apply_variant(variant_, front);
  return front;
}

std::optional<Eigen::VectorXd> Dtlz::ideal() const {
  Eigen::VectorXd ideal = Eigen::VectorXd::Zero(objectives_);
  if (function_ == 7)
    ideal(objectives_ - 1) = 2 * objectives_ - (objectives_ - 1) * dtlz7_term(dtlz7_segments().back().second, 0);
  return ideal;
}

std::optional<Eigen::VectorXd> Dtlz::nadir() const {
  Eigen::MatrixXd nadir = Eigen::MatrixXd::Constant(1, objectives_, function_ == 1 ? 0.5 : 1.0);
  if (function_ == 7) {
    nadir.setConstant(dtlz7_segments().back().second);
    nadir(objectives_ - 1) = 2 * objectives_;
  }
  if (function_ == 5 || function_ == 6) {
    for (int i = 0; i < objectives_; ++i) {
      nadir(i) = std::pow(std::numbers::sqrt2 / 2, i == 0 ? objectives_ - 2 : objectives_ - 1 - i);
    }
  }
  apply_variant(variant_, nadir);
  return nadir.row(0).transpose();
}

std::vector<std::pair<std::string, double>> Dtlz::parameters() const {
  if (variant_ == DtlzVariant::scaled) return {{"scale_factor", scale_factor}};
  if (function_ == 4) return {{"alpha", dtlz4_exponent}};
  return {};
}

}  // namespace hyperego
