#include <hyperego/core/number_text.hpp>
#include <hyperego/core/rank_correlation.hpp>
#include <hyperego/report/explanation/detail/support.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace hyperego::detail {
namespace {

/// Chance that independent uniform trials are said to be concentrated, and to leave the baseline alone.
constexpr double false_alarm = 0.01;

/// The values of one player in the trials: unit coordinates, or codes of a categorical; NaN where inactive.
std::vector<double> values_of(const SearchSpace& space, std::span<const Configuration> trials, std::size_t i) {
  std::vector<double> values;
  for (const Configuration& trial : trials) {
    const double code = trial.is_set(i) ? trial[i] : std::numeric_limits<double>::quiet_NaN();
    values.push_back(std::isnan(code) || space[i].is_categorical() ? code : space[i].to_unit(code));
  }
  return values;
}

std::vector<double> without_inactive(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  return values;
}

/// √ of the share of the variance of `ranks` that lies between choices, corrected for the number of choices (ε²).
double correlation_ratio(const std::vector<double>& ranks, const std::vector<double>& choices) {
  std::map<double, std::pair<double, double>> groups;  // sum, count
  double mean = 0;
  for (std::size_t k = 0; k < ranks.size(); ++k) {
    groups[choices[k]].first += ranks[k];
    groups[choices[k]].second += 1;
    mean += ranks[k] / static_cast<double>(ranks.size());
  }
  double between = 0;
  double whole = 0;
  for (const auto& [choice, group] : groups) between += group.second * std::pow(group.first / group.second - mean, 2);
  for (const double rank : ranks) whole += (rank - mean) * (rank - mean);
  const auto n = static_cast<double>(ranks.size());
  const auto k = static_cast<double>(groups.size());
  if (groups.size() < 2 || n <= k || !(whole > 0)) return 0;
  return std::sqrt(std::max(0.0, 1 - (1 - between / whole) * (n - 1) / (n - k)));
}

/// Cramér's V, corrected for its bias (Bergsma, J. Korean Stat. Soc. 42, 2013).
double cramers_v(const std::vector<double>& a, const std::vector<double>& b) {
  std::map<double, double> rows;
  std::map<double, double> columns;
  std::map<std::pair<double, double>, double> cells;
  for (std::size_t k = 0; k < a.size(); ++k) {
    ++rows[a[k]];
    ++columns[b[k]];
    ++cells[{a[k], b[k]}];
  }
  const auto n = static_cast<double>(a.size());
  if (n < 2 || rows.size() < 2 || columns.size() < 2) return 0;
  double squares = -1;
  for (const auto& [cell, count] : cells) squares += count * count / (rows[cell.first] * columns[cell.second]);
  const auto r = static_cast<double>(rows.size());
  const auto c = static_cast<double>(columns.size());
  const double corrected = std::max(0.0, squares - (r - 1) * (c - 1) / (n - 1));
  const double least = std::min(r - (r - 1) * (r - 1) / (n - 1), c - (c - 1) * (c - 1) / (n - 1)) - 1;
  return least > 0 ? std::sqrt(std::min(1.0, corrected / least)) : 0;
}

double association(const SearchSpace& space, std::size_t i, std::size_t j, const std::vector<double>& a,
                   const std::vector<double>& b) {
  const bool is_choice_a = space[i].is_categorical();
  const bool is_choice_b = space[j].is_categorical();
  if (is_choice_a && is_choice_b) return cramers_v(a, b);
  if (is_choice_a) return correlation_ratio(mean_ranks(b), a);
  if (is_choice_b) return correlation_ratio(mean_ranks(a), b);
  return std::abs(rank_correlation(a, b));
}

/// Largest distance of the empirical distribution of values in [0, 1] from the uniform one (Kolmogorov–Smirnov); of a
/// hyperparameter with few values, from the uniform one on these.
double distance_from_uniform(const Hyperparameter& hyperparameter, std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  const double cell = !hyperparameter.is_discrete() ? 0.0 : 0.5 / static_cast<double>(hyperparameter.cardinality());
  double distance = 0;
  for (std::size_t k = 0; k < values.size(); ++k) {
    distance = std::max({distance, static_cast<double>(k + 1) / n - (values[k] + cell),
                         (values[k] - cell) - static_cast<double>(k) / n});
  }
  return distance;
}

/// Largest excess of a choice's share over that of all choices alike.
double excess_of_choice(const Hyperparameter& hyperparameter, const std::vector<double>& values) {
  std::map<double, double> counts;
  for (const double value : values) ++counts[value];
  double most = 0;
  for (const auto& [value, count] : counts) most = std::max(most, count);
  return most / static_cast<double>(values.size()) - 1 / static_cast<double>(hyperparameter.cardinality());
}

bool varied(const std::vector<double>& values) {
  return std::any_of(values.begin(), values.end(), [&](double value) { return value != values.front(); });
}

bool is_concentrated(const Hyperparameter& hyperparameter, const std::vector<double>& values, std::size_t players) {
  if (values.size() < 8 || hyperparameter.cardinality() == 1) return false;
  const auto n = static_cast<double>(values.size());
  const bool is_choice = hyperparameter.is_categorical();
  const double sides = is_choice ? static_cast<double>(hyperparameter.cardinality()) : 2;
  // Dvoretzky–Kiefer–Wolfowitz and Hoeffding: P(distance > t) ≤ sides · exp(−2 n t²), shared by all players.
  const double chance = std::sqrt(std::log(sides * static_cast<double>(players) / false_alarm) / (2 * n));
  const double distance =
      is_choice ? excess_of_choice(hyperparameter, values) : distance_from_uniform(hyperparameter, values);
  return distance > std::max(0.25, chance);
}

/// Whether no trial has a value near that of the baseline, where independent uniform values would.
bool is_alone(const Hyperparameter& hyperparameter, double value, const std::vector<double>& values,
              std::size_t players) {
  if (values.empty()) return false;
  double nearest = std::numeric_limits<double>::infinity();
  for (const double other : values) nearest = std::min(nearest, std::abs(other - value));
  const auto n = static_cast<double>(values.size());
  const double chance = false_alarm / static_cast<double>(players);
  if (hyperparameter.is_categorical()) {
    return nearest > 0 && std::pow(1 - 1 / static_cast<double>(hyperparameter.cardinality()), n) < chance;
  }
  return nearest > std::max(0.15, 1 - std::pow(chance, 1 / n));
}

}  // namespace

