// Documents of reports, for tests: studies to make them of, and their parts by name.
#pragma once

#include <hyperego/core/error.hpp>

#include <nlohmann/json.hpp>

#include <string>

namespace hyperego::test {

inline nlohmann::ordered_json problem(const char* name, int variables, int objectives, int trials,
                                      const char* optimizer) {
  return {{"name", name},
          {"evaluator", {{"problem", name}, {"variables", variables}, {"objectives", objectives}}},
          {"optimizer", {{"name", optimizer}}},
          {"limits", {{"trials", trials}}},
          {"seed", 3}};
}

inline const nlohmann::ordered_json& section(const nlohmann::ordered_json& document, const std::string& id) {
  for (const nlohmann::ordered_json& one : document.at("sections")) {
    if (one.at("id") == id) return one;
  }
  throw InvalidInput(id, "no such section");
}

inline const nlohmann::ordered_json& figure(const nlohmann::ordered_json& document, const std::string& id) {
  for (const nlohmann::ordered_json& one : document.at("sections")) {
    for (const nlohmann::ordered_json& two : one.at("figures")) {
      if (two.at("id") == id) return two;
    }
  }
  throw InvalidInput(id, "no such figure");
}

/// "section: figure (kind) …": what a document consists of.
inline std::string outline(const nlohmann::ordered_json& document) {
  std::string text;
  for (const nlohmann::ordered_json& one : document.at("sections")) {
    text += one.at("id").get<std::string>() + ":";
    for (const nlohmann::ordered_json& two : one.at("figures")) text += " " + two.at("id").get<std::string>();
    for (const nlohmann::ordered_json& two : one.at("tables")) text += " [" + two.at("id").get<std::string>() + "]";
    text += "\n";
  }
  return text;
}

}  // namespace hyperego::test
