#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/legal_count.hpp>
#include <hyperego/core/parallel.hpp>
#include <hyperego/study/evaluators.hpp>
#include <hyperego/study/resource_shortage.hpp>
#include <hyperego/study/runner.hpp>
#include <hyperego/study/status_json.hpp>
#include <hyperego/study/study.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "failures.hpp"
#include "interruption.hpp"
#include "live_report.hpp"
#include "output.hpp"
#include "program.hpp"
#include "progress.hpp"
#include "status_table.hpp"
#include "terminal.hpp"
#include "try_study.hpp"
#include <memory>
#include <unistd.h>

namespace hyperego::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

struct StudyArguments {
  std::string study;
  std::string out;
  std::optional<std::uint64_t> trials;
  std::optional<std::uint64_t> workers;
  std::optional<std::uint64_t> threads;
  std::optional<std::uint64_t> seed;
  bool resume = false;
  bool accept_command = false;
  bool report = false;
  OutputOptions output;

  [[nodiscard]] StudyOverrides overrides() const {
    StudyOverrides result;
    result.trials = trials;
    result.seed = seed;
    if (workers) result.workers = static_cast<std::size_t>(*workers);
    if (threads) result.threads = static_cast<int>(*threads);
    return result;
  }
  [[nodiscard]] fs::path directory(const StudySpecification& study_read) const {
    if (!out.empty()) return out;
    return fs::path("runs") / (folder_name(study_read.name) + "-" + std::to_string(study_read.seed));
  }
};

/// A word as a shell takes it.
std::string shell_word(const std::string& text) {
  constexpr auto plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-+=:,@%";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string resume_command(const StudyArguments& arguments, const fs::path& directory) {
  std::string command = "hyperego run " + shell_word(arguments.study) + " --out " + shell_word(directory.string());
  if (arguments.trials) command += " --trials " + std::to_string(*arguments.trials);
  if (arguments.workers) command += " --workers " + std::to_string(*arguments.workers);
  if (arguments.threads) command += " --threads " + std::to_string(*arguments.threads);
  if (arguments.seed) command += " --seed " + std::to_string(*arguments.seed);
  if (arguments.report) command += " --report";
  return command + " --resume";
}

/// What was read past, and what was taken over from earlier studies.
void note_remarks(const Study& study) {
  for (const std::string& remark : study.specification().remarks) note(remark);
  for (const std::string& remark : study.warm_start_remarks()) note(remark);
}

void note_repairs(Study& study) {
  for (const std::string& repair : study.directory()->repairs()) note(repair);
}

ordered_json summary_json(Study& study) {
  ordered_json json = status_json(study.history(), false);
  json["directory"] = study.directory()->path().string();
  return json;
}

int init(const StudyArguments& arguments) {
  StudySpecification specification = read_study(arguments.study, arguments.overrides());
  (void)make_evaluator(specification);
  const fs::path directory = arguments.directory(specification);
  Study study(specification, directory, OpenMode::start, arguments.study);
  note_repairs(study);
  note_remarks(study);
  study.write_front();
  print_data(arguments.output, {{"directory", directory.string()}},
             [&] { return directory.string() + " is ready for ask and tell\n"; });
  return ExitCode::done;
}

