#include <hyperego/core/detail/domain_checks.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/hyperparameter.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace hyperego {
namespace {

using detail::quoted;

std::string text(double number) { return to_string(Value(number)); }

template <typename... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

double count_of(const IntegerDomain& domain) { return static_cast<double>(domain.upper - domain.lower + 1); }

// Ends of an integer domain on the log scale: half a step beyond the bounds, so that every integer has a bin.
double log_lower(const IntegerDomain& domain) { return std::log(static_cast<double>(domain.lower) - 0.5); }
double log_upper(const IntegerDomain& domain) { return std::log(static_cast<double>(domain.upper) + 0.5); }

double bin_centre(double index, double count) { return (index + 0.5) / count; }

double bin_of(double u, double count) {
  if (!(u > 0)) return 0;
  return std::min(std::floor(u * count), count - 1);
}

bool is_index(double code, std::size_t count) {
  return std::trunc(code) == code && code >= 0 && code < static_cast<double>(count);
}

std::optional<double> index_of_value(const std::vector<Value>& values, const Value& value) {
  const auto found = std::find_if(values.begin(), values.end(), [&](const Value& v) { return same_value(v, value); });
  if (found == values.end()) return std::nullopt;
  return static_cast<double>(found - values.begin());
}

std::optional<double> number(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return std::nullopt;
}

double unit_of(const FloatDomain& domain, double code) {
  const double u = domain.log ? std::log(code / domain.lower) / std::log(domain.upper / domain.lower)
                              : (code - domain.lower) / (domain.upper - domain.lower);
  return std::clamp(u, 0.0, 1.0);
}

double unit_of(const IntegerDomain& domain, double code) {
  if (!domain.log) return bin_centre(code - static_cast<double>(domain.lower), count_of(domain));
  const double centre = 0.5 * (std::log(code - 0.5) + std::log(code + 0.5));
  return std::clamp((centre - log_lower(domain)) / (log_upper(domain) - log_lower(domain)), 0.0, 1.0);
}

double code_at(const FloatDomain& domain, double u) {
  if (!(u > 0)) return domain.lower;
  if (u >= 1) return domain.upper;
  const double code = domain.log ? domain.lower * std::exp(u * std::log(domain.upper / domain.lower))
                                 : domain.lower + u * (domain.upper - domain.lower);
  return std::clamp(code, domain.lower, domain.upper);
}

double code_at(const IntegerDomain& domain, double u) {
  const auto lower = static_cast<double>(domain.lower);
  if (u >= 1) return static_cast<double>(domain.upper);
  if (!domain.log) return lower + bin_of(u, count_of(domain));
  if (!(u > 0)) return lower;
  const double scaled = std::exp(log_lower(domain) + u * (log_upper(domain) - log_lower(domain)));
  return std::clamp(std::floor(scaled + 0.5), lower, static_cast<double>(domain.upper));
}

std::string listed(const std::vector<Value>& values) {
  constexpr std::size_t longest = 12;
  std::string text;
  for (std::size_t i = 0; i < values.size() && i < longest; ++i) text += (i == 0 ? "" : ", ") + quoted(values[i]);
  if (values.size() > longest) text += ", … (" + std::to_string(values.size()) + " values)";
  return text;
}

Hyperparameter made(std::string name, Domain domain, const std::optional<Value>& default_value, double fallback_unit) {
  Hyperparameter hyperparameter{.name = std::move(name), .domain = std::move(domain)};
  const std::string where = "hyperparameter \"" + hyperparameter.name + "\"";
  std::visit([&](const auto& held) { detail::check_domain(held, where); }, hyperparameter.domain);
  if (!default_value) {
    hyperparameter.default_code = hyperparameter.from_unit(fallback_unit);
    return hyperparameter;
  }
  const std::optional<double> code = hyperparameter.code_of(*default_value);
  if (!code) {
    throw InvalidInput(where + "/default_value",
                       quoted(*default_value) + " is outside the domain; give " + hyperparameter.describe());
  }
  hyperparameter.default_code = *code;
  return hyperparameter;
}

std::optional<Value> as_value(const auto& number) { return number ? std::optional<Value>(*number) : std::nullopt; }

}  // namespace

void validate_domain(const Hyperparameter& hyperparameter, const std::string& where) {
  if (hyperparameter.name.empty()) throw InvalidInput(where + "/name", "is empty; give every hyperparameter a name");
  std::visit([&](const auto& held) { detail::check_domain(held, where); }, hyperparameter.domain);
}

