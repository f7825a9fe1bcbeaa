#pragma once

#include <hyperego/core/hyperparameter.hpp>

#include <cstddef>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hyperego::detail {

/// Hyperparameters by name, for the members of one object: usually in the space's order, and looked up in a table where
/// they are not, so that d members never cost d² comparisons.
class MemberIndex {
 public:
  explicit MemberIndex(const std::vector<Hyperparameter>& hyperparameters) : hyperparameters_(hyperparameters) {}

  std::optional<std::size_t> find(std::string_view name) {
    const bool is_next = next_ < hyperparameters_.size() && hyperparameters_[next_].name == name;
    if (is_next) return next_++;
    if (table_.empty()) fill();
    const auto found = table_.find(name);
    if (found == table_.end()) return std::nullopt;
    next_ = found->second + 1;
    return found->second;
  }

 private:
  void fill() {
    table_.reserve(hyperparameters_.size());
    for (std::size_t i = 0; i < hyperparameters_.size(); ++i) table_.emplace(hyperparameters_[i].name, i);
  }

  const std::vector<Hyperparameter>& hyperparameters_;
  std::size_t next_ = 0;
  std::unordered_map<std::string_view, std::size_t> table_;
};

}  // namespace hyperego::detail
