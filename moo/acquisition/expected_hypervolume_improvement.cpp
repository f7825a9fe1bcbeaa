#include <hyperego/core/error.hpp>
#include <hyperego/moo/acquisition/expected_hypervolume_improvement.hpp>
#include <hyperego/moo/model/expected_improvement.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace hyperego {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// What is still open while the front's points come in the order of their third objective: the first two objectives in
/// [low, high) × (−∞, top), from `since` on in the third.
struct Strip {
  double low, high, top, since;
};

/// Strips from left to right, their tops falling.
class Staircase {
 public:
  explicit Staircase(const Eigen::VectorXd& reference) {
    strips_.push_back({-infinity, reference[0], reference[1], -infinity});
  }

  /// Takes a point in; `close(strip)` is called for every strip that ends there.
  template <typename Close>
  void insert(double x, double y, double z, const Close& close) {
    const auto cut_by = [&](const Strip& strip) { return strip.high > x && strip.top > y; };
    const auto first = std::find_if(strips_.begin(), strips_.end(), cut_by);
    const auto last = std::find_if_not(first, strips_.end(), cut_by);
    if (first == last) return;  // the point is dominated
    std::vector<Strip> changed;
    if (first->low < x) changed.push_back({first->low, x, first->top, z});
    changed.push_back({std::max(first->low, x), std::prev(last)->high, y, z});
    std::for_each(first, last, close);
    strips_.insert(strips_.erase(first, last), changed.begin(), changed.end());
  }

  [[nodiscard]] const std::vector<Strip>& strips() const { return strips_; }

 private:
  std::vector<Strip> strips_;
};

/// The objective is normal on another scale than its own.
bool is_bent(std::span<const TargetTransform> transforms, std::size_t j) {
  return !transforms.empty() && transforms[j].kind() != TargetTransform::Kind::none;
}

/// Cuts at equal distances from the front's best value up to the reference, and ever wider apart below it, down to the
/// lowest value that there can be.
void add_pieces(std::vector<double>& cuts, double lowest, double best, double reference) {
  constexpr int pieces = 8;
  for (int k = 0; k < pieces; ++k) {
    cuts.push_back(best + (reference - best) * k / pieces);
    cuts.push_back(best - (best - lowest) * std::ldexp(1.0, -k));
  }
}

}  // namespace

ExpectedHypervolumeImprovement::ExpectedHypervolumeImprovement(const Eigen::MatrixXd& front,
                                                               const Eigen::VectorXd& reference,
                                                               std::span<const TargetTransform> transforms)
    : objectives_(static_cast<int>(reference.size())) {
  if (objectives_ != 2 && objectives_ != 3) {
    throw InvalidInput("reference", "has " + std::to_string(objectives_) +
                                        " objectives; the expected hypervolume improvement is exact for 2 and 3");
  }
  if (front.cols() != reference.size()) throw InvalidInput("front", "needs one column for every objective");
  if (!front.allFinite() || !reference.allFinite()) throw InvalidInput("front", "has values that are not finite");
  if (!transforms.empty() && transforms.size() != static_cast<std::size_t>(objectives_)) {
    throw InvalidInput("transforms", "needs one for every objective, or none");
  }
  tile(front, reference, transforms);
  place_normals(transforms);
}

void ExpectedHypervolumeImprovement::place_normals(std::span<const TargetTransform> transforms) {
  for (std::size_t j = 0; j < static_cast<std::size_t>(objectives_); ++j) {
    const std::vector<double>& cuts = cuts_[j];
    normal_cuts_[j] = cuts;
    slopes_[j].assign(cuts.size(), 1.0);
    if (!is_bent(transforms, j)) continue;
    std::vector<double>& normal = normal_cuts_[j];
    for (std::size_t c = 1; c < cuts.size(); ++c) {
      normal[c] = transforms[j].to_model(cuts[c]).on_model_scale();
      const double step = c == 1 ? 0 : normal[c] - normal[c - 1];
      slopes_[j][c] = step > 0 ? (cuts[c] - cuts[c - 1]) / step : 1 / transforms[j].derivative(cuts[c]);
    }
    if (cuts.size() > 2) slopes_[j][1] = 0;  // nothing lies below the lowest
  }
}

std::uint32_t ExpectedHypervolumeImprovement::cut(std::size_t j, double at) const {
  return static_cast<std::uint32_t>(std::lower_bound(cuts_[j].begin(), cuts_[j].end(), at) - cuts_[j].begin());
}