void validate(const Hyperparameter& hyperparameter, const std::string& where) {
  validate_domain(hyperparameter, where);
  if (!hyperparameter.is_legal_code(hyperparameter.default_code)) {
    throw InvalidInput(where + "/default_value", "the default of \"" + hyperparameter.name +
                                                     "\" is outside the domain; give " + hyperparameter.describe());
  }
}

bool Hyperparameter::is_constant() const { return is_discrete() && cardinality() == 1; }

bool Hyperparameter::is_categorical() const { return std::holds_alternative<CategoricalDomain>(domain); }

bool Hyperparameter::is_discrete() const { return !std::holds_alternative<FloatDomain>(domain); }

bool Hyperparameter::is_numeric() const {
  return std::holds_alternative<FloatDomain>(domain) || std::holds_alternative<IntegerDomain>(domain) ||
         std::holds_alternative<QuantisedDomain>(domain);
}

std::size_t Hyperparameter::cardinality() const {
  return std::visit(Overloaded{[](const FloatDomain&) { return std::size_t{0}; },
                               [](const IntegerDomain& d) { return static_cast<std::size_t>(d.upper - d.lower + 1); },
                               [](const QuantisedDomain& d) { return static_cast<std::size_t>(d.count()); },
                               [](const OrdinalDomain& d) { return d.sequence.size(); },
                               [](const CategoricalDomain& d) { return d.choices.size(); },
                               [](const ConstantDomain&) { return std::size_t{1}; }},
                    domain);
}

std::optional<double> Hyperparameter::code_of(const Value& value) const {
  const std::optional<double> code = std::visit(
      Overloaded{[&](const FloatDomain&) { return number(value); }, [&](const IntegerDomain&) { return number(value); },
                 [&](const QuantisedDomain& d) {
                   const std::optional<double> its_number = number(value);
                   return its_number ? d.index_of(*its_number) : std::nullopt;
                 },
                 [&](const OrdinalDomain& d) { return index_of_value(d.sequence, value); },
                 [&](const CategoricalDomain& d) { return index_of_value(d.choices, value); },
                 [&](const ConstantDomain& d) { return index_of_value({d.value}, value); }},
      domain);
  return code && is_legal_code(*code) ? code : std::nullopt;
}

Value Hyperparameter::value_of(double code) const {
  return std::visit(Overloaded{[&](const FloatDomain&) { return Value(code); },
                               [&](const IntegerDomain&) { return Value(static_cast<std::int64_t>(code)); },
                               [&](const QuantisedDomain& d) {
                                 return d.whole ? Value(static_cast<std::int64_t>(d.value(code)))
                                                : Value(d.value(code));
                               },
                               [&](const OrdinalDomain& d) { return d.sequence.at(static_cast<std::size_t>(code)); },
                               [&](const CategoricalDomain& d) { return d.choices.at(static_cast<std::size_t>(code)); },
                               [](const ConstantDomain& d) { return d.value; }},
                    domain);
}

bool Hyperparameter::is_legal_code(double code) const {
  return std::visit(
      Overloaded{[&](const FloatDomain& d) { return code >= d.lower && code <= d.upper; },
                 [&](const IntegerDomain& d) {
                   return std::trunc(code) == code && code >= static_cast<double>(d.lower) &&
                          code <= static_cast<double>(d.upper);
                 },
                 [&](const QuantisedDomain& d) { return is_index(code, static_cast<std::size_t>(d.count())); },
                 [&](const OrdinalDomain& d) { return is_index(code, d.sequence.size()); },
                 [&](const CategoricalDomain& d) { return is_index(code, d.choices.size()); },
                 [&](const ConstantDomain&) { return code == 0; }},
      domain);
}

double Hyperparameter::to_unit(double code) const {
  return std::visit(
      Overloaded{[&](const FloatDomain& d) { return unit_of(d, code); },
                 [&](const IntegerDomain& d) { return unit_of(d, code); },
                 [&](const QuantisedDomain& d) { return d.unit_of(code); },
                 [&](const OrdinalDomain& d) { return bin_centre(code, static_cast<double>(d.sequence.size())); },
                 [&](const CategoricalDomain& d) { return bin_centre(code, static_cast<double>(d.choices.size())); },
                 [](const ConstantDomain&) { return 0.5; }},
      domain);
}

