#include "benchmark_arguments.hpp"

#include <hyperego/core/error.hpp>

#include "arguments.hpp"
#include <algorithm>
#include <charconv>

namespace hyperego::cli {
namespace {

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

}  // namespace

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

std::filesystem::path directory_of(const BenchmarkArguments& arguments, const BenchmarkSuite& suite) {
  return arguments.out.empty() ? std::filesystem::path("benchmarks") / folder_name(suite.name)
                               : std::filesystem::path(arguments.out);
}

void add_suite_options(CLI::App& command, BenchmarkArguments& arguments) {
  command.add_option("--out", arguments.out, "Where runs and results are kept (default: benchmarks/NAME)")
      ->type_name("DIR");
  command.add_option("--seeds", arguments.seeds, "Seeds instead of the suite's, separated by commas")
      ->type_name("LIST");
  command.add_option("--optimizers", arguments.optimizers, "Only these, by label, separated by commas")
      ->type_name("LIST");
  command.add_option("--tasks", arguments.tasks, "Only these, by name, separated by commas")->type_name("LIST");
  command
      .add_option("--external", arguments.external,
                  "Compare with these too, by label: their runs are only read, separated by commas")
      ->type_name("LIST");
}

}  // namespace hyperego::cli
