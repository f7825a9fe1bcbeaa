#include <hyperego/benchmark/benchmark.hpp>
#include <hyperego/benchmark/external_run.hpp>
#include <hyperego/benchmark/result_files.hpp>
#include <hyperego/benchmark/summary.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "benchmark_arguments.hpp"
#include "interruption.hpp"
#include "output.hpp"
#include "program.hpp"
#include "progress.hpp"
#include <algorithm>
#include <iostream>
#include <memory>
#include <thread>

namespace hyperego::cli {
namespace {

namespace fs = std::filesystem;

int serve_run(const BenchmarkArguments& arguments) {
  const BenchmarkSuite suite = suite_of(arguments);
  if (suite.tasks.size() != 1 || suite.seeds.size() != 1) {
    throw InvalidInput("--serve", "plays one run; name one task with --tasks and one seed with --seeds");
  }
  const auto is_taken = [&](const CompetingOptimizer& o) {
    return folder_name(o.label) == folder_name(arguments.serve);
  };
  if (std::any_of(suite.optimizers.begin(), suite.optimizers.end(), is_taken)) {
    throw InvalidInput("--serve", "\"" + arguments.serve + "\" is an optimizer of the suite; give another label");
  }
  const std::vector<BenchmarkTask> tasks = prepare_tasks(suite);
  const fs::path file = run_file(directory_of(arguments, suite), tasks[0].name, arguments.serve, suite.seeds[0]);
  if (fs::exists(file)) throw InvalidInput(file.string(), "is there already; remove it to have the run made again");
  const auto run = play_external_run(tasks[0], arguments.serve, suite.seeds[0], std::cin, std::cout);
  if (!std::cout) throw StoreError("stdout", "cannot be written, so that nobody read the answers; nothing is kept");
  if (!run) throw InvalidInput("--serve", "the requests ended before the budget was spent; nothing is kept");
  keep_run(directory_of(arguments, suite), *run);
  return ExitCode::done;
}

int run_suite(const BenchmarkArguments& arguments) {
  const BenchmarkSuite suite = suite_of(arguments);
  const std::vector<BenchmarkTask> tasks = prepare_tasks(suite);
  const fs::path directory = directory_of(arguments, suite);
  std::error_code ignored;
  if (fs::equivalent(arguments.suite, directory / "suite.json", ignored) &&
      read_text_file(arguments.suite) != to_json(suite).dump(2) + "\n") {
    throw InvalidInput(directory.string(),
                       "the benchmark would overwrite its suite file, which lies there as suite.json; choose another "
                       "directory with --out");
  }
  StopSignal stop;
  const Interruption interruption(stop);
  BenchmarkRunOptions options;
  options.threads =
      static_cast<std::size_t>(arguments.threads.value_or(std::max(1U, std::thread::hardware_concurrency())));
  BenchmarkRuns runs;
  {
    TerminalLine line;
    options.progress = [&line](std::size_t done, std::size_t wanted) {
      line.show({fmt::format("{} of {} runs", done, wanted)});
    };
    runs = run_benchmark(suite, tasks, directory, options, stop);
  }
  if (stop) {
    note("stopped; finished runs are kept, and the same command goes on with the others");
    return 128 + stop.reason();
  }
  const BenchmarkSummary summary = summarize(suite, tasks, runs);
  const std::string text = to_text(summary);
  nlohmann::ordered_json json = to_json(summary);
  write_result_files(directory, tasks, runs, summary);
  for (const std::string& reason : runs.left_out) note(reason);
  json["directory"] = directory.string();
  json["runs_made"] = runs.made;
  print_data(arguments.output, json, [&] { return text + "\nresult in " + directory.string() + "\n"; });
  return ExitCode::done;
}

}  // namespace

void add_benchmark_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<BenchmarkArguments>();
  CLI::App* command =
      app.add_subcommand("benchmark", "Compare optimizers on tasks and seeds; what is done already is not done again");
  CLI::Option* suite =
      command->add_option("SUITE.json", arguments->suite, "The suite (format: docs/benchmark-suites.md)");
  add_suite_options(*command, *arguments);
  add_whole_number(*command, "--threads", arguments->threads,
                   "Runs at the same time, each on one thread (default: all cores)", 1, 4096);
  command
      ->add_option("--serve", arguments->serve,
                   "Let another program play one run under this label: configurations come in and objectives go out "
                   "as JSON lines (docs/benchmark-suites.md)")
      ->type_name("LABEL");
  add_output_options(*command, arguments->output);
  add_benchmark_analysis_commands(*command, action);
  command->callback([&action, arguments, command, suite] {
    if (!command->get_subcommands().empty()) return;  // which has set its own action
    if (arguments->suite.empty()) throw CLI::RequiredError(suite->get_name());
    action = [arguments] { return arguments->serve.empty() ? run_suite(*arguments) : serve_run(*arguments); };
  });
}

}  // namespace hyperego::cli
