#include <hyperego/surrogate/gaussian_process/detail/fourier_features.hpp>
#include <hyperego/surrogate/gaussian_process/detail/fourier_tables.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hyperego::detail {
namespace {

/// The wider density of u: uniform in log u, so that frequencies up to about 1000/ℓ are all found.
constexpr double least_wide = 5e-6;
constexpr double most_wide = 5.0;
/// Shares of features with one and with two wide axes.
constexpr double one_wide_share = 0.35;
constexpr double two_wide_share = 0.35;

/// Something a feature is random in: the shared scale of one or all numeric coordinates, or the signs of a categorical.
struct Axis {
  bool numeric = true;
  double equal_share = 0;  // ρ
};

/// A drawn axis, and by how much more likely the wider density is to draw it.
struct DrawnAxis {
  double u = 1;            // numeric
  bool has_signs = false;  // categorical
  double odds = 1;
};

DrawnAxis draw_axis(const Axis& axis, bool wide, Rng& rng) {
  DrawnAxis drawn;
  if (!axis.numeric) {
    drawn.has_signs = rng.uniform() >= (wide ? 0.5 : axis.equal_share);
    drawn.odds = 0.5 / (drawn.has_signs ? 1.0 - axis.equal_share : axis.equal_share);
    return drawn;
  }
  const double span = std::log(most_wide / least_wide);
  if (wide) {
    drawn.u = least_wide * std::exp(span * rng.uniform());
  } else {
    const double normal = rng.normal();
    drawn.u = 2.0 * (rng.exponential() + rng.exponential()) + normal * normal;
  }
  const double density =
      drawn.u * std::sqrt(drawn.u) * std::exp(-0.5 * drawn.u) / (std::pow(2.0, 2.5) * std::tgamma(2.5));
  const bool within = drawn.u >= least_wide && drawn.u <= most_wide;
  drawn.odds = within ? 1.0 / (span * drawn.u) / density : 0.0;
  return drawn;
}

/// Which axes are drawn from their wider density; `count` where none.
struct Wide {
  std::size_t first;
  std::size_t second;
};

Wide choose_wide(std::size_t count, Rng& rng) {
  Wide wide{count, count};
  const double which = rng.uniform();
  if (count == 0 || which >= one_wide_share + two_wide_share) return wide;
  wide.first = rng.below(count);
  if (which < one_wide_share || count == 1) return wide;
  wide.second = rng.below(count - 1);
  if (wide.second >= wide.first) ++wide.second;
  return wide;
}

/// By how much more likely the mixture is than the spectral density to draw a feature whose axes' odds have the sum
/// `singles` and, over pairs, the sum of products `pairs`.
double mixture_odds(std::size_t count, double singles, double pairs) {
  const auto axes = static_cast<double>(count);
  const double none = 1.0 - one_wide_share - two_wide_share;
  if (count == 0) return 1.0;
  if (count == 1) return none + (one_wide_share + two_wide_share) * singles;
  return none + one_wide_share * singles / axes + two_wide_share * pairs / (0.5 * axes * (axes - 1.0));
}

std::vector<Axis> axes_of(const Kernel& kernel) {
  std::vector<Axis> axes;
  bool shared = false;
  for (Eigen::Index l = 0; l < kernel.number_of_features(); ++l) {
    if (kernel.kinds()[static_cast<std::size_t>(l)] == FeatureKind::categorical) {
      // ρ = 0 or 1 to the last bit would make odds infinite.
      const double equal_share = std::clamp(std::exp(-1.0 / kernel.length_scale(l)), 1e-12, 1.0 - 1e-12);
      axes.push_back({.numeric = false, .equal_share = equal_share});
    } else if (kernel.form() == KernelForm::product || !std::exchange(shared, true)) {
      axes.push_back({.numeric = true});
    }
  }
  return axes;
}

}  // namespace

