#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace hyperego::cli {

/// An option, a flag or an argument of a command, as the parser knows it.
struct CommandOption {
  std::vector<std::string> names;    ///< "-h", "--help"; none for an argument that stands by its position
  std::string value;                 ///< what it takes ("DIR", "NUMBER"); empty for a flag
  std::vector<std::string> choices;  ///< the only values it takes, where they are a list
  std::string description;
  bool is_required = false;
  bool repeats = false;

  [[nodiscard]] bool is_positional() const { return names.empty(); }
};

/// The program or one of its commands, made from the parser itself: whatever is printed from it is never out of date.
struct CommandTree {
  std::string name;
  std::string description;
  std::vector<CommandOption> options;
  std::vector<CommandTree> commands;
};

[[nodiscard]] CommandTree command_tree(const CLI::App& app);

/// The manual page of the program and all its commands, roff for section 1.
[[nodiscard]] std::string manual_page(const CommandTree& program, const std::string& version);

// Scripts that complete commands, options and choices; files where a value is free.
[[nodiscard]] std::string bash_completion(const CommandTree& program);
[[nodiscard]] std::string zsh_completion(const CommandTree& program);
[[nodiscard]] std::string fish_completion(const CommandTree& program);

}  // namespace hyperego::cli
