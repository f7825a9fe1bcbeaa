#pragma once

#include <hyperego/core/quantised_domain.hpp>
#include <hyperego/core/value.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hyperego {

// A hyperparameter's *code* is the double by which a Configuration stores its value: the value itself for floats and
// integers, the index of the value for quantised numbers, of the choice for categoricals and ordinals, 0 for constants.
// Unset is a quiet NaN, which never enters arithmetic.
//
// Its *unit coordinate* is the middle of the share of [0, 1] that uniform sampling gives to the value: linear or
// logarithmic for floats; the centre of one of the equal (or log-equal) bins for integers, ordinals and categoricals.
// from_unit is the inverse on values (exactly so for discrete ones, logarithmic integers up to 2^40), and the quantile
// function of uniform sampling on all of [0, 1]. Sampling weights do not enter.

/// A real number in [lower, upper]; on a log scale lower > 0.
struct FloatDomain {
  double lower = 0;
  double upper = 1;
  bool log = false;
};

/// A whole number in {lower, …, upper}, |bounds| ≤ 2^53; on a log scale lower ≥ 1.
struct IntegerDomain {
  std::int64_t lower = 0;
  std::int64_t upper = 1;
  bool log = false;
};

/// Values with an order but no scale.
struct OrdinalDomain {
  std::vector<Value> sequence;
};

/// Values without an order. Weights, where given, are sampling weights from the space's file (not necessarily
/// normalised).
struct CategoricalDomain {
  std::vector<Value> choices;
  std::vector<double> weights;
};

/// One value; never a player and never searched.
struct ConstantDomain {
  Value value;
};

using Domain =
    std::variant<FloatDomain, IntegerDomain, OrdinalDomain, CategoricalDomain, ConstantDomain, QuantisedDomain>;

/// An expert's belief, kept when a space is read. Parameters are on the value's own scale (natural logarithm of it
/// where `log`).
struct Prior {
  enum class Kind { normal, beta } kind = Kind::normal;
  double first = 0;   ///< mean (normal), alpha (beta)
  double second = 1;  ///< standard deviation (normal), beta (beta)
};

struct Hyperparameter {
  std::string name;
  Domain domain;
  double default_code = 0;
  std::optional<Prior> prior = std::nullopt;
  /// Whatever the space's file says under "meta"; null where nothing.
  std::shared_ptr<const nlohmann::ordered_json> meta = nullptr;

  [[nodiscard]] bool is_constant() const;     ///< constants and domains of one value
  [[nodiscard]] bool is_categorical() const;  ///< values without an order
  [[nodiscard]] bool is_discrete() const;     ///< everything but floats
  [[nodiscard]] bool is_numeric() const;      ///< floats and integers, quantised or not
  /// Number of values of a discrete domain; 0 for floats.
  [[nodiscard]] std::size_t cardinality() const;

  /// The code of a value, nothing where the value is outside the domain. A whole double is accepted for an integer.
  [[nodiscard]] std::optional<double> code_of(const Value& value) const;
  [[nodiscard]] Value value_of(double code) const;
  [[nodiscard]] bool is_legal_code(double code) const;

  [[nodiscard]] double to_unit(double code) const;
  /// u is clamped to [0, 1].
  [[nodiscard]] double from_unit(double u) const;
  /// The real number whose unit coordinate is u: from_unit without rounding, for searching integers as if they were
  /// continuous. Numbers only; for others the same as from_unit.
  [[nodiscard]] double relaxed_from_unit(double u) const;

  /// "a float in [0.001, 0.1] (log)": the domain in words, for messages.
  [[nodiscard]] std::string describe() const;
};

// Makers that check their arguments. @throws InvalidInput naming the hyperparameter where bounds are not finite or not
// increasing, a log scale meets a bound ≤ 0, choices are missing or repeated, or the default is outside the domain.
// Without a default: the middle of the (log) range, the heaviest (first) choice, the middle of the sequence.
[[nodiscard]] Hyperparameter make_float(std::string name, double lower, double upper, bool log = false,
                                        std::optional<double> default_value = std::nullopt);
[[nodiscard]] Hyperparameter make_integer(std::string name, std::int64_t lower, std::int64_t upper, bool log = false,
                                          std::optional<std::int64_t> default_value = std::nullopt);
/// lower, lower + q, …, upper; a whole number where `whole`. A default between two values becomes the nearest.
[[nodiscard]] Hyperparameter make_quantised(std::string name, const QuantisedDomain& domain,
                                            std::optional<double> default_value = std::nullopt);
[[nodiscard]] Hyperparameter make_ordinal(std::string name, std::vector<Value> sequence,
                                          const std::optional<Value>& default_value = std::nullopt);
[[nodiscard]] Hyperparameter make_categorical(std::string name, std::vector<Value> choices,
                                              std::optional<Value> default_value = std::nullopt,
                                              std::vector<double> weights = {});
[[nodiscard]] Hyperparameter make_constant(std::string name, Value value);

/// The makers' checks on a hyperparameter put together by hand. @throws InvalidInput naming `where`/member.
void validate_domain(const Hyperparameter& hyperparameter, const std::string& where);
/// Those, and that the default is legal.
void validate(const Hyperparameter& hyperparameter, const std::string& where);

}  // namespace hyperego
