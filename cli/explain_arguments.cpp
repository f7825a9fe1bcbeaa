#include "explain_arguments.hpp"

#include <CLI/CLI.hpp>

#include "arguments.hpp"
#include <limits>

namespace hyperego::cli {
namespace {

void add_sources(CLI::App& command, ExplainArguments& arguments) {
  auto* directory = command.add_option("DIR", arguments.directories,
                                       "A run directory, or several with the same hyperparameters to be aggregated");
  command
      .add_option("--trials", arguments.trials,
                  "Trials of another program instead: a table, JSON, or what Optuna, SMAC3, DeepCAVE or Ray Tune has "
                  "left (docs/tables.md; may be repeated)")
      ->type_name("SOURCE")
      ->excludes(directory)
      ->expected(1)
      ->take_all();
  add_source_options(command, arguments.source,
                     "Explain this objective; of a table, the column that it is (several: their trade-off)");
  command
      .add_option("--maximize", arguments.source.maximized, "The same as --objective NAME=maximize (may be repeated)")
      ->type_name("NAME")
      ->expected(1)
      ->take_all();
}

void add_game(CLI::App& command, ExplainArguments& arguments) {
  command.add_option("--game", arguments.game, "ablation, sensitivity, tunability, mistunability or optimizer_bias")
      ->type_name("GAME")
      ->required();
  command
      .add_option("--index", arguments.index,
                  "SV, BV, SII, BII, CHII, k-SII, STII, FSII, FBII, Moebius or Co-Moebius (default: SV)")
      ->type_name("INDEX");
  add_whole_number(command, "--order", arguments.order, "Largest interaction (default: 1 for SV and BV, else 2)", 1,
                   63);
  auto* weights =
      command
          .add_option("--weights", arguments.weights, "Explain the trade-off with these weights (default: equal ones)")
          ->type_name("w1,w2,…");
  add_whole_number(command, "--tradeoffs", arguments.tradeoffs, "Explain so many trade-offs across all weights", 1,
                   10000)
      ->excludes(weights);
}

void add_baselines(CLI::App& command, ExplainArguments& arguments) {
  command
      .add_option(
          "--baseline", arguments.baselines,
          "incumbent (the best of the trials), default, or a configuration (JSON or its file); may be repeated, "
          "and the games are then aggregated (default: default)")
      ->expected(1)
      ->take_all();
  command
      .add_option("--aggregate", arguments.aggregate,
                  "How games of several studies or baselines are joined: mean, quantile, min, max or variance "
                  "(default: mean)")
      ->type_name("NAME");
  command.add_option("--level", arguments.options.level, "Level of --aggregate quantile (default: 0.5)")
      ->check(CLI::Range(0.0, 1.0));
  command
      .add_option("--of", arguments.of,
                  "What ablation explains, a configuration (JSON or its file) (default: the incumbent)")
      ->type_name("CONFIG");
}

void add_model(CLI::App& command, ExplainArguments& arguments) {
  command
      .add_option("--surrogate", arguments.surrogate,
                  "Model of the trials: gp, forest or automatic (default), which is gp up to 2,000 trials")
      ->check(CLI::IsMember({"automatic", "gp", "forest"}));
  command.add_option("--maximum", arguments.maximum, "How maxima are taken: optimized or sampled (default: optimized)")
      ->check(CLI::IsMember({"optimized", "sampled"}));
  command
      .add_option("--samples", arguments.samples,
                  "Configurations drawn (default: 1000 for optimized, else 10000), or a file that lists them, in any "
                  "form that trials have")
      ->type_name("N|FILE");
  add_whole_number(command, "--suggest", arguments.suggest,
                   "Name so many configurations whose evaluation would narrow the answer most", 1, 1000);
}

void add_intervals(CLI::App& command, ExplainArguments& arguments) {
  add_whole_number(
      command, "--draws", arguments.options.draws,
      "Plausible functions played for the intervals of the model, of each of two kinds of models (default: "
      "32 up to 10 hyperparameters, 16 up to 20)",
      0, 100000);
  command
      .add_option(
          "--reach", arguments.options.reach,
          "How far predictions may go beyond the best trial, in distances from there to the sqrt(n)-th best one "
          "(default: 0.5; inf: as far as they like)")
      ->check(CLI::Range(0.0, std::numeric_limits<double>::infinity()));
  add_whole_number(command, "--permutations", arguments.options.permutations,
                   "Permutations for the p-values of hyperparameters; 0: no p-values (default: 39)", 0, 100000);
  add_whole_number(command, "--replicates", arguments.options.replicates,
                   "Other sample lists played for the intervals of sampling (default: 4 up to 10 hyperparameters)", 0,
                   100000);
  command.add_option("--coverage", arguments.options.coverage, "Of the intervals (default: 0.9)")
      ->check(CLI::Range(0.01, 0.9999));
}

/// Of the game optimizer_bias.
void add_optimizers(CLI::App& command, ExplainArguments& arguments) {
  command
      .add_option("--optimizer", arguments.options.bias.optimizer,
                  "The optimizer that optimizer_bias studies (default: parego)")
      ->type_name("NAME");
  command.add_option("--against", arguments.ensemble, "Those that optimizer_bias compares it with (default: random)")
      ->type_name("NAME,…");
  add_whole_number(command, "--optimizer-trials", arguments.optimizer_trials,
                   "Evaluations of the model that each of them has for every coalition (default: 40)", 1, 100000);
}

void add_saved_game(CLI::App& command, ExplainArguments& arguments) {
  command
      .add_option("--save-game", arguments.saved_game,
                  "Keep the value table of the game in a file that `hyperego shapley` reads")
      ->type_name("FILE");
  command.add_flag("--force", arguments.force, "Let --save-game replace a file that is no saved game");
}

void add_estimate(CLI::App& command, ExplainArguments& arguments) {
  auto* exact = command.add_flag("--exact", arguments.options.exact,
                                 "Play all coalitions (the default up to 16 hyperparameters)");
  add_whole_number(command, "--budget", arguments.options.budget,
                   "Estimate the index from so many coalitions (default above 16 hyperparameters: 4096)", 2)
      ->excludes(exact);
  command
      .add_option(
          "--estimator", arguments.estimator,
          "permutation, kernel-shap, regression, svarm or kernel-shap-iq (default: regression for SV, FSII and FBII, "
          "else svarm)")
      ->type_name("NAME");
  command
      .add_option("--target-error", arguments.options.target_standard_error,
                  "Stop an estimate where all its standard errors are at most this (default: 0, spend the budget)")
      ->check(CLI::NonNegativeNumber);
}

}  // namespace

void add_explain_options(CLI::App& command, ExplainArguments& arguments) {
  add_sources(command, arguments);
  add_game(command, arguments);
  add_baselines(command, arguments);
  add_model(command, arguments);
  add_intervals(command, arguments);
  add_optimizers(command, arguments);
  add_saved_game(command, arguments);
  add_estimate(command, arguments);
  add_whole_number(command, "--seed", arguments.seed, "Seed of samples and fit (default: 0)", 0);
  add_whole_number(command, "--threads", arguments.threads, "0: as many as there are (default: 0)", 0, 1024);
  add_output_options(command, arguments.output);
}

}  // namespace hyperego::cli