void ExpectedHypervolumeImprovement::tile(const Eigen::MatrixXd& front, const Eigen::VectorXd& reference,
                                          std::span<const TargetTransform> transforms) {
  const auto m = static_cast<Eigen::Index>(objectives_);
  std::vector<Eigen::Index> order;
  for (Eigen::Index i = 0; i < front.rows(); ++i) {
    if ((front.row(i).transpose().array() < reference.array()).all()) order.push_back(i);
  }
  // Of two objectives all points come at once.
  const auto third = [&](Eigen::Index i) { return m == 3 ? front(i, 2) : -infinity; };
  std::stable_sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) { return third(a) < third(b); });
  for (std::size_t j = 0; j < static_cast<std::size_t>(m); ++j) {
    const auto column = static_cast<Eigen::Index>(j);
    cuts_[j] = {-infinity, reference[column]};
    for (const Eigen::Index i : order) cuts_[j].push_back(front(i, column));
    if (is_bent(transforms, j)) {
      const double best = *std::min_element(cuts_[j].begin() + 1, cuts_[j].end());
      add_pieces(cuts_[j], std::min(transforms[j].lowest(), best), best, reference[column]);
    }
    std::sort(cuts_[j].begin(), cuts_[j].end());
    cuts_[j].erase(std::unique(cuts_[j].begin(), cuts_[j].end()), cuts_[j].end());
  }
  Staircase staircase(reference);
  const auto close_at = [&](double z) {
    return [this, z, m](const Strip& strip) {
      if (m == 3 && strip.since == z) return;
      Box box{{cut(0, strip.low), 0, 0}, {cut(0, strip.high), cut(1, strip.top), 0}};
      if (m == 3) {
        box.lower[2] = cut(2, strip.since);
        box.upper[2] = cut(2, z);
      }
      boxes_.push_back(box);
    };
  };
  const auto nothing = [](const Strip&) {};
  for (const Eigen::Index i : order) {
    if (m == 3) {
      staircase.insert(front(i, 0), front(i, 1), front(i, 2), close_at(front(i, 2)));
    } else {
      staircase.insert(front(i, 0), front(i, 1), -infinity, nothing);
    }
  }
  std::for_each(staircase.strips().begin(), staircase.strips().end(), close_at(m == 3 ? reference[2] : 0.0));
}

ExpectedHypervolumeImprovement::Value ExpectedHypervolumeImprovement::log_value(
    const Eigen::Ref<const Eigen::VectorXd>& mean, const Eigen::Ref<const Eigen::VectorXd>& deviation,
    bool with_gradient) const {
  const auto m = static_cast<std::size_t>(objectives_);
  // Ψ of the normal at every cut, Ψ relative to that at the reference point, and its derivatives.
  std::array<std::vector<LogExpectedImprovement>, 3> logs;
  std::array<std::vector<double>, 3> psi;
  std::array<std::vector<double>, 3> psi_mean;
  std::array<std::vector<double>, 3> psi_deviation;
  double at_reference = 0;
  for (std::size_t j = 0; j < m; ++j) {
    const auto row = static_cast<Eigen::Index>(j);
    const std::size_t cuts = cuts_[j].size();
    logs[j].resize(cuts);
    for (std::vector<double>* by : {&psi[j], &psi_mean[j], &psi_deviation[j]}) by->assign(cuts, 0.0);
    for (std::size_t c = 1; c < cuts; ++c) {
      logs[j][c] = log_expected_improvement(mean[row], deviation[row], normal_cuts_[j][c]);
    }
    double below = 0;
    double below_mean = 0;
    double below_deviation = 0;
    for (std::size_t c = 1; c < cuts; ++c) {
      const double here = std::exp(logs[j][c].value - logs[j].back().value);
      const double here_mean = here * logs[j][c].d_mean;
      const double here_deviation = here * logs[j][c].d_deviation;
      psi[j][c] = psi[j][c - 1] + slopes_[j][c] * (here - below);
      psi_mean[j][c] = psi_mean[j][c - 1] + slopes_[j][c] * (here_mean - below_mean);
      psi_deviation[j][c] = psi_deviation[j][c - 1] + slopes_[j][c] * (here_deviation - below_deviation);
      below = here;
      below_mean = here_mean;
      below_deviation = here_deviation;
    }
    at_reference += logs[j].back().value;
  }

  Value result;
  double sum = 0;
  std::array<double, 3> sum_mean{};
  std::array<double, 3> sum_deviation{};
  for (const Box& box : boxes_) {
    std::array<double, 3> width{1, 1, 1};
    for (std::size_t j = 0; j < m; ++j) width[j] = psi[j][box.upper[j]] - psi[j][box.lower[j]];
    sum += width[0] * width[1] * width[2];
    if (!with_gradient) continue;
    for (std::size_t j = 0; j < m; ++j) {
      const double others = width[(j + 1) % 3] * width[(j + 2) % 3];
      const std::uint32_t u = box.upper[j];
      const std::uint32_t l = box.lower[j];
      sum_mean[j] += others * (psi_mean[j][u] - psi_mean[j][l]);
      sum_deviation[j] += others * (psi_deviation[j][u] - psi_deviation[j][l]);
    }
  }
  if (sum > 1e-250) {
    result.value = at_reference + std::log(sum);
    for (std::size_t j = 0; j < m; ++j) {
      result.d_mean[static_cast<Eigen::Index>(j)] = sum_mean[j] / sum;
      result.d_deviation[static_cast<Eigen::Index>(j)] = sum_deviation[j] / sum;
    }
    return result;
  }

  std::vector<double> terms;
  for (const Box& box : boxes_) {
    double term = 0;
    for (std::size_t j = 0; j < m; ++j) term += logs[j][box.upper[j]].value + std::log(slopes_[j][box.upper[j]]);
    terms.push_back(term);
  }
  const double largest = *std::max_element(terms.begin(), terms.end());
  double total = 0;
  for (std::size_t b = 0; b < boxes_.size(); ++b) {
    const double share = std::exp(terms[b] - largest);
    total += share;
    for (std::size_t j = 0; j < m && with_gradient; ++j) {
      const LogExpectedImprovement& at = logs[j][boxes_[b].upper[j]];
      result.d_mean[static_cast<Eigen::Index>(j)] += share * at.d_mean;
      result.d_deviation[static_cast<Eigen::Index>(j)] += share * at.d_deviation;
    }
  }
  result.value = largest + std::log(total);
  result.d_mean /= total;
  result.d_deviation /= total;
  return result;
}

}  // namespace hyperego
