#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

namespace hyperego {

/// The root of every exception that hyperego throws on purpose.
///
/// `where()` names the place (a file and JSON pointer, an argument, a hyperparameter), `what()` is one sentence that
/// holds the place, what was wrong and what to do about it. A failed trial is data, not an exception.
class Error : public std::runtime_error {
 public:
  Error(std::string where, const std::string& message)
      : std::runtime_error(where.empty() ? message : where + ": " + message), where_(std::move(where)) {}

  [[nodiscard]] const std::string& where() const noexcept { return where_; }

 private:
  std::string where_;
};

/// Misuse of an interface or an input file that cannot be accepted. The program ends with exit code 2.
class InvalidInput : public Error {
 public:
  using Error::Error;
};

/// The run directory is locked by another process or damaged. The program ends with exit code 4.
class StoreError : public Error {
 public:
  using Error::Error;
};

/// "; did you mean `lower`?" for the candidate nearest to `name` by edit distance, empty when none is near.
template <typename Range>
[[nodiscard]] std::string did_you_mean(std::string_view name, const Range& candidates);

/// did_you_mean(), or where nothing is near "; expected one of \"a\", \"b\"" with at most a dozen of the candidates.
template <typename Range>
[[nodiscard]] std::string expected_name(std::string_view name, const Range& candidates);

/// Letters added, left out, wrong, or swapped; case-insensitive; O(|a| |b|). Beyond 200 bytes: the longer length.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

template <typename Range>
std::string did_you_mean(std::string_view name, const Range& candidates) {
  std::string_view nearest;
  std::size_t best = std::string_view::npos;
  for (const auto& candidate : candidates) {
    const std::size_t distance = edit_distance(name, candidate);
    // More than half of the letters wrong is no longer a typing error.
    if (distance < best && distance <= std::max(name.size(), std::string_view(candidate).size()) / 2) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest.empty() ? std::string{} : "; did you mean \"" + std::string(nearest) + "\"?";
}

template <typename Range>
std::string expected_name(std::string_view name, const Range& candidates) {
  if (std::string hint = did_you_mean(name, candidates); !hint.empty()) return hint;
  constexpr std::size_t most = 12;
  std::string list;
  std::size_t listed = 0;
  for (const auto& candidate : candidates) {
    if (listed++ < most) list += (list.empty() ? "\"" : ", \"") + std::string(candidate) + "\"";
  }
  if (list.empty()) return "; there are none";
  if (listed > most) list += " and " + std::to_string(listed - most) + " more";
  return "; expected one of " + list;
}

}  // namespace hyperego
