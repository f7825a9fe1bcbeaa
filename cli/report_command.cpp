#include <hyperego/core/error.hpp>
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
#include "memory_remedy.hpp"
#include "output.hpp"
#include "program.hpp"
#include "source_options.hpp"
#include "watched_work.hpp"
#include <filesystem>
#include <memory>

namespace hyperego::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

struct ReportArguments {
  std::vector<std::string> directories, trials;
  SourceOptions source;
  std::string output, data;
  bool without_models = false;
  bool force = false;
  std::string surrogate = "automatic";
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

fs::path without_slash(const std::string& directory) {
  const fs::path path = fs::path(directory).lexically_normal();
  return path.filename().empty() ? path.parent_path() : path;
}

/// The paths as given, without what they have in common in front.
std::vector<std::string> labels_of(const std::vector<std::string>& directories) {
  std::vector<std::string> labels;
  for (const std::string& directory : directories) {
    const fs::path path = without_slash(directory);
    labels.push_back(path.filename().string());
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (labels[i] == labels[j]) return directories;
    }
  }
  return labels;
}

ResultKind kind_of(const std::string& path) { return is_foreign(path) ? ResultKind::study : result_kind(path); }

/// What all folders hold.
ResultKind common_kind(const std::vector<std::string>& directories) {
  const ResultKind kind = kind_of(directories.front());
  for (const std::string& directory : directories) {
    if (kind_of(directory) != kind) {
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

/// A run directory's, or what another program has left.
StudyRecord record_of(const std::string& path, const SourceOptions& source) {
  if (!is_foreign(path)) return read_study_record(path);
  ImportedTrials imported = import_trials(path, source.read());
  source.set_bounds(imported.objectives);
  StudyRecord record = study_record_of(imported);
  for (const std::string& remark : record.notes) note(remark);
  return record;
}

/// The document of the one record, under watch. 0, or the exit code of a program that was stopped.
int report_one(const StudyRecord& record, const ReportArguments& arguments, ordered_json& document) {
  ReportOptions options = options_of(arguments);
  const StudyHistory& history = record.history;
  const WorkSize size{.trials = std::min<std::size_t>(history.count(TrialStatus::completed), options.most_modelled),
                      .hyperparameters = history.study().space->size(),
                      .samples = options.samples.value_or(default_samples),
                      .is_process = options.model != ModelKind::forest};
  return watched(
      "--no-models, fewer --tradeoffs, --samples, --draws or --replicates, --surrogate forest where trials are many",
      [&](const std::string& phase) { return memory_remedy(phase, size); },
      [&](const ProgressHook& progress) {
        options.progress = progress;
        document = report_document(record, options);
      });
}

int studies_document(const ReportArguments& arguments, ordered_json& document) {
  std::vector<StudyRecord> records;
  for (const std::string& directory : arguments.directories) records.push_back(record_of(directory, arguments.source));
  if (records.size() == 1) return report_one(records.front(), arguments, document);
  document = comparison_document(records, labels_of(arguments.directories));
  return ExitCode::done;
}

/// Beside a file, in a run directory, but beside the folder of another program.
fs::path default_output(const std::vector<std::string>& directories) {
  if (directories.size() > 1) return "comparison.html";
  const fs::path path = without_slash(directories.front());
  return is_foreign(path) ? path.parent_path() / (path.stem().string() + "-report.html") : path / "report.html";
}

int report(const ReportArguments& arguments) {
  const std::vector<std::string>& directories = arguments.directories;
  if ((arguments.source.is_used() || !arguments.source.objectives.empty()) &&
      std::none_of(directories.begin(), directories.end(), is_foreign)) {
    throw InvalidInput("--space, --objective, --ignore and --study",
                       "are for trials of other programs; a run directory has its own");
  }
  const Overwrite overwrite = arguments.force ? Overwrite::any_file : Overwrite::own_kind;
  const ResultKind kind = common_kind(directories);
  const fs::path file = arguments.output.empty() ? default_output(directories) : fs::path(arguments.output);
  check_output(file, report_page_kind(), overwrite);  // before minutes of work
  ordered_json document;
  if (kind == ResultKind::benchmark) {
    document = benchmarks_document(directories);
  } else if (const int code = studies_document(arguments, document); code != ExitCode::done) {
    return code;
  }
  const std::string html = render_html(document);
  ordered_json json{{"report", file.string()}, {"bytes", html.size()}};
  const int stopped = undisturbed([&] {
    if (!arguments.data.empty()) {
      json["data"] = arguments.data;
      json["files"] = write_figure_data(document, arguments.data, overwrite);
    }
    write_output(file, html, report_page_kind(), overwrite);
  });
  if (stopped != 0) return stopped;
  print_data(arguments.shown, json, [&] {
    std::string text;
    for (const ordered_json& group : document.value("learned", ordered_json::array())) {
      for (const ordered_json& sentence : group.at("text")) text += printable(sentence.get<std::string>()) + "\n";
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
  command->add_option(
      "DIR", arguments->directories,
      "A run directory, finished or running, or several with the same objectives to be compared; output folders of "
      "`hyperego benchmark`; or trials of another program (docs/tables.md)");
  command->add_option("--trials", arguments->trials, "The same as DIR, as for explain (may be repeated)")
      ->type_name("SOURCE")
      ->expected(1)
      ->take_all();
  add_source_options(*command, arguments->source,
                     "Of trials of another program: an objective, with =minimize or =maximize (may be repeated)");
  command
      ->add_option("--output", arguments->output,
                   "The file to write (default: report.html in DIR, NAME-report.html beside what another program has "
                   "left; comparison.html for several)")
      ->type_name("FILE.html");
  command->add_option("--data", arguments->data, "A folder for the data of all figures, as CSV and JSON")
      ->type_name("FOLDER");
  command->add_flag("--force", arguments->force, "Replace files that are no earlier output of this command");
  command->add_flag("--no-models", arguments->without_models,
                    "Leave out what needs a model of the trials: importance and marginals");
  command
      ->add_option("--surrogate", arguments->surrogate,
                   "Model of the trials: gp, forest or automatic (default), which is gp up to 2,000 trials")
      ->check(CLI::IsMember({"automatic", "gp", "forest"}));
  add_whole_number(*command, "--tradeoffs", arguments->tradeoffs, "Weight vectors that are explained (default: 11)", 2,
                   1000);
  add_whole_number(*command, "--samples", arguments->samples, "As for explain", 1, 10000000);
  add_whole_number(*command, "--draws", arguments->draws, "As for explain", 0, 100000);
  add_whole_number(*command, "--replicates", arguments->replicates, "As for explain", 0, 100000);
  add_whole_number(*command, "--seed", arguments->seed, "Seed of models and games (default: 0)", 0);
  add_whole_number(*command, "--threads", arguments->threads, "0 for all cores (default: 0)", 0, 4096);
  add_output_options(*command, arguments->shown);
  command->callback([&action, arguments] {
    std::vector<std::string>& directories = arguments->directories;
    directories.insert(directories.end(), arguments->trials.begin(), arguments->trials.end());
    if (directories.empty()) throw CLI::RequiredError("DIR or --trials");
    action = [arguments] { return report(*arguments); };
  });
}

}  // namespace hyperego::cli
