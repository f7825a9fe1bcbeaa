#include <hyperego/imports/table/timestamp.hpp>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>

namespace hyperego {
namespace {

/// Seconds of the zone at the end of a time of day.
double zone_of(const std::string& rest) {
  const std::size_t sign = rest.find_last_of("+-");
  int hours = 0;
  int minutes = 0;
  if (sign == std::string::npos || std::sscanf(rest.c_str() + sign + 1, "%2d:%2d", &hours, &minutes) < 1) return 0;
  const double seconds = 3600.0 * hours + 60.0 * minutes;
  return rest[sign] == '-' ? -seconds : seconds;
}

std::optional<double> finite(std::optional<double> number) {
  return number && std::isfinite(*number) && std::abs(*number) < 1e15 ? number : std::nullopt;
}

}  // namespace

std::optional<double> timestamp_of(const Cell& cell) {
  const auto* text = cell ? std::get_if<std::string>(&*cell) : nullptr;
  if (text == nullptr || text->size() > 64) return finite(number_of(cell));
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  double second = 0;
  int used = 0;
  char separator = 0;
  if (std::sscanf(text->c_str(), "%4d-%2u-%2u%c%2d:%2d:%9lf%n", &year, &month, &day, &separator, &hour, &minute,
                  &second, &used) < 7) {
    return finite(number_of(cell));
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok() || hour < 0 || hour > 24 || minute < 0 || minute > 59 || !(second >= 0 && second < 62))
    return std::nullopt;
  const auto days = static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count());
  return 86400 * days + 3600.0 * hour + 60.0 * minute + second - zone_of(text->substr(static_cast<std::size_t>(used)));
}

std::optional<double> duration_of(const Cell& cell) {
  const auto* text = cell ? std::get_if<std::string>(&*cell) : nullptr;
  if (text == nullptr || text->size() > 64) return finite(number_of(cell));
  double days = 0;
  int hours = 0;
  int minutes = 0;
  double seconds = 0;
  const bool has_days = std::sscanf(text->c_str(), "%6lf days %4d:%2d:%9lf", &days, &hours, &minutes, &seconds) == 4;
  if (!has_days) {
    days = 0;
    if (std::sscanf(text->c_str(), "%4d:%2d:%9lf", &hours, &minutes, &seconds) != 3) return finite(number_of(cell));
  }
  return finite(86400 * days + 3600.0 * hours + 60.0 * minutes + seconds);
}

}  // namespace hyperego
