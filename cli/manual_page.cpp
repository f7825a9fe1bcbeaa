#include <fmt/format.h>

#include "command_tree.hpp"
#include "exit_codes.hpp"
#include <array>
#include <string_view>

namespace hyperego::cli {
namespace {

struct Replacement {
  std::string_view text, roff;
};

// Characters that roff reads as something else, and those outside ASCII by names that every output device knows.
constexpr std::array replacements{Replacement{"\\", "\\(rs"}, Replacement{"-", "\\-"},   Replacement{"'", "\\(aq"},
                                  Replacement{"`", "\\(ga"},  Replacement{"^", "\\(ha"}, Replacement{"~", "\\(ti"},
                                  Replacement{"…", "..."},    Replacement{"–", "\\(en"}, Replacement{"×", "\\(mu"},
                                  Replacement{"ö", "\\(:o"},  Replacement{"∅", "\\(es"}, Replacement{"\n", " "}};

std::string roff(std::string_view text) {
  std::string result = text.rfind('.', 0) == 0 ? "\\&" : "";
  for (std::size_t at = 0; at < text.size();) {
    const auto* found = replacements.begin();
    while (found != replacements.end() && text.compare(at, found->text.size(), found->text) != 0) ++found;
    result += found == replacements.end() ? text.substr(at, 1) : found->roff;
    at += found == replacements.end() ? 1 : found->text.size();
  }
  return result;
}

/// "\fB\-\-out\fR \fIDIR\fR"
std::string term(const CommandOption& option) {
  std::string text;
  for (const std::string& name : option.names) text += (text.empty() ? "" : ", ") + ("\\fB" + roff(name) + "\\fR");
  std::string value = option.value;
  if (!option.choices.empty() && !option.is_positional()) value = fmt::format("{}", fmt::join(option.choices, "|"));
  if (!value.empty()) text += (text.empty() ? "\\fI" : " \\fI") + roff(value) + "\\fR";
  return text;
}

std::string synopsis(const std::string& path, const CommandTree& command) {
  std::string text = "\\fB" + roff(path) + "\\fR";
  for (const CommandOption& option : command.options) {
    if (option.is_positional() || option.is_required) {
      text += option.is_required ? " " + term(option) : " [" + term(option) + "]";
      if (option.is_positional() && option.repeats) text += " ...";
    }
  }
  return text + (command.commands.empty() ? " [\\fIoptions\\fR]" : " \\fICOMMAND\\fR");
}

/// Every command and what is below it.
void add_commands(const CommandTree& tree, const std::string& path, std::string& page) {
  for (const CommandTree& command : tree.commands) {
    const std::string name = path + " " + command.name;
    if (command.commands.empty()) {
      page += ".SS " + roff(name) + "\n" + synopsis(name, command) + "\n.PP\n" + roff(command.description) + ".\n";
      for (const CommandOption& option : command.options) {
        if (option.names != std::vector<std::string>{"--help", "-h"})
          page += ".TP\n" + term(option) + "\n" + roff(option.description) + "\n";
      }
    }
    add_commands(command, name, page);
  }
}

}  // namespace

std::string manual_page(const CommandTree& program, const std::string& version) {
  std::string page = ".TH HYPEREGO 1 \"\" \"hyperego " + roff(version) + "\" \"User Commands\"\n";
  page += ".SH NAME\nhyperego \\- " + roff(program.description) + "\n.SH SYNOPSIS\n" + synopsis(program.name, program) +
          "\n.SH DESCRIPTION\nA study (STUDY.json) names a search space, objectives and a program to be evaluated. " +
          roff(
              "`hyperego run` tries configurations, keeps every result in a run directory, and says which of the "
              "hyperparameters matter for which trade-off. Data go to stdout, as a table on a terminal and as JSON "
              "elsewhere; messages go to stderr. Every command has --help.") +
          "\n";
  for (const CommandOption& option : program.options) {
    page += ".TP\n" + term(option) + "\n" + roff(option.description) + "\n";
  }
  page += ".SH COMMANDS\n";
  add_commands(program, program.name, page);
  page += ".SH EXIT STATUS\n";
  for (const ExitCodeMeaning& code : exit_code_meanings) {
    page += ".TP\n.B " + roff(code.code) + "\n" + roff(code.meaning) + "\n";
  }
  page +=
      ".SH ENVIRONMENT\n.TP\n.B HYPEREGO_YAHPO_DATA\nThe folder with the data of YAHPO Gym.\n.TP\n.B HYPEREGO_ISA\n" +
      roff(
          "The most capable instruction set that is used: generic, x86_64_v3 or x86_64_v4; results differ in their "
          "last digits between them.") +
      "\n";
  return page;
}

}  // namespace hyperego::cli
