#include <hyperego/core/error.hpp>

#include <algorithm>
#include <cctype>
#include <numeric>
#include <vector>

namespace hyperego {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  constexpr std::size_t longest = 200;  // nobody types more by hand, and a file may hold megabytes
  if (a.size() > longest || b.size() > longest) return std::max(a.size(), b.size());
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  std::vector<std::size_t> above = row;
  std::vector<std::size_t> two_above = row;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::swap(two_above, above);
    std::swap(above, row);
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = above[j] + (lower(a[i]) == lower(b[j]) ? 0 : 1);
      row[j + 1] = std::min({substituted, above[j + 1] + 1, row[j] + 1});
      const bool is_swapped = i > 0 && j > 0 && lower(a[i]) == lower(b[j - 1]) && lower(a[i - 1]) == lower(b[j]);
      if (is_swapped) row[j + 1] = std::min(row[j + 1], two_above[j - 1] + 1);
    }
  }
  return row.back();
}

}  // namespace hyperego
