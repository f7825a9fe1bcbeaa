#include <hyperego/moo/fidelity/rungs.hpp>
#include <hyperego/moo/front/pareto.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego {
namespace {

constexpr double rounding = 1e-9;

bool is_at(double fidelity, double rung) { return std::abs(fidelity - rung) <= rounding * std::max(1.0, rung); }

/// What was observed at a rung, and of whom.
struct Field {
  std::vector<const PartialTrials::Standing*> members;
  Eigen::MatrixXd points;
};

Field evaluated_at(const PartialTrials& trials, double rung, bool regularize) {
  Field field;
  std::vector<Eigen::VectorXd> rows;
  for (const PartialTrials::Standing& standing : trials.standings()) {
    for (const PartialTrials::Observation& observation : standing.observations) {
      if (!is_at(observation.fidelity, rung)) continue;
      Eigen::VectorXd row(observation.minimised.size() + (regularize ? 1 : 0));
      row.head(observation.minimised.size()) = observation.minimised;
      if (regularize) row[row.size() - 1] = observation.seconds;
      field.members.push_back(&standing);
      rows.push_back(std::move(row));
    }
  }
  field.points.resize(static_cast<Eigen::Index>(rows.size()), rows.empty() ? 0 : rows.front().size());
  for (std::size_t i = 0; i < rows.size(); ++i) field.points.row(static_cast<Eigen::Index>(i)) = rows[i].transpose();
  return field;
}

}  // namespace

std::vector<double> rungs_of(const Fidelity& fidelity, double eta) {
  const double least = std::max(fidelity.least, fidelity.full * 1e-6);
  const auto steps = static_cast<int>(std::floor(std::log(fidelity.full / least) / std::log(eta) + rounding));
  std::vector<double> rungs;
  for (int r = steps; r > 0; --r) {
    const double value = fidelity.value_at(fidelity.distance(fidelity.full * std::pow(eta, -r)));
    if (value < fidelity.full && (rungs.empty() || value > rungs.back())) rungs.push_back(value);
  }
  rungs.push_back(fidelity.full);
  return rungs;
}

std::vector<std::size_t> best_first(const Eigen::MatrixXd& points) {
  std::vector<std::size_t> order;
  if (points.rows() == 0) return order;
  for (const std::vector<Eigen::Index>& front : non_dominated_sort(points)) {
    Eigen::MatrixXd members(static_cast<Eigen::Index>(front.size()), points.cols());
    for (std::size_t k = 0; k < front.size(); ++k) members.row(static_cast<Eigen::Index>(k)) = points.row(front[k]);
    const Eigen::VectorXd crowding = crowding_distance(members);
    std::vector<std::size_t> within(front.size());
    for (std::size_t k = 0; k < within.size(); ++k) within[k] = k;
    std::stable_sort(within.begin(), within.end(), [&](std::size_t a, std::size_t b) {
      return crowding[static_cast<Eigen::Index>(a)] > crowding[static_cast<Eigen::Index>(b)];
    });
    for (const std::size_t k : within) order.push_back(static_cast<std::size_t>(front[k]));
  }
  return order;
}

std::optional<RungPromotion> next_promotion(const PartialTrials& trials, const std::vector<double>& rungs, double eta,
                                            bool regularize) {
  for (std::size_t r = rungs.size() - 1; r-- > 0;) {
    const Field field = evaluated_at(trials, rungs[r], regularize);
    const std::size_t n = field.members.size();
    const auto promoted = static_cast<std::size_t>(std::floor(static_cast<double>(n) / eta));
    const std::vector<std::size_t> order = best_first(field.points);
    for (std::size_t place = 0; place < promoted; ++place) {
      const PartialTrials::Standing& standing = *field.members[order[place]];
      if (!standing.can_go_on() || standing.reached > rungs[r] + rounding) continue;
      return RungPromotion{standing.configuration, r + 1, place, n};
    }
  }
  return std::nullopt;
}

Eigen::VectorXd starting_shares(std::size_t rungs, double eta) {
  Eigen::VectorXd shares(static_cast<Eigen::Index>(rungs));
  const auto top = static_cast<double>(rungs - 1);
  for (Eigen::Index r = 0; r < shares.size(); ++r) {
    const double above = top - static_cast<double>(r);
    shares[r] = std::ceil((top + 1) / (above + 1) * std::pow(eta, above) - rounding);
  }
  return shares / shares.sum();
}

}  // namespace hyperego
