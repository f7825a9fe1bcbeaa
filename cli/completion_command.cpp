#include <hyperego/core/version.hpp>

#include <CLI/CLI.hpp>

#include "command_tree.hpp"
#include "output.hpp"
#include "program.hpp"
#include <memory>

namespace hyperego::cli {

void add_completion_commands(CLI::App& app, Action& action) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* completion =
      app.add_subcommand("completion", "Print a script that completes commands and options in a shell");
  completion->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->callback([&app, &action, shell] {
    action = [&app, shell] {
      const CommandTree program = command_tree(app);
      print(*shell == "bash"  ? bash_completion(program)
            : *shell == "zsh" ? zsh_completion(program)
                              : fish_completion(program));
      return ExitCode::done;
    };
  });

  CLI::App* manual = app.add_subcommand("manual", "Print the manual page, for man -l -");
  manual->callback([&app, &action] {
    action = [&app] {
      print(manual_page(command_tree(app), std::string(version())));
      return ExitCode::done;
    };
  });
}

}  // namespace hyperego::cli
