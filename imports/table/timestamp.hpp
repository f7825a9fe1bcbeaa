#pragma once

#include <hyperego/imports/table/cell.hpp>

#include <optional>

namespace hyperego {

/// Seconds since 1970 of "2026-11-28 08:13:30.25", also with T between or a zone ("Z", "+01:00") after it; without one
/// UTC is as good as any, for differences are all that is used. A number is taken as it is. Nothing for other cells.
[[nodiscard]] std::optional<double> timestamp_of(const Cell& cell);

/// Seconds of "0 days 00:00:01.25", "1:02:03" or a number. Nothing for other cells.
[[nodiscard]] std::optional<double> duration_of(const Cell& cell);

}  // namespace hyperego
