// What a test puts into files and reads of those that were written.
#pragma once

#include <hyperego/core/journal.hpp>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace hyperego::test {

inline void put(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

/// Every byte of a file; nothing where there is none.
inline std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

/// The journal without what depends on the clock, one event a line.
inline std::string timeless_journal(const std::filesystem::path& directory) {
  std::string text;
  for (nlohmann::ordered_json event : Journal::read(directory / "journal.jsonl").events) {
    event.erase("time");
    text += event.dump() + "\n";
  }
  return text;
}

}  // namespace hyperego::test
