#pragma once

#include <string>

namespace hyperego {

// How numbers are shown to people, everywhere: tables, sentences, the report's page. Data for machines keep all digits.

/// `value` to so many significant digits (1 to 17), without trailing zeros; −0 is 0.
[[nodiscard]] double rounded(double value, int digits);

/// The same as text: "0.3019", "123457", "1.2e-05". Numbers from 0.0001 to ten millions stand without an exponent.
[[nodiscard]] std::string number_text(double value, int digits = 4);

/// `value` to the place of the second significant digit of `width`, the range that it may lie in, and to six digits at
/// most: 0.0712349 with a width of 0.02 is "0.071". Four digits where `width` is not positive and finite.
[[nodiscard]] std::string number_text_within(double value, double width);

/// 0 where `value` is below 10⁻¹² of `scale` ≥ 0, as sums of rounded terms are that should be 0; else `value`.
[[nodiscard]] double without_rounding_noise(double value, double scale);

}  // namespace hyperego
