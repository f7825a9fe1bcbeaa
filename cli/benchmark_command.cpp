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
#include "interruption.hpp"
#include "output.hpp"
#include "program.hpp"
#include "progress.hpp"
#include <algorithm>
#include <charconv>
#include <iostream>
#include <memory>
#include <thread>

namespace hyperego::cli {
namespace {

namespace fs = std::filesystem;

struct BenchmarkArguments {
  std::string suite;
  std::string out;
  std::string seeds, optimizers, tasks;
  std::string external, serve;
  std::optional<std::uint64_t> threads;
  OutputOptions output;
};

std::vector<std::uint64_t> seed_list(const std::string& text) {
  std::vector<std::uint64_t> seeds;
  for (const std::string& part : comma_separated(text, "--seeds")) {
    std::uint64_t seed = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), seed);
    if (error != std::errc{} || end != part.data() + part.size() || seed > 9007199254740992) {
      throw InvalidInput("--seeds", "\"" + part + "\" is no whole number from 0 to 2^53");
    }
    if (std::find(seeds.begin(), seeds.end(), seed) != seeds.end()) {
      throw InvalidInput("--seeds", "lists " + part + " twice");
    }
    seeds.push_back(seed);
  }
  return seeds;
}

BenchmarkSuite suite_of(const BenchmarkArguments& arguments) {
  BenchmarkSuite suite = read_suite(arguments.suite);
  if (!arguments.seeds.empty()) suite.seeds = seed_list(arguments.seeds);
  suite.select(arguments.tasks.empty() ? std::vector<std::string>{} : comma_separated(arguments.tasks, "--tasks"),
               arguments.optimizers.empty() ? std::vector<std::string>{}
                                            : comma_separated(arguments.optimizers, "--optimizers"));
  for (const std::string& label :
       arguments.external.empty() ? std::vector<std::string>{} : comma_separated(arguments.external, "--external")) {
    const auto is_known = [&](const CompetingOptimizer& o) { return folder_name(o.label) == folder_name(label); };
    if (std::any_of(suite.optimizers.begin(), suite.optimizers.end(), is_known)) {
      throw InvalidInput("--external", "\"" + label + "\" is the label of another optimizer of the suite");
    }
    suite.optimizers.push_back({.label = label});
  }
  return suite;
}

fs::path directory_of(const BenchmarkArguments& arguments, const BenchmarkSuite& suite) {
  return arguments.out.empty() ? fs::path("benchmarks") / folder_name(suite.name) : fs::path(arguments.out);
}

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
  command->add_option("SUITE.json", arguments->suite, "The suite (format: docs/benchmark-suites.md)")->required();
  command->add_option("--out", arguments->out, "Where runs and results are kept (default: benchmarks/NAME)")
      ->type_name("DIR");
  add_whole_number(*command, "--threads", arguments->threads,
                   "Runs at the same time, each on one thread (default: all cores)", 1, 4096);
  command->add_option("--seeds", arguments->seeds, "Seeds instead of the suite's, separated by commas")
      ->type_name("LIST");
  command->add_option("--optimizers", arguments->optimizers, "Only these, by label, separated by commas")
      ->type_name("LIST");
  command->add_option("--tasks", arguments->tasks, "Only these, by name, separated by commas")->type_name("LIST");
  command
      ->add_option("--external", arguments->external,
                   "Compare with these too, by label: their runs are only read, separated by commas")
      ->type_name("LIST");
  command
      ->add_option("--serve", arguments->serve,
                   "Let another program play one run under this label: configurations come in and objectives go out "
                   "as JSON lines (docs/benchmark-suites.md)")
      ->type_name("LABEL");
  add_output_options(*command, arguments->output);
  command->callback([&action, arguments] {
    action = [arguments] { return arguments->serve.empty() ? run_suite(*arguments) : serve_run(*arguments); };
  });
}

}  // namespace hyperego::cli
