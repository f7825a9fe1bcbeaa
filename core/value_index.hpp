#pragma once

#include <hyperego/core/value.hpp>

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hyperego {

/// Equal for values that same_value() calls the same.
struct ValueHash {
  [[nodiscard]] std::size_t operator()(const Value& value) const;
};

/// Where a value stands in a list of different ones: O(1) a look-up, O(n) to build.
class ValueIndex {
 public:
  ValueIndex() = default;
  explicit ValueIndex(const std::vector<Value>& values);

  [[nodiscard]] std::optional<std::size_t> find(const Value& value) const;

 private:
  struct Same {
    bool operator()(const Value& a, const Value& b) const { return same_value(a, b); }
  };
  std::unordered_map<Value, std::size_t, ValueHash, Same> places_;
};

/// The first value that stands in the list before: its place and that of its like. O(n).
[[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> first_repeat(const std::vector<Value>& values);

}  // namespace hyperego
