#include <hyperego/core/value.hpp>
#include <hyperego/imports/formats/detail/budgets.hpp>

#include <algorithm>
#include <utility>

namespace hyperego {

BudgetFilter::BudgetFilter(std::vector<std::optional<double>> budgets) : budgets_(std::move(budgets)) {
  for (const std::optional<double>& budget : budgets_) largest_ = std::max(largest_, budget);
}

bool BudgetFilter::keeps(std::size_t trial) const { return budgets_[trial] == largest_; }

void BudgetFilter::note(std::vector<std::string>& notes) const {
  const auto kept = static_cast<std::size_t>(std::count(budgets_.begin(), budgets_.end(), largest_));
  if (kept == budgets_.size()) return;
  notes.push_back(std::to_string(budgets_.size() - kept) + " of " + std::to_string(budgets_.size()) +
                  " runs had a smaller budget than " + to_string(Value(*largest_)) + " and are left out");
}

}  // namespace hyperego
