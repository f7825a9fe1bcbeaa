#include <hyperego/moo/trials/partial_trials.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hyperego {
namespace {

/// First, last, and the ones nearest to equal steps of distance between them.
std::vector<std::size_t> informative(const std::vector<double>& distances, std::size_t most) {
  std::vector<std::size_t> chosen;
  const std::size_t n = distances.size();
  const std::size_t wanted = std::min(n, std::max<std::size_t>(most, 1));
  for (std::size_t k = 0; k < wanted; ++k) {
    const double share = wanted == 1 ? 1 : static_cast<double>(k) / static_cast<double>(wanted - 1);
    const double aim = distances.front() + share * (distances.back() - distances.front());
    std::size_t nearest = 0;
    for (std::size_t i = 1; i < n; ++i) {
      if (std::abs(distances[i] - aim) < std::abs(distances[nearest] - aim)) nearest = i;
    }
    if (chosen.empty() || chosen.back() != nearest) chosen.push_back(nearest);
  }
  return chosen;
}

}  // namespace

PartialTrials::Standing& PartialTrials::at(const Configuration& configuration) {
  const auto [place, is_new] = place_.try_emplace(configuration, standings_.size());
  if (is_new) standings_.push_back({.configuration = configuration});
  return standings_[place->second];
}

const PartialTrials::Standing* PartialTrials::standing(const Configuration& configuration) const {
  const auto place = place_.find(configuration);
  return place == place_.end() ? nullptr : &standings_[place->second];
}

void PartialTrials::suggest(std::uint64_t number, const Configuration& configuration, std::optional<double> fidelity) {
  if (!fidelity_) return;
  pending_[number] = {configuration, fidelity_->below_full(fidelity)};
  ++at(configuration).pending;
}

void PartialTrials::end(const Trial& trial) {
  const TrialStatus status = trial.outcome.status;
  if (status == TrialStatus::lost) return;
  if (!fidelity_) {
    spent_ += trial.outcome.cost.value_or(1);
    return;
  }
  Standing& standing = at(trial.configuration);
  const std::optional<double> below = fidelity_->below_full(trial.fidelity);
  spent_ += trial.outcome.cost.value_or(cost(below.value_or(fidelity_->full), trial.continues ? &standing : nullptr));
  if (pending_.erase(trial.number) > 0) --standing.pending;
  measure(trial, below.value_or(fidelity_->full));
  observe_reports(standing, trial);
  if (status == TrialStatus::completed && below) {
    observe(standing, *below, trial.outcome.objectives, trial.outcome.seconds);
    if (*below > standing.reached) {
      standing.reached = *below;
      standing.trial = trial.number;
    }
  } else {
    standing.has_ended = true;
  }
}

void PartialTrials::learn(const Trial& trial) {
  if (!fidelity_) return;
  Standing& standing = at(trial.configuration);
  observe_reports(standing, trial);
  const std::optional<double> below = fidelity_->below_full(trial.fidelity);
  if (below && trial.outcome.status == TrialStatus::completed)
    observe(standing, *below, trial.outcome.objectives, trial.outcome.seconds);
}

void PartialTrials::observe_reports(Standing& standing, const Trial& trial) {
  for (const IntermediateReport& report : trial.outcome.reports) {
    if (report.fidelity < fidelity_->full) observe(standing, report.fidelity, report.objectives, report.seconds);
  }
}

void PartialTrials::observe(Standing& standing, double fidelity, const Eigen::VectorXd& raw, double seconds) {
  if (raw.size() != static_cast<Eigen::Index>(objectives_.size()) || !raw.allFinite()) return;
  std::vector<Observation>& known = standing.observations;
  const auto place = std::lower_bound(known.begin(), known.end(), fidelity,
                                      [](const Observation& o, double value) { return o.fidelity < value; });
  ++number_observed_;
  Observation observation{fidelity, to_minimised(objectives_, raw), seconds};
  if (place != known.end() && place->fidelity == fidelity) {
    *place = std::move(observation);
  } else {
    known.insert(place, std::move(observation));
  }
}

PartialTrials::Observations PartialTrials::observations(std::size_t most) const {
  Observations result;
  std::vector<Eigen::VectorXd> rows;
  std::vector<double> apart;
  for (const Standing& standing : standings_) {
    if (standing.observations.empty()) continue;
    std::vector<double> distances;
    for (const Observation& observation : standing.observations) {
      distances.push_back(fidelity_->distance(observation.fidelity));
    }
    for (const std::size_t i : informative(distances, most)) {
      result.configurations.push_back(standing.configuration);
      rows.push_back(standing.observations[i].minimised);
      apart.push_back(distances[i]);
    }
  }
  const auto n = static_cast<Eigen::Index>(rows.size());
  result.minimised.resize(n, static_cast<Eigen::Index>(objectives_.size()));
  result.distances.resize(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    result.minimised.row(i) = rows[static_cast<std::size_t>(i)].transpose();
    result.distances[i] = apart[static_cast<std::size_t>(i)];
  }
  return result;
}

std::size_t PartialTrials::pending_in_full() const {
  return static_cast<std::size_t>(
      std::count_if(pending_.begin(), pending_.end(), [](const auto& trial) { return !trial.second.fidelity; }));
}

void PartialTrials::measure(const Trial& trial, double value) {
  const double cost = trial.outcome.cost.value_or(0);
  if (!fidelity_->cost_is_measured || trial.continues || !(cost > 0) || !(value > 0)) return;
  if (trial.outcome.status != TrialStatus::completed) return;
  const double x = std::log(value / fidelity_->full);
  const double y = std::log(cost);
  measured_.count += 1;
  measured_.x += x;
  measured_.xx += x * x;
  measured_.y += y;
  measured_.xy += x * y;
}

double PartialTrials::cost_from_scratch(double value) const {
  const double spread = measured_.count * measured_.xx - measured_.x * measured_.x;
  if (!(spread > 1e-9) || !(value > 0)) return fidelity_->declared_cost(value);
  const double power = std::clamp((measured_.count * measured_.xy - measured_.x * measured_.y) / spread, 0.1, 3.0);
  const double at_full = (measured_.y - power * measured_.x) / measured_.count;
  return std::exp(at_full + power * std::log(value / fidelity_->full));
}

double PartialTrials::cost(double value, const Standing* standing) const {
  if (!fidelity_) return 1;
  const double whole = cost_from_scratch(value);
  const bool goes_on = standing != nullptr && standing->trial && fidelity_->training == Fidelity::Training::continues;
  return goes_on ? std::max(0.0, whole - cost_from_scratch(standing->reached)) : whole;
}

}  // namespace hyperego