int run(const StudyArguments& arguments) {
  StudySpecification specification = read_study(arguments.study, arguments.overrides());
  const fs::path directory = arguments.directory(specification);
  const auto stop = std::make_shared<StopSignal>();
  const auto evaluator = make_evaluator(specification, {.logs = directory / "logs",
                                                        .jobs = directory / "slurm",
                                                        .checkpoints = directory / "checkpoints",
                                                        .stop = stop,
                                                        .note = note});
  if (evaluator == nullptr) {
    throw InvalidInput(arguments.study + "/evaluator",
                       "is external, so there is nothing to run; use init, ask and tell");
  }
  set_threads(specification.threads);
  if (arguments.report) LiveReport::check(directory);
  const Interruption interruption(*stop);
  const OpenMode mode = arguments.accept_command ? OpenMode::resume_with_command
                        : arguments.resume       ? OpenMode::resume
                                                 : OpenMode::start;
  Study study(specification, directory, mode, arguments.study);
  note_repairs(study);
  if (!arguments.resume) note_remarks(study);
  RunSummary summary;
  {
    ProgressLine progress(study.history());
    LiveReport report(directory, progress);
    Observer& observer = arguments.report ? static_cast<Observer&>(report) : progress;
    try {
      summary = run_study(study, *evaluator, *stop, &observer);
    } catch (const ResourceShortage& shortage) {
      throw ResourceShortage("", std::string(shortage.what()) +
                                     "; everything is saved, go on with: " + resume_command(arguments, directory));
    }
    progress.erase();
    if (arguments.report) report.finish(*stop);
  }
  note(summary.message);
  if (const std::string failures = failures_sentence(study.history()); !failures.empty()) note(failures);
  if (study.history().reference()) {
    note("hypervolume reference: " + study.history().reference()->source(study.specification().objectives));
  }
  if (summary.reason == StudyEnd::interrupted)
    note("everything is saved; go on with: " + resume_command(arguments, directory));
  if (const auto left_out = study.history().beyond_measure(); !left_out.empty()) {
    note(
        fmt::format("the hypervolume leaves out {} trial{} with values better than 1e100, such as trial {}; where they "
                    "are no measurements, report them as failed",
                    left_out.size(), left_out.size() == 1 ? "" : "s", left_out.front()));
  }
  const ordered_json json = summary_json(study);
  print_data(arguments.output, json, [&] {
    return status_table(json, *specification.space, terminal_columns(STDOUT_FILENO)) + "\nresult in " +
           directory.string() + "\n";
  });
  if (summary.reason == StudyEnd::interrupted) return 128 + stop->reason();
  return stopped_by_itself(summary.reason) || nothing_worked(study.history()) ? ExitCode::stopped_by_itself
                                                                              : ExitCode::done;
}

ordered_json to_json(const std::optional<LegalCount>& count) {
  return count ? ordered_json{{"legal", count->legal}, {"all", count->all}} : ordered_json(nullptr);
}

/// A sentence, or nothing where they were not counted.
std::string sentence_on(const std::optional<LegalCount>& count) {
  if (!count) return "";
  if (count->legal == count->all) return fmt::format("all of its {} configurations are legal\n", count->all);
  return fmt::format("{} of its {} configurations {} legal\n", count->legal, count->all,
                     count->legal == 1 ? "is" : "are");
}

int validate_study(const std::string& file, bool tries, const OutputOptions& output) {
  const StudySpecification study = read_study(file);
  (void)make_evaluator(study);
  const Study whole(study);
  note_remarks(whole);
  for (const std::string& doubt : doubts_about_command(study)) note(doubt);
  const auto attempt = tries ? std::optional(try_study(study)) : std::nullopt;
  ordered_json json{{"valid", true}, {"name", study.name}, {"hyperparameters", study.space->size()}};
  json["objectives"] = to_json(study).at("objectives");
  json["trials"] = study.limits.trials;
  const auto configurations = count_legal(*study.space);
  json["configurations"] = to_json(configurations);
  if (attempt) json["try"] = to_json(*attempt, study);
  print_data(output, json, [&] {
    return fmt::format("{} is sound: {} hyperparameters, {} objectives, {} trials\n", file, study.space->size(),
                       study.objectives.size(), study.limits.trials) +
           sentence_on(configurations) + (attempt ? text_of(*attempt, study) : "");
  });
  return attempt ? exit_code(*attempt) : ExitCode::done;
}

struct Judgement {
  std::string verdict;
  ordered_json reason = nullptr;
};

Judgement judged(const SearchSpace& space, const JsonReader& reader) {
  (void)reader.members();  // what is no object is no configuration at all, and an error
  try {
    const Legality legality = space.check(space.configuration_from_json(reader.json(), reader.where()));
    return {std::string(to_string(legality.verdict)), legality ? ordered_json(nullptr) : ordered_json(legality.reason)};
  } catch (const InvalidInput& error) {
    return {std::string(to_string(Legality::Verdict::illegal_value)), error.what()};
  }
}