std::vector<Dependence> dependent_players(const SearchSpace& space, std::span<const Configuration> trials) {
  const std::vector<std::size_t>& searched = space.searched();
  std::vector<std::vector<double>> values;
  for (const std::size_t i : searched) values.push_back(values_of(space, trials, i));
  std::vector<Dependence> found;
  for (std::size_t p = 0; p < searched.size(); ++p) {
    for (std::size_t q = p + 1; q < searched.size(); ++q) {
      std::vector<double> a;
      std::vector<double> b;
      for (std::size_t k = 0; k < trials.size(); ++k) {
        if (std::isnan(values[p][k]) || std::isnan(values[q][k])) continue;
        a.push_back(values[p][k]);
        b.push_back(values[q][k]);
      }
      if (a.size() < 6) continue;
      const double strength = association(space, searched[p], searched[q], a, b);
      const double chance = std::min(0.99, 4.5 / std::sqrt(static_cast<double>(a.size() - 1)));
      if (strength > std::max(0.8, chance)) found.push_back({p, q, strength});
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Dependence& a, const Dependence& b) { return a.association > b.association; });
  return found;
}

std::string name_list(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (k > 0) text += k + 1 == names.size() ? " and " : ", ";
    text += names[k];
  }
  return text;
}

std::vector<std::string> lonely_values(const SearchSpace& space, std::span<const Configuration> trials,
                                       const Configuration& configuration) {
  std::vector<std::string> names;
  for (const std::size_t i : space.searched()) {
    if (!configuration.is_set(i)) continue;
    const Hyperparameter& hyperparameter = space[i];
    const std::vector<double> values = without_inactive(values_of(space, trials, i));
    const double code = configuration[i];
    const double value = hyperparameter.is_categorical() ? code : hyperparameter.to_unit(code);
    if (varied(values) && is_alone(hyperparameter, value, values, space.searched().size())) {
      names.push_back(hyperparameter.name);
    }
  }
  return names;
}

std::string outlier_note(std::span<const double> values) {
  constexpr double least_gap = 3;  // in ranges of all others
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t n = sorted.size();
  for (std::size_t few = n / 10; few > 0; --few) {
    const auto note = [&](double low, double high, double first, double last) {
      return std::to_string(few) + " of " + std::to_string(n) + " values lie far outside of all others (" +
             number_text(first, 4) + (few > 1 ? " to " + number_text(last, 4) : "") + " beside " + number_text(low, 4) +
             " to " + number_text(high, 4) +
             "): they decide what the model sees; if they stand for failures, leave them out or call them failed";
    };
    const double below = sorted[n - few - 1];
    const double above = sorted[few];
    if (sorted[n - few] - below > least_gap * (below - sorted.front())) {
      return note(sorted.front(), below, sorted[n - few], sorted.back());
    }
    if (above - sorted[few - 1] > least_gap * (sorted.back() - above)) {
      return note(above, sorted.back(), sorted.front(), sorted[few - 1]);
    }
  }
  return "";
}

std::vector<std::string> support_notes(const SearchSpace& space, std::span<const Configuration> trials,
                                       const Configuration& baseline) {
  const std::vector<std::size_t>& searched = space.searched();
  std::vector<std::string> crowded;
  for (const std::size_t i : searched) {
    const Hyperparameter& hyperparameter = space[i];
    const std::vector<double> values = without_inactive(values_of(space, trials, i));
    if (!varied(values)) continue;  // said elsewhere
    if (is_concentrated(hyperparameter, values, searched.size())) crowded.push_back(hyperparameter.name);
  }
  const std::vector<std::string> alone = lonely_values(space, trials, baseline);
  std::vector<std::string> notes;
  if (!crowded.empty()) {
    notes.push_back("the trials are concentrated in " + name_list(crowded) +
                    ", as those of an optimizer are; where there are few, the model guesses, and values may be wrong "
                    "by more than their intervals say: evaluate some configurations drawn from the whole space");
  }
  if (!alone.empty()) {
    notes.push_back("the baseline lies outside of the trials in " + name_list(alone) +
                    "; what is gained from there is extrapolated: evaluate the baseline, or give another one");
  }
  return notes;
}

}  // namespace hyperego::detail