double Hyperparameter::from_unit(double u) const {
  return std::visit(
      Overloaded{[&](const FloatDomain& d) { return code_at(d, u); },
                 [&](const IntegerDomain& d) { return code_at(d, u); },
                 [&](const QuantisedDomain& d) { return d.index_at(u); },
                 [&](const OrdinalDomain& d) { return bin_of(u, static_cast<double>(d.sequence.size())); },
                 [&](const CategoricalDomain& d) { return bin_of(u, static_cast<double>(d.choices.size())); },
                 [](const ConstantDomain&) { return 0.0; }},
      domain);
}

double Hyperparameter::relaxed_from_unit(double u) const {
  u = std::clamp(u, 0.0, 1.0);
  if (const auto* quantised = std::get_if<QuantisedDomain>(&domain)) return quantised->relaxed_index_at(u);
  const auto* integer = std::get_if<IntegerDomain>(&domain);
  if (integer == nullptr) return from_unit(u);
  const double below = static_cast<double>(integer->lower) - 0.5;
  const double above = static_cast<double>(integer->upper) + 0.5;
  if (!integer->log) return below + u * (above - below);
  // to_unit is the middle of ln(v − ½) and ln(v + ½), that is ½ ln(v² − ¼).
  const double log_value = std::log(below) + u * (std::log(above) - std::log(below));
  return std::sqrt(std::exp(2 * log_value) + 0.25);
}

std::string Hyperparameter::describe() const {
  return std::visit(Overloaded{[](const FloatDomain& d) {
                                 return "a float in [" + text(d.lower) + ", " + text(d.upper) + "]" +
                                        (d.log ? " (log)" : "");
                               },
                               [](const IntegerDomain& d) {
                                 return "an integer in [" + std::to_string(d.lower) + ", " + std::to_string(d.upper) +
                                        "]" + (d.log ? " (log)" : "");
                               },
                               [](const QuantisedDomain& d) {
                                 return std::string(d.whole ? "an integer" : "a float") + " in [" + text(d.lower) +
                                        ", " + text(d.upper) + "] in steps of " + text(d.q) + (d.log ? " (log)" : "");
                               },
                               [](const OrdinalDomain& d) { return "one of the ordered values " + listed(d.sequence); },
                               [](const CategoricalDomain& d) { return "one of " + listed(d.choices); },
                               [](const ConstantDomain& d) { return "the constant " + quoted(d.value); }},
                    domain);
}

Hyperparameter make_float(std::string name, double lower, double upper, bool log, std::optional<double> default_value) {
  return made(std::move(name), FloatDomain{lower, upper, log}, as_value(default_value), 0.5);
}

Hyperparameter make_integer(std::string name, std::int64_t lower, std::int64_t upper, bool log,
                            std::optional<std::int64_t> default_value) {
  return made(std::move(name), IntegerDomain{lower, upper, log}, as_value(default_value), 0.5);
}

Hyperparameter make_quantised(std::string name, const QuantisedDomain& domain, std::optional<double> default_value) {
  Hyperparameter hyperparameter = made(std::move(name), domain, std::nullopt, 0.5);
  if (!default_value) return hyperparameter;
  if (!(*default_value >= domain.lower && *default_value <= domain.upper)) {
    throw InvalidInput("hyperparameter \"" + hyperparameter.name + "\"/default_value",
                       text(*default_value) + " is outside the domain; give " + hyperparameter.describe());
  }
  hyperparameter.default_code = domain.nearest(*default_value);
  return hyperparameter;
}

Hyperparameter make_ordinal(std::string name, std::vector<Value> sequence, const std::optional<Value>& default_value) {
  return made(std::move(name), OrdinalDomain{std::move(sequence)}, default_value, 0.5);
}

Hyperparameter make_categorical(std::string name, std::vector<Value> choices, std::optional<Value> default_value,
                                std::vector<double> weights) {
  CategoricalDomain domain{std::move(choices), std::move(weights)};
  if (!default_value && domain.weights.size() == domain.choices.size() && !domain.weights.empty()) {
    const auto heaviest = std::max_element(domain.weights.begin(), domain.weights.end()) - domain.weights.begin();
    default_value = domain.choices[static_cast<std::size_t>(heaviest)];
  }
  return made(std::move(name), std::move(domain), default_value, 0);
}

Hyperparameter make_constant(std::string name, Value value) {
  return made(std::move(name), ConstantDomain{std::move(value)}, std::nullopt, 0);
}

}  // namespace hyperego
