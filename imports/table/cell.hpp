#pragma once

#include <hyperego/core/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace hyperego {

/// What stands in one place of a table; nothing where JSON says null. Text may stand for a number, a truth value or
/// nothing at all, as in every CSV file.
using Cell = std::optional<Value>;

/// Nothing, an empty text, NaN, or one of `NA`, `N/A`, `#N/A`, `<NA>`, `NaN`, `NaT`, `None`, `null` in any case.
[[nodiscard]] bool is_missing(const Cell& cell);

/// A number as people write it: "+1.5", ".5", "1e-04", "inf"; nothing for anything else.
[[nodiscard]] std::optional<double> number_of(std::string_view text);
/// The number in a cell; truth values are none.
[[nodiscard]] std::optional<double> number_of(const Cell& cell);
/// True, TRUE, true and the same of false.
[[nodiscard]] std::optional<bool> boolean_of(const Cell& cell);

/// Text without blanks around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);
/// A–Z made small.
[[nodiscard]] std::string lower_case(std::string_view text);

}  // namespace hyperego
