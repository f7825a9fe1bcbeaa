#include <hyperego/core/error.hpp>
#include <hyperego/core/instruction_set.hpp>
#include <hyperego/core/version.hpp>
#include <hyperego/study/resource_shortage.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "exit_codes.hpp"
#include "output.hpp"
#include "program.hpp"
#include "unknown_word.hpp"
#include <csignal>
#include <exception>
#include <new>
#include <sstream>
#include <string>

namespace {

using hyperego::cli::ExitCode;

int complain(const std::string& message, int code) {
  hyperego::cli::note(message);
  return code;
}

/// Help or the version, which have to reach the reader like any other output.
int print_and_exit(const CLI::App& app, const CLI::Success& success) {
  std::ostringstream text;
  const int code = app.exit(success, text, text);
  hyperego::cli::print(text.str());
  return code;
}

std::string version_text() {
  return fmt::format("hyperego {} ({})", hyperego::version(), hyperego::to_string(hyperego::instruction_set()));
}

int run(int argc, char** argv) {
  CLI::App app("Explainable multi-objective hyperparameter optimisation.", "hyperego");
  app.require_subcommand(1);
  app.set_version_flag("--version", version_text, "Print the version and the instruction set in use");
  app.get_formatter()->column_width(34);
  app.footer(hyperego::cli::exit_codes_text());
  hyperego::cli::Action action;
  hyperego::cli::add_study_commands(app, action);
  hyperego::cli::add_ask_tell_commands(app, action);
  hyperego::cli::add_explain_command(app, action);
  hyperego::cli::add_import_command(app, action);
  hyperego::cli::add_report_command(app, action);
  hyperego::cli::add_benchmark_command(app, action);
  hyperego::cli::add_shapley_command(app, action);
  hyperego::cli::add_indicator_command(app, action);
  hyperego::cli::add_problem_commands(app, action);
  hyperego::cli::add_yahpo_commands(app, action);
  hyperego::cli::add_completion_commands(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return print_and_exit(app, success);
  } catch (const CLI::ParseError& error) {
    return complain(
        hyperego::cli::unknown_word(app).value_or(error.what()) + " (see hyperego --help, or hyperego COMMAND --help)",
        ExitCode::invalid_input);
  }
  return action ? action() : ExitCode::done;
}

}  // namespace

int main(int argc, char** argv) {
  hyperego::cli::hold_standard_streams();
  // A reader of our output that goes away must not end a study.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return run(argc, argv);
  } catch (const hyperego::InvalidInput& error) {
    return complain(error.what(), ExitCode::invalid_input);
  } catch (const hyperego::StoreError& error) {
    return complain(error.what(), ExitCode::store_error);
  } catch (const hyperego::ResourceShortage& error) {
    return complain(error.what(), ExitCode::store_error);
  } catch (const std::bad_alloc&) {
    return complain("out of memory", ExitCode::internal_error);
  } catch (const std::exception& error) {
    return complain(std::string("internal error: ") + error.what(), ExitCode::internal_error);
  }
}
