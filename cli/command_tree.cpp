#include "command_tree.hpp"

#include <CLI/CLI.hpp>

namespace hyperego::cli {
namespace {

/// "TEXT:{gp,forest}" → gp, forest.
std::vector<std::string> choices_of(const std::string& type) {
  const std::size_t open = type.find(":{");
  const std::size_t close = type.find('}', open);
  if (open == std::string::npos || close == std::string::npos) return {};
  return CLI::detail::split(type.substr(open + 2, close - open - 2), ',');
}

CommandOption option_of(const CLI::Option& option) {
  CommandOption result;
  result.description = option.get_description();
  result.is_required = option.get_required();
  for (const std::string& name : option.get_snames()) result.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) result.names.push_back("--" + name);
  const std::string type = option.get_type_name();
  if (option.get_items_expected_max() == 0) return result;  // a flag
  result.choices = choices_of(type);
  result.value = result.is_positional() ? option.get_name(true) : type.substr(0, type.find(':'));
  result.repeats =
      option.get_items_expected_max() > 1 || option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
  return result;
}

}  // namespace

CommandTree command_tree(const CLI::App& app) {
  CommandTree tree{app.get_name(), app.get_description(), {}, {}};
  for (const CLI::Option* option : app.get_options()) tree.options.push_back(option_of(*option));
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    tree.commands.push_back(command_tree(*command));
  }
  return tree;
}

}  // namespace hyperego::cli
