#include "unknown_word.hpp"

#include <hyperego/core/error.hpp>

#include <CLI/CLI.hpp>

#include <vector>

namespace hyperego::cli {
namespace {

/// "hyperego problem list"
std::string path_of(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return (parent == nullptr ? "" : path_of(*parent) + " ") + command.get_name();
}

std::vector<std::string> names_of_commands(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* below : command.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(below->get_name());
  }
  return names;
}

std::string complaint_about_option(const CLI::App& command, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& known : option->get_lnames()) names.push_back(known);
  }
  // Dashes say nothing about which one is meant.
  std::string hint = did_you_mean(name.substr(name.find_first_not_of('-')), names);
  if (const std::size_t quote = hint.find('"'); quote != std::string::npos) hint.insert(quote + 1, "--");
  return "\"" + name + "\" is no option of " + path_of(command) + hint;
}

}  // namespace

std::optional<std::string> unknown_word(const CLI::App& app) {
  for (const CLI::App* command = &app;;) {
    for (const std::string& word : command->remaining()) {
      if (word.find_first_not_of('-') == std::string::npos) continue;
      if (word.front() == '-') return complaint_about_option(*command, word);
      const auto names = names_of_commands(*command);
      if (names.empty()) break;
      return "\"" + word + "\" is no command of " + path_of(*command) + expected_name(word, names);
    }
    const std::vector<CLI::App*> chosen = command->get_subcommands();
    if (chosen.empty()) return std::nullopt;
    command = chosen.front();
  }
}

}  // namespace hyperego::cli
