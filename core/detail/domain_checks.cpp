#include <hyperego/core/detail/domain_checks.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/value_index.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace hyperego::detail {
namespace {

constexpr std::int64_t largest_integer = std::int64_t{1} << 53;  // beyond it doubles skip whole numbers

std::string number_in_words(double number) { return to_string(Value(number)); }

void check_distinct(const std::vector<Value>& values, const std::string& where, const char* member) {
  if (values.empty()) throw InvalidInput(where + "/" + member, "is empty; give at least one value");
  if (const auto repeat = first_repeat(values)) {
    throw InvalidInput(where + "/" + member + "/" + std::to_string(repeat->first),
                       "repeats " + quoted(values[repeat->second]) + "; leave one of them out");
  }
}

}  // namespace

std::string quoted(const Value& value) {
  const bool is_text = std::holds_alternative<std::string>(value);
  return is_text ? '"' + to_string(value) + '"' : to_string(value);
}

void check_domain(const FloatDomain& domain, const std::string& where) {
  if (!std::isfinite(domain.lower)) throw InvalidInput(where + "/lower", "must be finite");
  if (!std::isfinite(domain.upper)) throw InvalidInput(where + "/upper", "must be finite");
  if (!(domain.lower < domain.upper)) {
    throw InvalidInput(where + "/lower", number_in_words(domain.lower) + " is not below the upper bound " +
                                             number_in_words(domain.upper) +
                                             "; swap the bounds, or use a constant for a single value");
  }
  if (domain.log && domain.lower <= 0) {
    throw InvalidInput(
        where + "/lower",
        number_in_words(domain.lower) + " is not positive, which a log scale needs; raise it or set \"log\" to false");
  }
  if (!std::isfinite(domain.log ? domain.upper / domain.lower : domain.upper - domain.lower)) {
    throw InvalidInput(where + "/upper", "the range overflows a double; bring the bounds nearer");
  }
}

void check_domain(const IntegerDomain& domain, const std::string& where) {
  if (std::max(domain.lower, -largest_integer) != domain.lower || domain.lower > largest_integer) {
    throw InvalidInput(where + "/lower", "is beyond ±2^53, where doubles skip integers; bring it nearer to 0");
  }
  if (std::min(domain.upper, largest_integer) != domain.upper || domain.upper < -largest_integer) {
    throw InvalidInput(where + "/upper", "is beyond ±2^53, where doubles skip integers; bring it nearer to 0");
  }
  if (domain.lower >= domain.upper) {
    throw InvalidInput(where + "/lower", std::to_string(domain.lower) + " is not below the upper bound " +
                                             std::to_string(domain.upper) +
                                             "; swap the bounds, or use a constant for a single value");
  }
  if (domain.log && domain.lower < 1) {
    throw InvalidInput(where + "/lower", std::to_string(domain.lower) +
                                             " is below 1, which a log scale needs; raise it or set \"log\" to false");
  }
}

void check_domain(const QuantisedDomain& domain, const std::string& where) {
  if (domain.whole) {
    check_domain(
        IntegerDomain{static_cast<std::int64_t>(domain.lower), static_cast<std::int64_t>(domain.upper), domain.log},
        where);
  } else {
    check_domain(FloatDomain{domain.lower, domain.upper, domain.log}, where);
  }
  if (!(domain.q > 0) || !std::isfinite(domain.q) || (domain.whole && domain.q != std::floor(domain.q))) {
    throw InvalidInput(where + "/q", domain.whole ? "must be a whole number above 0" : "must be above 0");
  }
  constexpr double tolerance = 1e-6;  // of a step: bounds and steps are decimals
  const double steps = (domain.upper - domain.lower) / domain.q;
  if (!(steps < static_cast<double>(largest_integer))) {
    throw InvalidInput(where + "/q",
                       number_in_words(domain.q) + " makes more steps than can be counted; raise it or remove it");
  }
  if (std::round(steps) < 1 || std::abs(steps - std::round(steps)) > tolerance) {
    throw InvalidInput(where + "/q", "the range from " + number_in_words(domain.lower) + " to " +
                                         number_in_words(domain.upper) + " is no multiple of " +
                                         number_in_words(domain.q) + "; change a bound or \"q\"");
  }
}

void check_domain(const OrdinalDomain& domain, const std::string& where) {
  check_distinct(domain.sequence, where, "sequence");
}

void check_domain(const CategoricalDomain& domain, const std::string& where) {
  check_distinct(domain.choices, where, "choices");
  if (domain.weights.empty()) return;
  if (domain.weights.size() != domain.choices.size()) {
    throw InvalidInput(where + "/weights", "has " + std::to_string(domain.weights.size()) + " entries for " +
                                               std::to_string(domain.choices.size()) +
                                               " choices; give one weight per choice or none at all");
  }
  double total = 0;
  for (std::size_t i = 0; i < domain.weights.size(); ++i) {
    if (!(domain.weights[i] >= 0) || !std::isfinite(domain.weights[i])) {
      throw InvalidInput(where + "/weights/" + std::to_string(i), "must be finite and not negative");
    }
    total += domain.weights[i];
  }
  if (!(total > 0)) throw InvalidInput(where + "/weights", "are all 0; raise one of them or leave them out");
}

void check_domain(const ConstantDomain& /*domain*/, const std::string& /*where*/) {}

}  // namespace hyperego::detail
