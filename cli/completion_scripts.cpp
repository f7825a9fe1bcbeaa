#include <fmt/format.h>

#include "command_tree.hpp"
#include <functional>

namespace hyperego::cli {
namespace {

using Visit = std::function<void(const CommandTree& command, const std::string& path)>;

/// Every command after those below which it stands; `path` is "hyperego problem list".
void visit(const CommandTree& tree, const std::string& path, const Visit& call) {
  call(tree, path);
  for (const CommandTree& command : tree.commands) visit(command, path + " " + command.name, call);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// A word of any shell; fish escapes within quotes, the others do not.
std::string quoted(const std::string& text) { return "'" + replaced(text, "'", "'\\''") + "'"; }
std::string fish_quoted(const std::string& text) {
  return "'" + replaced(replaced(text, "\\", "\\\\"), "'", "\\'") + "'";
}

std::vector<std::string> option_names(const CommandTree& command) {
  std::vector<std::string> names;
  for (const CommandOption& option : command.options)
    names.insert(names.end(), option.names.begin(), option.names.end());
  return names;
}

/// What may stand by its position: commands, or the choices of an argument.
std::vector<std::string> positional_words(const CommandTree& command) {
  std::vector<std::string> words;
  for (const CommandTree& below : command.commands) words.push_back(below.name);
  for (const CommandOption& option : command.options) {
    if (option.is_positional()) words.insert(words.end(), option.choices.begin(), option.choices.end());
  }
  return words;
}

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

/// Text in zsh's _arguments, where brackets and colons have a meaning.
std::string zsh_text(std::string text) {
  for (const char* special : {"\\", "[", "]", ":"}) text = replaced(text, special, std::string("\\") + special);
  return text;
}

std::string zsh_value(const CommandOption& option) {
  const std::string action = !option.choices.empty()                               ? "(" + joined(option.choices) + ")"
                             : option.value == "NUMBER" || option.value == "FLOAT" ? " "
                                                                                   : "_files";
  return ":" + zsh_text(option.value) + ":" + action;
}

std::string zsh_function(const std::string& path) { return "_" + replaced(path, " ", "_"); }

std::string zsh_arguments(const CommandTree& command) {
  std::string text;
  int position = 0;
  for (const CommandOption& option : command.options) {
    for (const std::string& name : option.names) {
      const bool takes_equals = !option.value.empty() && name.rfind("--", 0) == 0;
      text +=
          " \\\n    " + quoted((option.repeats ? "*" : "") + name + (takes_equals ? "=" : "") + "[" +
                               zsh_text(option.description) + "]" + (option.value.empty() ? "" : zsh_value(option)));
    }
    if (option.is_positional()) {
      text += " \\\n    " + quoted((option.repeats ? "*" : std::to_string(++position)) + zsh_value(option));
    }
  }
  return text;
}

}  // namespace

std::string bash_completion(const CommandTree& program) {
  std::vector<std::string> commands;
  std::vector<std::string> free_values;
  std::string options;
  std::string words;
  std::string choices;
  visit(program, program.name, [&](const CommandTree& command, const std::string& path) {
    if (path != program.name) commands.push_back(quoted(path));
    options += "          " + quoted(path) + ") words=" + quoted(joined(option_names(command))) + " ;;\n";
    if (const auto positional = positional_words(command); !positional.empty())
      words += "          " + quoted(path) + ") words=" + quoted(joined(positional)) + " ;;\n";
    for (const CommandOption& option : command.options) {
      if (option.value.empty()) continue;
      for (const std::string& name : option.names) {
        const std::string place = quoted(path + " " + name);
        if (option.choices.empty()) free_values.push_back(place);
        if (!option.choices.empty()) choices += "    " + place + ") words=" + quoted(joined(option.choices)) + " ;;\n";
      }
    }
  });
  return fmt::format(R"(# Completion of hyperego in bash, printed by `hyperego completion bash`.
_hyperego() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD - 1]}} command=hyperego words= i
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case "$command ${{COMP_WORDS[i]}}" in
      {})
        command+=" ${{COMP_WORDS[i]}}" ;;
    esac
  done
  # Readline takes --option=value apart.
  if [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=${{COMP_WORDS[COMP_CWORD - 2]}}; fi
  case "$command $prev" in
{}    {}) ;;
    *)
      if [[ $cur == -* ]]; then
        case "$command" in
{}        esac
      else
        case "$command" in
{}        esac
      fi ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}}
# Files where nothing else fits.
complete -o bashdefault -o default -F _hyperego hyperego
)",
                     fmt::join(commands, " | "), choices, fmt::join(free_values, " | "), options, words);
}

std::string zsh_completion(const CommandTree& program) {
  std::string text = "#compdef hyperego\n# Completion of hyperego in zsh, printed by `hyperego completion zsh`.\n";
  visit(program, program.name, [&](const CommandTree& command, const std::string& path) {
    text += "\n" + zsh_function(path) + "() {\n";
    if (command.commands.empty()) {
      text += "  _arguments" + zsh_arguments(command) + "\n}\n";
      return;
    }
    text += "  local context state state_descr line\n  typeset -A opt_args\n  _arguments -C" + zsh_arguments(command) +
            " \\\n    '1:command:->command' '*::argument:->argument'\n  case $state in\n    command)\n      local -a "
            "commands\n"
            "      commands=(\n";
    for (const CommandTree& below : command.commands) {
      text += "        " + quoted(below.name + ":" + zsh_text(below.description)) + "\n";
    }
    text += "      )\n      _describe command commands ;;\n    argument)\n      case $line[1] in\n";
    for (const CommandTree& below : command.commands) {
      text += "        " + below.name + ") " + zsh_function(path + " " + below.name) + " ;;\n";
    }
    text += "      esac ;;\n  esac\n}\n";
  });
  return text + "\nif [[ $funcstack[1] == _hyperego ]]; then _hyperego \"$@\"; else compdef _hyperego hyperego; fi\n";
}

std::string fish_completion(const CommandTree& program) {
  std::string paths;
  std::string lines;
  visit(program, program.name, [&](const CommandTree& command, const std::string& path) {
    if (path != program.name) paths += " " + fish_quoted(path);
    const std::string begin = "complete -c hyperego -n " + fish_quoted("__hyperego_is_at " + path);
    for (const CommandTree& below : command.commands) {
      lines += begin + " -f -a " + below.name + " -d " + fish_quoted(below.description) + "\n";
    }
    for (const CommandOption& option : command.options) {
      const std::string choices = option.choices.empty() ? "" : " -f -a " + fish_quoted(joined(option.choices));
      if (option.is_positional()) {
        if (!choices.empty()) lines += begin + choices + "\n";
        continue;
      }
      lines += begin;
      for (const std::string& name : option.names) {
        lines += name.rfind("--", 0) == 0 ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      lines += (option.value.empty() ? "" : " -r" + choices) + " -d " + fish_quoted(option.description) + "\n";
    }
  });
  return "# Completion of hyperego in fish, printed by `hyperego completion fish`.\n"
         "function __hyperego_is_at\n"
         "    set -l at hyperego\n"
         "    for word in (commandline -opc)[2..-1]\n"
         "        if contains -- \"$at $word\"" +
         paths +
         "\n            set at \"$at $word\"\n"
         "        end\n"
         "    end\n"
         "    test \"$at\" = \"$argv\"\n"
         "end\n" +
         lines;
}

}  // namespace hyperego::cli
