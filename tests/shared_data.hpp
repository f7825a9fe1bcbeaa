// Where the reference data of independent implementations lie, and how a test says that they are absent.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

namespace hyperego::test {

inline std::filesystem::path shared_data() {
  const char* directory = std::getenv("HYPEREGO_SHARED_DATA");
  return directory != nullptr ? directory : HYPEREGO_SHARED_DATA;
}

/// False, and a loud line naming the test, where `relative` is not among the reference data.
inline bool have_shared(const std::string& relative, const char* test) {
  if (std::filesystem::exists(shared_data() / relative)) return true;
  std::cout << "SKIPPED " << test << ": no reference data at " << (shared_data() / relative).string() << std::endl;
  return false;
}

inline nlohmann::ordered_json read_shared(const std::filesystem::path& relative) {
  std::ifstream file(shared_data() / relative);
  return nlohmann::ordered_json::parse(file);
}

}  // namespace hyperego::test