int validate_space(const std::string& space_file, const std::string& configurations, const OutputOptions& output) {
  std::vector<std::string> passed_over;
  const SearchSpace space = read_configspace_file(space_file, &passed_over);
  if (!passed_over.empty()) note(space_file + ": " + remark_on(passed_over));
  ordered_json json{
      {"legal", ordered_json::array()}, {"reasons", ordered_json::array()}, {"verdicts", ordered_json::array()}};
  const auto count = count_legal(space);
  json["configurations"] = to_json(count);
  std::vector<std::vector<std::string>> rows;
  if (!configurations.empty()) {
    const ordered_json file = read_json_file(configurations);
    for (const JsonReader& reader : JsonReader(file, configurations).elements()) {
      const Judgement judgement = judged(space, reader);
      json["legal"].push_back(judgement.reason.is_null());
      json["reasons"].push_back(judgement.reason);
      json["verdicts"].push_back(judgement.verdict);
      rows.push_back({std::to_string(rows.size()), judgement.verdict, short_text(judgement.reason)});
    }
  }
  print_data(output, json, [&] {
    const std::string sound =
        fmt::format("{} is sound: {} hyperparameters\n", space_file, space.size()) + sentence_on(count);
    return rows.empty() ? sound : sound + table_text({"configuration", "verdict", "reason"}, rows);
  });
  return ExitCode::done;
}

void add_study_options(CLI::App& command, StudyArguments& arguments) {
  command.add_option("STUDY.json", arguments.study, "The study (format: docs/study.schema.json)")->required();
  command.add_option("--out", arguments.out, "The run directory (default: runs/NAME-SEED)")->type_name("DIR");
  add_whole_number(command, "--trials", arguments.trials, "Trials in all (default: the study's, else 100)", 1);
  add_whole_number(command, "--workers", arguments.workers,
                   "Evaluations at the same time (default: the study's, else 1)", 1, 4096);
  add_whole_number(command, "--threads", arguments.threads,
                   "Threads of the optimizer's arithmetic, 0 for all cores (default: the study's, else 0)", 0, 4096);
  add_whole_number(command, "--seed", arguments.seed, "Seed of the study (default: the study's, else 1)", 0);
  add_output_options(command, arguments.output);
}

}  // namespace

void add_study_commands(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<StudyArguments>();
  CLI::App* init_command = app.add_subcommand("init", "Make a run directory for ask and tell; nothing is evaluated");
  add_study_options(*init_command, *arguments);
  init_command->callback([&action, arguments] { action = [arguments] { return init(*arguments); }; });

  CLI::App* run_command = app.add_subcommand("run", "Run a study to its end");
  add_study_options(*run_command, *arguments);
  run_command->add_flag("--resume", arguments->resume,
                        "Go on with the trials that the run directory holds (default: refuse them)");
  run_command->add_flag("--accept-command", arguments->accept_command,
                        "As --resume, and the evaluator may start another program than before; the journal notes it");
  run_command->add_flag("--report", arguments->report,
                        "Keep report.html in the run directory up to date; importance is added at the end");
  run_command->callback([&action, arguments] { action = [arguments] { return run(*arguments); }; });

  struct ValidateArguments {
    std::string study, space, configurations;
    bool tries = false;
    OutputOptions output;
  };
  const auto validation = std::make_shared<ValidateArguments>();
  CLI::App* validate =
      app.add_subcommand("validate", "Check a study before its first evaluation, or a space and configurations");
  auto* study = validate->add_option("STUDY.json", validation->study, "The study to check");
  auto* space =
      validate->add_option("--space", validation->space, "A ConfigSpace JSON file to check instead")->type_name("FILE");
  validate
      ->add_option("--configs", validation->configurations, "A JSON array of configurations to judge against the space")
      ->type_name("FILE")
      ->needs(space);
  space->excludes(study);
  validate
      ->add_flag("--try", validation->tries,
                 "Also evaluate the default configuration once, recording nothing, and show what was printed and "
                 "understood")
      ->needs(study);
  add_output_options(*validate, validation->output);
  validate->callback([&action, validation] {
    if (validation->study.empty() && validation->space.empty()) throw CLI::RequiredError("STUDY.json or --space");
    action = [validation] {
      if (!validation->space.empty())
        return validate_space(validation->space, validation->configurations, validation->output);
      return validate_study(validation->study, validation->tries, validation->output);
    };
  });
}

}  // namespace hyperego::cli
