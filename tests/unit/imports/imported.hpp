// Trials imported from a text, as a test writes it down.
#pragma once

#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/imports/trials/import_trials.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "temporary_directory.hpp"
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace hyperego::test {

inline ImportOptions options_with(const std::vector<std::string>& objectives, const std::string& space = {},
                                  const std::vector<std::string>& ignored = {}) {
  ImportOptions options{.space = nullptr, .objectives = {}, .ignored = ignored, .study = {}};
  for (const std::string& text : objectives) options.objectives.push_back(objective_choice(text, "test"));
  if (!space.empty()) {
    const auto json = parse_json(space, "space");
    options.space = std::make_shared<const SearchSpace>(space_from_configspace_json(json, "space"));
  }
  return options;
}

inline ImportedTrials imported(const std::string& text, const ImportOptions& options) {
  const TemporaryDirectory directory;
  std::ofstream(directory / "t", std::ios::binary) << text;
  return import_trials(directory / "t", options);
}

/// What it complains of, without the folder.
inline std::string complaint(const std::string& text, const ImportOptions& options) {
  const TemporaryDirectory directory;
  std::ofstream(directory / "t", std::ios::binary) << text;
  try {
    (void)import_trials(directory / "t", options);
  } catch (const InvalidInput& error) {
    const std::string what = error.what();
    const std::string folder = directory.path().string() + "/";
    return what.rfind(folder, 0) == 0 ? what.substr(folder.size()) : what;
  }
  return "none";
}

inline bool says(const ImportedTrials& trials, const std::string& words) {
  for (const std::string& note : trials.notes) {
    if (note.find(words) != std::string::npos) return true;
  }
  return false;
}

inline nlohmann::ordered_json configuration_at(const ImportedTrials& trials, std::size_t i) {
  return trials.space->to_json(trials.trials.at(i).configuration);
}

}  // namespace hyperego::test
