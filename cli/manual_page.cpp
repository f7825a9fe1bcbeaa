#include <hyperego/core/utf8.hpp>

#include <fmt/format.h>

#include "command_tree.hpp"
#include "exit_codes.hpp"
#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace hyperego::cli {
namespace {

struct Replacement {
  std::string_view text, roff;
};

// Characters that roff reads as something else, and some outside ASCII as every output device has them.
constexpr std::array replacements{Replacement{"\\", "\\(rs"}, Replacement{"-", "\\-"},   Replacement{"'", "\\(aq"},
                                  Replacement{"`", "\\(ga"},  Replacement{"^", "\\(ha"}, Replacement{"~", "\\(ti"},
                                  Replacement{"…", "..."},    Replacement{"–", "\\(en"}, Replacement{"×", "\\(mu"},
                                  Replacement{"ö", "oe"},     Replacement{"∅", "\\(es"}, Replacement{"\n", " "}};

/// A character of several bytes, by its number.
std::string roff_of_character(std::string_view bytes) {
  unsigned value = static_cast<unsigned char>(bytes.front()) & (0xFFU >> (bytes.size() + 1));
  for (const char c : bytes.substr(1)) value = value << 6U | (static_cast<unsigned char>(c) & 0x3FU);
  return fmt::format("\\[u{:04X}]", value);
}

std::string roff(std::string_view text) {
  std::string result = text.rfind('.', 0) == 0 ? "\\&" : "";
  while (!text.empty()) {
    const auto* found = std::find_if(replacements.begin(), replacements.end(), [&](const Replacement& replacement) {
      return text.substr(0, replacement.text.size()) == replacement.text;
    });
    const bool is_plain = found == replacements.end();
    const std::size_t length = is_plain ? std::max<std::size_t>(1, utf8_length(text, 0)) : found->text.size();
    if (!is_plain) result += found->roff;
    if (is_plain) result += length == 1 ? std::string(text.substr(0, 1)) : roff_of_character(text.substr(0, length));
    text.remove_prefix(length);
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
        if (option.names != std::vector<std::string>{"-h", "--help"})
          page += ".TP\n" + term(option) + "\n" + roff(option.description) + "\n";
      }
    }
    add_commands(command, name, page);
  }
}

/// What `whatis` shows: without a capital letter and a full stop.
std::string name_line(std::string description) {
  description.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(description.front())));
  if (description.back() == '.') description.pop_back();
  return description;
}

}  // namespace

std::string manual_page(const CommandTree& program, const std::string& version) {
  std::string page = ".TH HYPEREGO 1 \"\" \"hyperego " + roff(version) + "\" \"User Commands\"\n";
  page += ".SH NAME\nhyperego \\- " + roff(name_line(program.description)) + "\n.SH SYNOPSIS\n" +
          synopsis(program.name, program) +
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
