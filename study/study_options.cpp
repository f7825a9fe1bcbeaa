#include <hyperego/moo/problems/embedded_problem.hpp>
#include <hyperego/study/study_options.hpp>

#include <limits>

namespace hyperego {
namespace {

constexpr double most_counted = static_cast<double>(JsonReader::greatest_integer);
constexpr double largest = std::numeric_limits<double>::max();
constexpr OptionRange any_time{0, largest, true};

}  // namespace

std::vector<Option> options_of(StudySpecification& study) {
  return {option("workers", study.workers, {1, 4096}, "evaluations at the same time"),
          option("synchronous", study.synchronous,
                 "batches of as many trials as workers, told in trial order: reproducible for any timing. Otherwise a "
                 "worker that is free gets a new trial at once"),
          option("threads", study.threads, {0, 4096},
                 "threads of the optimizer's arithmetic; 0: all cores. Results do not depend on it"),
          option("max_failures", study.max_failures, {1, most_counted},
                 "failed, timed-out and lost trials that end the study; null: no limit"),
          option("seed", study.seed, {0, most_counted}, "seed of every random number")};
}

std::vector<Option> options_of(Fidelity& fidelity) {
  const auto read_name = [&fidelity](const JsonReader& reader) { fidelity.name = reader.string(); };
  const auto read_range = [&fidelity](const JsonReader& reader) {
    const auto ends = reader.elements();
    if (ends.size() != 2) reader.fail("must be [least, full]");
    fidelity.least = ends[0].number();
    fidelity.full = ends[1].number();
  };
  const auto read_cost = [&fidelity](const JsonReader& reader) {
    fidelity.cost_is_measured = reader.is_string() && reader.word({"proportional", "measured"}) == "measured";
    if (reader.is_string()) return;
    reader.allow_members({"power", "setup"});
    fidelity.cost_power = reader.number_or("power", 1, 0, 10);
    fidelity.cost_setup = reader.number_or("setup", 0, 0, 1e6);
  };
  return {
      {"name", Option::Other{read_name, "text", R"({"type": "string", "minLength": 1})"},
       "what is less in a cheaper trial, as \"epochs\": no hyperparameter, no objective"},
      {"range",
       Option::Other{read_range, "[least, full]",
                     R"({"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number", "minimum": 0}})"},
       "the least amount worth evaluating and that of a full evaluation; YAHPO knows its own"},
      option("integer", fidelity.integer, "whole numbers only"),
      option("log", fidelity.log, "steps are proportional, as 1, 3, 9, 27"),
      word_option("training", fidelity.training,
                  {{"continues", Fidelity::Training::continues}, {"restarts", Fidelity::Training::restarts}},
                  "whether a further trial of a configuration goes on from the last checkpoint and pays the "
                  "difference, or begins anew"),
      {"cost",
       Option::Other{read_cost, "\"proportional\", \"measured\", {\"power\", \"setup\"}",
                     R"({"oneOf": [{"enum": ["proportional", "measured"]}, {"type": "object",
                                     "additionalProperties": false, "properties": {
                                     "power": {"type": "number", "exclusiveMinimum": 0, "maximum": 10, "default": 1},
                                     "setup": {"type": "number", "minimum": 0, "maximum": 1000000, "default": 0}}}]})"},
       "cost of an evaluation from scratch in full ones: the share v of the full fidelity, learned from the seconds "
       "of trials, or (setup + v^power) / (setup + 1)"}};
}

std::vector<Option> options_of(Limits& limits) {
  return {
      option("trials", limits.trials, {1, most_counted}, "ended trials; also the budget that schedules refer to"),
      option("wall_s", limits.wall_s, any_time, "running time of the study, summed over resumed runs"),
      option("evaluation_s", limits.evaluation_s, any_time, "sum of the trials' own times"),
      option("target_hypervolume", limits.target_hypervolume, {-largest, largest},
             "with respect to the study's reference point"),
      option("stall_trials", limits.stall_trials, {1, most_counted}, "trials in a row without a larger hypervolume"),
      option("cost", limits.cost, any_time,
             "of all trials in full evaluations, exceeded by one trial at most; needs a fidelity, and lifts the limit "
             "of trials unless that is given")};
}

std::vector<Option> options_of(Measurement& measure) {
  const auto read_root = [&measure](const JsonReader& reader) { measure.powercap_root = reader.string(); };
  return {
      option("seconds", measure.seconds, "wall clock, `processor_seconds` and `peak_memory_mb` of the program"),
      word_option("energy_j", measure.energy, {{"none", false}, {"powercap", true}},
                  "joules of the processor packages during the trial, less those of the idle machine; and "
                  "`energy_total_j`. One worker only"),
      {"powercap_root", Option::Other{read_root, "folder", R"({"type": "string", "default": "/sys/class/powercap"})"},
       "folder of the kernel's counters"},
      option("period_s", measure.period_s, {0, 600, true}, "between samples of the counters"),
      option("idle_s", measure.idle_s, {0, 3600},
             "for which the idle machine is watched before the first trial; 0: nothing is taken off")};
}

std::vector<Option> options_of(CommandEvaluation& evaluation) {
  return {option("timeout_s", evaluation.timeout_s, {0, 1e9, true}, "when a trial is ended"),
          option("grace_s", evaluation.grace_s, {0, 1e6}, "between SIGTERM and SIGKILL"),
          option("memory_mb", evaluation.memory_mb, {1, 1e9},
                 "MiB of private memory that each of its processes may ask for"),
          option("output_mb", evaluation.output_mb, {0.001, 1024},
                 "MiB that are kept of stdout and of stderr: beginning and end"),
          option("measure", options_of(evaluation.measure), "what is measured beside what the program prints"),
          option("keep_checkpoints", evaluation.keep_checkpoints,
                 "keep checkpoints that no trial will go on from; else they are removed")};
}

std::vector<Option> options_of(SlurmEvaluation& evaluation) {
  std::vector<Option> options = options_of(evaluation.command);
  options.push_back(option("cancel_on_interrupt", evaluation.cancel_on_interrupt,
                           "cancel the jobs on SIGINT and SIGTERM; else they go on, and a resumed run has them"));
  return options;
}

std::vector<Option> options_of(ProblemEvaluation& evaluation) {
  return {
      option("variables", evaluation.variables, {1, 100'000}, "number of variables").unless_given("the customary one"),
      option("objectives", evaluation.objectives, {1, 1000}, "number of objectives").unless_given("the customary one"),
      option("relevant", evaluation.relevant, {1, 100'000},
             "how many of the variables matter: the problem is one of so many, spread among the others in the same "
             "places for every seed")
          .unless_given("all of them"),
      option(
          "shift", evaluation.shift, {0, greatest_shift},
          "how far from the end of its range, as a share of it, each relevant variable has what was there: moves the "
          "optimum away from the ends and the middle, smoothly")};
}

}  // namespace hyperego
