#pragma once

#include <hyperego/core/objective.hpp>
#include <hyperego/imports/trials/import_trials.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace hyperego::cli {

/// What is said of trials that other programs have left.
struct SourceOptions {
  std::string space;
  std::vector<std::string> objectives;
  std::vector<std::string> maximized;
  std::vector<std::string> ignored;
  std::string study;
  std::vector<std::string> bounds;

  /// Whether anything is said but an objective.
  [[nodiscard]] bool is_used() const {
    return !space.empty() || !maximized.empty() || !ignored.empty() || !study.empty();
  }
  /// @throws InvalidInput for a space that cannot be read and directions that are none.
  [[nodiscard]] ImportOptions read() const;
  /// Sets the bounds of the objectives that --bounds names. @throws InvalidInput for other names and for text that is
  /// not NAME=lower,upper, where either end may be left out.
  void set_bounds(std::vector<Objective>& known) const;
};

/// Adds --space, --objective, --ignore, --study and --bounds.
void add_source_options(CLI::App& command, SourceOptions& options, const std::string& objective_description);

/// Whether a path holds something other than a study or benchmark of ours: what has to be imported.
[[nodiscard]] bool is_foreign(const std::filesystem::path& path);

}  // namespace hyperego::cli
