#include "source_options.hpp"

#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <system_error>

namespace hyperego::cli {

ImportOptions SourceOptions::read() const {
  ImportOptions options{.space = nullptr, .objectives = {}, .ignored = ignored, .study = study};
  if (!space.empty()) options.space = std::make_shared<const SearchSpace>(read_configspace_file(space));
  for (const std::string& text : objectives) options.objectives.push_back(objective_choice(text, "--objective"));
  for (const std::string& name : maximized) {
    const auto known = std::find_if(options.objectives.begin(), options.objectives.end(),
                                    [&](const ObjectiveChoice& choice) { return choice.name == name; });
    if (known == options.objectives.end()) {
      options.objectives.push_back({name, Direction::maximize});
    } else {
      known->direction = Direction::maximize;
    }
  }
  return options;
}

void add_source_options(CLI::App& command, SourceOptions& options, const std::string& objective_description) {
  command
      .add_option("--space", options.space,
                  "Its space, ConfigSpace JSON (default: the source's own, else inferred from the trials)")
      ->type_name("FILE");
  command.add_option("--objective", options.objectives, objective_description)
      ->type_name("NAME[=maximize]")
      ->expected(1)
      ->take_all();
  command
      .add_option("--ignore", options.ignored,
                  "A column that is neither hyperparameter nor objective (may be repeated)")
      ->type_name("NAME")
      ->expected(1)
      ->take_all();
  command.add_option("--study", options.study, "Of several studies in an Optuna storage")->type_name("NAME");
}

bool is_foreign(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto has = [&](const char* name) { return std::filesystem::exists(path / name, ignored); };
  if (!std::filesystem::exists(path, ignored)) return false;
  return !std::filesystem::is_directory(path, ignored) ||
         !(has("study.json") || has("summary.json") || has("suite.json"));
}

}  // namespace hyperego::cli
