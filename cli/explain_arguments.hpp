#pragma once

#include <hyperego/report/explanation/explain_options.hpp>

#include "output.hpp"
#include "source_options.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace hyperego::cli {

/// What the command line of `hyperego explain` says.
struct ExplainArguments {
  std::vector<std::string> directories, trials;
  SourceOptions source;
  ExplainOptions options;  ///< what is as the line says it; the rest of them is made of the texts below
  std::string game, index = "SV", surrogate = "automatic", maximum = "optimized", aggregate = "mean";
  std::string estimator, ensemble = "random";
  std::optional<std::uint64_t> order, suggest, optimizer_trials, seed, threads;
  std::vector<std::string> baselines;
  std::string of;
  std::string samples;
  std::string weights;
  std::optional<std::uint64_t> tradeoffs;
  std::string saved_game;
  bool force = false;
  OutputOptions output;
};

void add_explain_options(CLI::App& command, ExplainArguments& arguments);

}  // namespace hyperego::cli
