#include <hyperego/core/legal_count.hpp>

#include <variant>
#include <vector>

namespace hyperego {
namespace {

constexpr std::uint64_t most_comparisons = 100000000;

std::uint64_t comparisons_of(const Condition& condition) {
  if (const auto* comparison = std::get_if<Comparison>(&condition)) return comparison->codes.size();
  const auto* all = std::get_if<Conjunction>(&condition);
  std::uint64_t count = 0;
  for (const Condition& term : all != nullptr ? all->terms : std::get<Disjunction>(condition).terms) {
    count += comparisons_of(term);
  }
  return count;
}

std::uint64_t comparisons_of(const ForbiddenClause& clause) {
  std::uint64_t count = 0;
  for (const ForbiddenClause::Term& term : clause.terms) count += 1 + term.codes.size();
  return count;
}

/// Whether there are more configurations than `most` for certain: unconditional hyperparameters multiply.
bool exceeds(const SearchSpace& space, std::uint64_t most) {
  std::uint64_t product = 1;
  for (std::size_t i = 0; i < space.size(); ++i) {
    const std::size_t values = space[i].cardinality();
    if (!space.is_conditional(i) && (values == 0 || values > most / product)) return true;
    if (!space.is_conditional(i)) product *= values;
  }
  return false;
}

double first_code(const Hyperparameter& hyperparameter) {
  const auto* integer = std::get_if<IntegerDomain>(&hyperparameter.domain);
  return integer != nullptr ? static_cast<double>(integer->lower) : 0;
}

/// Goes through all configurations, parents first, like an odometer.
class Odometer {
 public:
  explicit Odometer(const SearchSpace& space) : space_(space), order_(space.topological_order()) {
    now_ = Configuration(space.size());
    cost_.assign(space.size(), 1);
    for (const auto& [child, condition] : space.conditions()) cost_[child] += comparisons_of(condition);
  }

  [[nodiscard]] const Configuration& now() const { return now_; }
  [[nodiscard]] std::uint64_t comparisons() const { return comparisons_; }
  [[nodiscard]] bool met_float() const { return met_float_; }

  /// Sets everything from the k-th of the order on to its first value.
  void start_from(std::size_t k = 0) {
    for (; k < order_.size(); ++k) {
      const std::size_t i = order_[k];
      comparisons_ += cost_[i];
      now_.unset(i);
      if (!space_.is_active(i, now_)) continue;
      met_float_ = met_float_ || !space_[i].is_discrete();
      now_.set(i, first_code(space_[i]));
    }
  }
  /// False after the last one.
  bool next() {
    for (std::size_t k = order_.size(); k-- > 0;) {
      const std::size_t i = order_[k];
      ++comparisons_;
      if (!now_.is_set(i)) continue;
      const double beyond = first_code(space_[i]) + static_cast<double>(space_[i].cardinality());
      if (now_[i] + 1 == beyond) continue;
      now_.set(i, now_[i] + 1);
      start_from(k + 1);
      return true;
    }
    return false;
  }

 private:
  const SearchSpace& space_;
  const std::vector<std::size_t>& order_;
  Configuration now_;
  std::vector<std::uint64_t> cost_;
  std::uint64_t comparisons_ = 0;
  bool met_float_ = false;
};

}  // namespace

std::optional<LegalCount> count_legal(const SearchSpace& space, std::uint64_t most) {
  if (exceeds(space, most)) return std::nullopt;
  std::uint64_t for_clauses = 0;
  for (const ForbiddenClause& clause : space.forbidden_clauses()) for_clauses += comparisons_of(clause);
  LegalCount count;
  Odometer odometer(space);
  odometer.start_from();
  do {
    if (odometer.met_float() || ++count.all > most) return std::nullopt;
    if (odometer.comparisons() + count.all * for_clauses > most_comparisons) return std::nullopt;
    if (!space.is_forbidden(odometer.now())) ++count.legal;
  } while (odometer.next());
  return count;
}

}  // namespace hyperego
