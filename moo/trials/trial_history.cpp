#include <hyperego/core/error.hpp>
#include <hyperego/moo/trials/trial_history.hpp>

#include <cmath>
#include <limits>

namespace hyperego {

void TrialHistory::suggest(std::uint64_t number, const Configuration& configuration) {
  if (number != next_) {
    throw InvalidInput("trial " + std::to_string(number), "the next trial is " + std::to_string(next_));
  }
  ++next_;
  pending_.emplace(number, configuration);
  seen_.insert(configuration);
}

void TrialHistory::end(const Trial& trial) {
  const std::string where = "trial " + std::to_string(trial.number);
  if (trial.outcome.status == TrialStatus::lost) return;
  if (trial.outcome.status == TrialStatus::waiting || trial.outcome.status == TrialStatus::running) {
    throw InvalidInput(where, "has not ended; tell it when it has");
  }
  if (ended_.contains(trial.number)) throw InvalidInput(where, "has ended before; a trial is told once");
  if (trial.outcome.status != TrialStatus::stopped) take_result(trial, where);
  seen_.insert(trial.configuration);
  const bool is_users = trial.number >= next_;
  const std::uint64_t number = is_users ? next_++ : trial.number;
  ended_.insert(number);
  pending_.erase(number);
}

void TrialHistory::learn(const Trial& trial) {
  take_result(trial, "trial " + std::to_string(trial.number) + " of an earlier study");
}

void TrialHistory::take_result(const Trial& trial, const std::string& where) {
  if (trial.outcome.status == TrialStatus::completed) {
    if (trial.outcome.objectives.size() != static_cast<Eigen::Index>(objectives_.size())) {
      throw InvalidInput(where, "has " + std::to_string(trial.outcome.objectives.size()) + " objective values; " +
                                    std::to_string(objectives_.size()) + " were expected");
    }
    if (!trial.outcome.objectives.allFinite()) {
      throw InvalidInput(where, "has an objective value that is not finite; tell it as failed");
    }
  }
  if (trial.completed_in_full()) {
    const Eigen::VectorXd minimised = to_minimised(objectives_, trial.outcome.objectives);
    const auto [place, is_first] = place_.try_emplace(trial.configuration, completed_.size());
    if (is_first) {
      completed_.push_back(trial.configuration);
      sums_.push_back(minimised);
      completions_.push_back(1);
    } else {
      constexpr double most = std::numeric_limits<double>::max();
      sums_[place->second] = (sums_[place->second] + minimised).cwiseMin(most).cwiseMax(-most);
      ++completions_[place->second];
    }
    ++number_completed_;
  }
  const bool is_constrained = trial.outcome.constraints.size() > 0 && trial.outcome.constraints.allFinite();
  const bool has_result = trial.outcome.status == TrialStatus::completed ||
                          (trial.outcome.status == TrialStatus::infeasible && is_constrained);
  (has_result ? succeeded_ : failed_).push_back(trial.configuration);
  if (has_result && is_constrained) {
    constrained_.push_back(trial.configuration);
    constraint_values_.push_back(trial.outcome.constraints);
  }
}

Eigen::MatrixXd TrialHistory::minimised() const {
  Eigen::MatrixXd result(static_cast<Eigen::Index>(sums_.size()), static_cast<Eigen::Index>(objectives_.size()));
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    result.row(static_cast<Eigen::Index>(i)) = (sums_[i] / static_cast<double>(completions_[i])).transpose();
  }
  return result;
}

Eigen::MatrixXd TrialHistory::constraint_values() const {
  const Eigen::Index constraints = constraint_values_.empty() ? 0 : constraint_values_.front().size();
  Eigen::MatrixXd result(static_cast<Eigen::Index>(constraint_values_.size()), constraints);
  for (std::size_t i = 0; i < constraint_values_.size(); ++i) {
    result.row(static_cast<Eigen::Index>(i)) = constraint_values_[i].transpose();
  }
  return result;
}

namespace {

/// Number of points of the slice's grid if all free hyperparameters are discrete, else infinity.
double grid_size(const Slice& slice) {
  double size = 1;
  for (std::size_t i = 0; i < slice.space().size(); ++i) {
    if (!slice.is_free(i)) continue;
    const std::size_t values = slice.space()[i].cardinality();
    if (values == 0) return std::numeric_limits<double>::infinity();
    size *= static_cast<double>(values);
  }
  return size;
}

}  // namespace

std::optional<Configuration> draw_unseen(const Slice& slice, const TrialHistory& history, Rng rng) {
  for (int attempt = 0; attempt < 1000; ++attempt) {
    std::optional<Configuration> drawn = slice.sample(rng);
    if (drawn && !history.seen(*drawn)) return drawn;
  }
  const double size = grid_size(slice);
  if (size > 65536) return std::nullopt;
  const SearchSpace& space = slice.space();
  Eigen::VectorXd unit = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(space.size()));
  for (std::uint64_t point = 0; point < static_cast<std::uint64_t>(size); ++point) {
    std::uint64_t digits = point;  // mixed radix, one digit per free hyperparameter
    for (std::size_t i = 0; i < space.size(); ++i) {
      if (!slice.is_free(i)) continue;
      const std::uint64_t radix = space[i].cardinality();
      const auto* integer = std::get_if<IntegerDomain>(&space[i].domain);
      const double first = integer != nullptr ? static_cast<double>(integer->lower) : 0;
      unit[static_cast<Eigen::Index>(i)] = space[i].to_unit(first + static_cast<double>(digits % radix));
      digits /= radix;
    }
    Configuration candidate = slice.decode(unit);
    if (!space.is_forbidden(candidate) && !history.seen(candidate)) return candidate;
  }
  return std::nullopt;
}

}  // namespace hyperego
