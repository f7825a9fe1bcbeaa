#include <hyperego/core/error.hpp>
#include <hyperego/core/journal.hpp>
#include <hyperego/report/document/benchmark_comparison.hpp>
#include <hyperego/report/document/comparison.hpp>
#include <hyperego/report/document/document.hpp>
#include <hyperego/report/document/figure_data.hpp>
#include <hyperego/report/page/html.hpp>
#include <hyperego/report/record/result_directory.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "output.hpp"
#include "program.hpp"
#include <filesystem>
#include <memory>

namespace hyperego::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

struct ReportArguments {
  std::vector<std::string> directories;
  std::string output, data;
  bool without_models = false;
  std::string surrogate = "gp";
  std::optional<std::uint64_t> tradeoffs, draws, replicates, samples, seed, threads;
  OutputOptions shown;
};

ReportOptions options_of(const ReportArguments& arguments) {
  ReportOptions options;
  options.explanations = !arguments.without_models;
  options.model = model_kind_from(arguments.surrogate, "--surrogate");
  options.tradeoffs = static_cast<std::size_t>(arguments.tradeoffs.value_or(options.tradeoffs));
  options.draws = arguments.draws;
  options.replicates = arguments.replicates;
  options.samples = arguments.samples;
  options.seed = arguments.seed.value_or(0);
  options.threads = static_cast<int>(arguments.threads.value_or(0));
  return options;
}

/// The paths as given, without what they have in common in front.
std::vector<std::string> labels_of(const std::vector<std::string>& directories) {
  std::vector<std::string> labels;
  for (const std::string& directory : directories) {
    fs::path path = fs::path(directory).lexically_normal();
    if (path.filename().empty()) path = path.parent_path();
    labels.push_back(path.filename().string());
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (labels[i] == labels[j]) return directories;
    }
  }
  return labels;
}

/// What all folders hold.
ResultKind common_kind(const std::vector<std::string>& directories) {
  const ResultKind kind = result_kind(directories.front());
  for (const std::string& directory : directories) {
    if (result_kind(directory) != kind) {
      throw InvalidInput(directory, "is " +
                                        std::string(kind == ResultKind::study ? "a benchmark, but " : "a study, but ") +
                                        directories.front() + " is not; compare studies or benchmarks, not both");
    }
  }
  return kind;
}

ordered_json benchmarks_document(const std::vector<std::string>& directories) {
  std::vector<BenchmarkResult> results;
  for (const std::string& directory : directories) results.push_back(read_benchmark_result(directory));
  return benchmark_comparison_document(results, labels_of(directories));
}

ordered_json studies_document(const ReportArguments& arguments) {
  std::vector<StudyRecord> records;
  for (const std::string& directory : arguments.directories) records.push_back(read_study_record(directory));
  return records.size() > 1 ? comparison_document(records, labels_of(arguments.directories))
                            : report_document(records.front(), options_of(arguments));
}

int report(const ReportArguments& arguments) {
  const std::vector<std::string>& directories = arguments.directories;
  const bool is_comparison = directories.size() > 1;
  const ordered_json document = common_kind(directories) == ResultKind::benchmark ? benchmarks_document(directories)
                                                                                  : studies_document(arguments);
  fs::path file = arguments.output;
  if (file.empty()) file = is_comparison ? fs::path("comparison.html") : fs::path(directories.front()) / "report.html";
  const std::string html = render_html(document);
  write_file_atomically(file, html);
  ordered_json json{{"report", file.string()}, {"bytes", html.size()}};
  if (!arguments.data.empty()) {
    json["data"] = arguments.data;
    json["files"] = write_figure_data(document, arguments.data);
  }
  print_data(arguments.shown, json, [&] {
    std::string text;
    for (const ordered_json& sentence : document.value("learned", ordered_json::array())) {
      text += printable(sentence.get<std::string>()) + "\n";
    }
    text += fmt::format("{} is written ({:.1f} MB); open it in a browser\n", file.string(),
                        static_cast<double>(html.size()) / 1e6);
    if (!arguments.data.empty()) {
      text += fmt::format("the data of its figures are in {} ({} files)\n", arguments.data, json["files"].dump());
    }
    return text;
  });
  return ExitCode::done;
}

}  // namespace

void add_report_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<ReportArguments>();
  CLI::App* command = app.add_subcommand(
      "report", "One self-contained HTML file that shows a study, or compares several, or benchmarks");
  command
      ->add_option(
          "DIR", arguments->directories,
          "A run directory, finished or running, or several with the same objectives to be compared; or output "
          "folders of `hyperego benchmark`")
      ->required();
  command
      ->add_option("--output", arguments->output,
                   "The file to write (default: report.html in DIR; comparison.html for several)")
      ->type_name("FILE.html");
  command->add_option("--data", arguments->data, "A folder for the data of all figures, as CSV and JSON")
      ->type_name("FOLDER");
  command->add_flag("--no-models", arguments->without_models,
                    "Leave out what needs a model of the trials: importance and marginals");
  command->add_option("--surrogate", arguments->surrogate, "Model of the trials: gp or forest (default: gp)")
      ->check(CLI::IsMember({"gp", "forest"}));
  add_whole_number(*command, "--tradeoffs", arguments->tradeoffs, "Weight vectors that are explained (default: 11)", 2,
                   1000);
  add_whole_number(*command, "--samples", arguments->samples, "As for explain", 1, 10000000);
  add_whole_number(*command, "--draws", arguments->draws, "As for explain", 0, 100000);
  add_whole_number(*command, "--replicates", arguments->replicates, "As for explain", 0, 100000);
  add_whole_number(*command, "--seed", arguments->seed, "Seed of models and games (default: 0)", 0);
  add_whole_number(*command, "--threads", arguments->threads, "0 for all cores (default: 0)", 0, 4096);
  add_output_options(*command, arguments->shown);
  command->callback([&action, arguments] { action = [arguments] { return report(*arguments); }; });
}

}  // namespace hyperego::cli
