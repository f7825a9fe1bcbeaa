#include "source_options.hpp"

#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>

#include <CLI/CLI.hpp>

#include "arguments.hpp"
#include <algorithm>
#include <memory>
#include <optional>
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

void SourceOptions::set_bounds(std::vector<Objective>& known) const {
  for (const std::string& text : bounds) {
    const std::size_t equals = text.find('=');
    const std::size_t comma = text.find(',', equals == std::string::npos ? 0 : equals);
    if (equals == std::string::npos || comma == std::string::npos) {
      throw InvalidInput("--bounds", "\"" + text + "\" is not NAME=lower,upper (either end may be left out)");
    }
    std::vector<std::string> names;
    for (const Objective& objective : known) names.push_back(objective.name);
    const std::string name = text.substr(0, equals);
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) throw InvalidInput("--bounds", "there is no \"" + name + "\"" + expected_name(name, names));
    Objective& objective = known[static_cast<std::size_t>(at - names.begin())];
    const auto end = [&](const std::string& number) -> std::optional<double> {
      if (number.empty() || number == "null") return std::nullopt;
      return comma_separated_numbers(number, "--bounds").at(0);
    };
    objective.lower = end(text.substr(equals + 1, comma - equals - 1));
    objective.upper = end(text.substr(comma + 1));
    if (objective.lower && objective.upper && !(*objective.lower < *objective.upper)) {
      throw InvalidInput("--bounds", "of \"" + name + "\": the lower one must be less than the upper one");
    }
  }
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
  command
      .add_option("--bounds", options.bounds,
                  "What no value of an objective is below and above, as error=0,1; either end may be left out (may be "
                  "repeated)")
      ->type_name("NAME=LOWER,UPPER")
      ->expected(1)
      ->take_all();
}

bool is_foreign(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto has = [&](const char* name) { return std::filesystem::exists(path / name, ignored); };
  if (!std::filesystem::exists(path, ignored)) return false;
  return !std::filesystem::is_directory(path, ignored) ||
         !(has("study.json") || has("summary.json") || has("suite.json"));
}

}  // namespace hyperego::cli
