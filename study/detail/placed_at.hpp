#pragma once

#include <hyperego/core/error.hpp>

#include <string>

namespace hyperego::detail {

/// Calls the function; what it complains of is put under `where`: "variables: is 3" becomes
/// "study.json/evaluator/variables: is 3".
template <typename Function>
auto placed_at(const std::string& where, Function&& function) {
  try {
    return function();
  } catch (const InvalidInput& error) {
    const std::string text = error.what();
    const std::string prefix = error.where() + ": ";
    const bool is_member = text.rfind(prefix, 0) == 0 && error.where().find_first_of(" /") == std::string::npos;
    if (is_member) throw InvalidInput(where + "/" + error.where(), text.substr(prefix.size()));
    throw InvalidInput(where, text);
  }
}

}  // namespace hyperego::detail
