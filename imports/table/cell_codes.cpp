#include <hyperego/imports/table/cell_codes.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego {
namespace {

std::vector<Value> listed_values(const Hyperparameter& hyperparameter) {
  if (hyperparameter.is_numeric()) return {};
  std::vector<Value> values;
  for (std::size_t i = 0; i < hyperparameter.cardinality(); ++i) {
    values.push_back(hyperparameter.value_of(static_cast<double>(i)));
  }
  return values;
}

std::optional<double> as_code(std::optional<std::size_t> place) {
  return place ? std::optional(static_cast<double>(*place)) : std::nullopt;
}

}  // namespace

CellCodes::CellCodes(Hyperparameter hyperparameter)
    : hyperparameter_(std::move(hyperparameter)), is_listed_(!hyperparameter_.is_numeric()) {
  const std::vector<Value> values = listed_values(hyperparameter_);
  values_ = ValueIndex(values);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::holds_alternative<std::string>(values[i])) texts_.emplace(to_string(values[i]), i);
    if (const auto* number = std::get_if<double>(&values[i])) numbers_.emplace_back(*number, i);
  }
  std::sort(numbers_.begin(), numbers_.end());
}

std::optional<double> CellCodes::code_of_value(const Value& value) const {
  return is_listed_ ? as_code(values_.find(value)) : hyperparameter_.code_of(value);
}

std::optional<double> CellCodes::code_of_text(const std::string& text) const {
  if (const auto code = code_of_value(Value(text))) return code;
  const auto found = texts_.find(text);
  return found == texts_.end() ? std::nullopt : as_code(found->second);
}

std::optional<double> CellCodes::code_near(double number) const {
  constexpr double tolerance = 1e-9;
  const double reach = 2 * tolerance * std::abs(number);
  for (auto at = std::lower_bound(numbers_.begin(), numbers_.end(), std::pair(number - reach, std::size_t{0}));
       at != numbers_.end() && at->first <= number + reach; ++at) {
    const double size = std::max(std::abs(at->first), std::abs(number));
    if (std::abs(at->first - number) <= tolerance * size) return as_code(at->second);
  }
  return std::nullopt;
}

std::optional<double> CellCodes::code_of(const Cell& cell) const {
  if (!cell) return std::nullopt;
  if (const auto* number = std::get_if<double>(&*cell); number != nullptr && !std::isfinite(*number))
    return std::nullopt;
  if (const auto* text = std::get_if<std::string>(&*cell)) {
    // A choice may be called "None" or "1", so that what it is called comes first.
    if (const auto code = code_of_text(*text)) return code;
  } else if (const auto code = code_of_value(*cell)) {
    return code;
  }
  if (const auto boolean = boolean_of(cell)) {
    if (const auto code = code_of_value(Value(*boolean))) return code;
  }
  if (const auto number = number_of(cell); number && std::isfinite(*number)) {
    if (const auto code = code_of_value(Value(*number))) return code;
    if (const auto code = code_near(*number)) return code;
  }
  return code_of_text(to_string(*cell));
}

}  // namespace hyperego
