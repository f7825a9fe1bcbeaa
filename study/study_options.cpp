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

std::vector<Option> options_of(Limits& limits) {
  return {
      option("trials", limits.trials, {1, most_counted}, "ended trials; also the budget that schedules refer to"),
      option("wall_s", limits.wall_s, any_time, "running time of the study, summed over resumed runs"),
      option("evaluation_s", limits.evaluation_s, any_time, "sum of the trials' own times"),
      option("target_hypervolume", limits.target_hypervolume, {-largest, largest},
             "with respect to the study's reference point"),
      option("stall_trials", limits.stall_trials, {1, most_counted}, "trials in a row without a larger hypervolume")};
}

std::vector<Option> options_of(CommandEvaluation& evaluation) {
  return {option("timeout_s", evaluation.timeout_s, {0, 1e9, true}, "when a trial is ended"),
          option("grace_s", evaluation.grace_s, {0, 1e6}, "between SIGTERM and SIGKILL"),
          option("memory_mb", evaluation.memory_mb, {1, 1e9},
                 "MiB of private memory that each of its processes may ask for"),
          option("output_mb", evaluation.output_mb, {0.001, 1024},
                 "MiB that are kept of stdout and of stderr: beginning and end")};
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
