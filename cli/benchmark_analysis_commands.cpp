#include <hyperego/benchmark/benchmark.hpp>
#include <hyperego/benchmark/performance_profile.hpp>
#include <hyperego/benchmark/summary.hpp>
#include <hyperego/benchmark/task_subset.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/journal.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "benchmark_arguments.hpp"
#include "output.hpp"
#include "program.hpp"
#include <memory>

namespace hyperego::cli {
namespace {

struct AnalysisArguments : BenchmarkArguments {
  std::optional<std::uint64_t> count;
  std::string features = "performance";
  double tolerance = 0.1;
};

/// The suite, its tasks and the runs that are there. What is left out is said on stderr.
struct FinishedBenchmark {
  BenchmarkSuite suite;
  std::vector<BenchmarkTask> tasks;
  std::filesystem::path directory;
  BenchmarkRuns runs;

  explicit FinishedBenchmark(const AnalysisArguments& arguments)
      : suite(suite_of(arguments)),
        tasks(prepare_tasks(suite)),
        directory(directory_of(arguments, suite)),
        runs(read_runs(suite, tasks, directory)) {
    for (const std::string& reason : runs.left_out) note(reason);
    if (runs.optimizers.empty()) {
      throw InvalidInput(directory.string(), "has all runs of no optimizer; make them with `hyperego benchmark " +
                                                 arguments.suite + "`, or choose with --optimizers, --tasks, --seeds");
    }
  }
};

int choose_subset(const AnalysisArguments& arguments) {
  TaskFeatures features;
  std::vector<std::string> names;
  if (arguments.features == "performance") {
    const FinishedBenchmark benchmark(arguments);
    const BenchmarkSummary summary = summarize(benchmark.suite, benchmark.tasks, benchmark.runs);
    features = performance_features(summary);
    for (const TaskSummary& task : summary.tasks) names.push_back(task.task);
  } else {
    const std::vector<BenchmarkTask> tasks = prepare_tasks(suite_of(arguments));
    features = description_features(tasks);
    for (const BenchmarkTask& task : tasks) names.push_back(task.name);
  }
  if (*arguments.count > names.size()) {
    throw InvalidInput("--count", "is " + std::to_string(*arguments.count) + ", more than the " +
                                      std::to_string(names.size()) + " tasks");
  }
  const TaskSubset subset = representative_subset(features, names, static_cast<std::size_t>(*arguments.count));
  print_data(arguments.output, to_json(subset), [&] {
    std::string text;
    for (const std::string& task : subset.tasks) text += task + "\n";
    std::string list;
    for (const std::string& feature : subset.features) list += (list.empty() ? "" : ", ") + feature;
    return text +
           fmt::format("\nstar discrepancy {:.3f}; subsets drawn at random have {:.3f} in the mean (features: {})\n",
                       subset.discrepancy, subset.typical_discrepancy, list);
  });
  return ExitCode::done;
}

int draw_profile(const AnalysisArguments& arguments) {
  const FinishedBenchmark benchmark(arguments);
  const PerformanceProfile profile =
      performance_profile(benchmark.suite, benchmark.tasks, benchmark.runs, arguments.tolerance);
  write_file_atomically(benchmark.directory / "profile.html", profile_page(profile));
  write_file_atomically(benchmark.directory / "profile.svg", profile_svg(profile));
  nlohmann::ordered_json json = to_json(profile);
  json["directory"] = benchmark.directory.string();
  print_data(arguments.output, json, [&] {
    return to_text(profile) + "\nfigure in " + (benchmark.directory / "profile.html").string() + " and profile.svg\n";
  });
  return ExitCode::done;
}

CLI::App* add_analysis(CLI::App& benchmark, const char* name, const char* description, AnalysisArguments& arguments) {
  CLI::App* command = benchmark.add_subcommand(name, description);
  command->add_option("SUITE.json", arguments.suite, "The suite (format: docs/benchmark-suites.md)")->required();
  add_suite_options(*command, arguments);
  add_output_options(*command, arguments.output);
  return command;
}

}  // namespace

void add_benchmark_analysis_commands(CLI::App& benchmark, Action& action) {
  const auto arguments = std::make_shared<AnalysisArguments>();
  CLI::App* subset =
      add_analysis(benchmark, "subset", "Choose tasks that stand for all of a suite, by star discrepancy", *arguments);
  add_whole_number(*subset, "--count", arguments->count, "How many tasks", 1, 64)->required();
  subset
      ->add_option("--features", arguments->features,
                   "What tasks are told apart by: what the first three optimizers reach on them (performance, needs "
                   "finished runs), or hyperparameters and objectives (description)")
      ->check(CLI::IsMember({"performance", "description"}))
      ->capture_default_str();
  subset->callback([&action, arguments] { action = [arguments] { return choose_subset(*arguments); }; });

  CLI::App* profile = add_analysis(
      benchmark, "profile", "Performance profiles of finished runs: table, profile.html and profile.svg", *arguments);
  profile
      ->add_option("--tolerance", arguments->tolerance,
                   "What may be missing of the way to the best hypervolume, above 0 and below 1")
      ->capture_default_str();
  profile->callback([&action, arguments] { action = [arguments] { return draw_profile(*arguments); }; });
}

}  // namespace hyperego::cli
