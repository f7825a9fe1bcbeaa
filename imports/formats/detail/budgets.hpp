#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace hyperego {

/// Of trials at several budgets (epochs, subsets of the data) those at the largest count: values at others are of
/// another function.
class BudgetFilter {
 public:
  /// @param budgets of every trial; nothing where it has none.
  explicit BudgetFilter(std::vector<std::optional<double>> budgets);

  [[nodiscard]] bool keeps(std::size_t trial) const;
  /// Says how many were left out, if any.
  void note(std::vector<std::string>& notes) const;

 private:
  std::vector<std::optional<double>> budgets_;
  std::optional<double> largest_;
};

}  // namespace hyperego