FourierFeatures::FourierFeatures(const Kernel& kernel, const std::vector<Eigen::Index>& categories, Eigen::Index count,
                                 Rng& rng) {
  const Eigen::Index p = kernel.number_of_features();
  frequencies_ = Eigen::MatrixXd::Zero(count, p);
  weights_.resize(2 * count);
  for (Eigen::Index l = 0; l < p; ++l) {
    const bool numeric = kernel.kinds()[static_cast<std::size_t>(l)] == FeatureKind::numeric;
    const Eigen::Index columns = numeric ? 0 : categories[static_cast<std::size_t>(l)];
    signs_.emplace_back(Eigen::MatrixXd::Ones(columns == 0 ? 0 : count, columns));
  }
  const std::vector<Axis> axes = axes_of(kernel);
  std::vector<DrawnAxis> drawn(axes.size());
  for (Eigen::Index f = 0; f < count; ++f) {
    const Wide wide = choose_wide(axes.size(), rng);
    double singles = 0;
    double pairs = 0;
    for (std::size_t a = 0; a < axes.size(); ++a) {
      drawn[a] = draw_axis(axes[a], a == wide.first || a == wide.second, rng);
      pairs += drawn[a].odds * singles;
      singles += drawn[a].odds;
    }
    std::size_t next = 0;
    std::size_t shared = axes.size();
    for (Eigen::Index l = 0; l < p; ++l) {
      if (is_categorical(l)) {
        Eigen::MatrixXd& signs = signs_[static_cast<std::size_t>(l)];
        if (!drawn[next++].has_signs) continue;
        for (Eigen::Index c = 0; c < signs.cols(); ++c) signs(f, c) = rng.below(2) == 0 ? -1.0 : 1.0;
      } else {
        if (kernel.form() == KernelForm::product || shared == axes.size()) shared = next++;
        frequencies_(f, l) = rng.normal() * std::sqrt(5.0 / drawn[shared].u) / kernel.length_scale(l);
      }
    }
    const double share = 1.0 / mixture_odds(axes.size(), singles, pairs);
    const double scale = std::sqrt(kernel.signal_variance() * share / static_cast<double>(count));
    weights_[f] = scale * rng.normal();
    weights_[count + f] = scale * rng.normal();
  }
}

void FourierFeatures::phases(Eigen::Index feature, double coordinate, double* row) const {
  if (is_categorical(feature)) {
    std::fill_n(row, count(), 1.0);
    std::fill_n(row + count(), count(), 0.0);
    multiply_signs_of(feature, coordinate, row);
  } else {
    HYPEREGO_DISPATCH(phases_at, frequencies_.col(feature).data(), coordinate, count(), row);
  }
}

void FourierFeatures::multiply_signs_of(Eigen::Index feature, double category, double* row) const {
  const auto column = static_cast<Eigen::Index>(category);
  HYPEREGO_DISPATCH(multiply_signs, signs_[static_cast<std::size_t>(feature)].col(column).data(), count(), row);
}

void FourierFeatures::joined_phases(const Eigen::Ref<const Eigen::VectorXd>& features, Eigen::VectorXd& angles,
                                    Eigen::VectorXd& row) const {
  angles.setZero(count());
  row.resize(2 * count());
  for (Eigen::Index l = 0; l < features.size(); ++l) {
    if (!is_categorical(l)) angles += frequencies_.col(l) * features[l];
  }
  HYPEREGO_DISPATCH(unit_phases, angles.data(), count(), row.data());
  for (Eigen::Index l = 0; l < features.size(); ++l) {
    if (is_categorical(l)) multiply_signs_of(l, features[l], row.data());
  }
}

Eigen::VectorXd FourierFeatures::values(const Eigen::Ref<const Eigen::MatrixXd>& features) const {
  Eigen::VectorXd values(features.cols());
  Eigen::VectorXd angles;
  Eigen::VectorXd row;
  for (Eigen::Index j = 0; j < features.cols(); ++j) {
    joined_phases(features.col(j), angles, row);
    values[j] = weights_.head(count()).dot(row.head(count())) - weights_.tail(count()).dot(row.tail(count()));
  }
  return values;
}

double FourierFeatures::value_and_gradient(const Eigen::Ref<const Eigen::VectorXd>& features,
                                           Eigen::Ref<Eigen::VectorXd> gradient) const {
  Eigen::VectorXd angles;
  Eigen::VectorXd row;
  joined_phases(features, angles, row);
  const auto real = row.head(count()).array();
  const auto imaginary = row.tail(count()).array();
  const auto a = weights_.head(count()).array();
  const auto b = weights_.tail(count()).array();
  // d/dθ Re[(a + ib) e^{iθ}] = −(a sin θ + b cos θ).
  const Eigen::VectorXd slopes = -(a * imaginary + b * real);
  gradient = frequencies_.transpose() * slopes;
  return (a * real - b * imaginary).sum();
}

}  // namespace hyperego::detail
