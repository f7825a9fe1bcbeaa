#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/imports/table/delimited_text.hpp>
#include <hyperego/report/record/benchmark_result.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <utility>

namespace hyperego {
namespace {

using Method = BenchmarkResult::Method;
using Spread = BenchmarkResult::Spread;

std::uint64_t count_of(const JsonReader& reader) { return static_cast<std::uint64_t>(reader.integer(0)); }

Spread spread_of(const JsonReader& reader) { return {reader.member("mean").number(), reader.member("sd").number()}; }

std::optional<double> number_where_known(const JsonReader& reader, const char* name) {
  const auto member = reader.find(name);
  return member ? std::optional(member->number()) : std::nullopt;
}

Method method_of(const JsonReader& reader) {
  return {.optimizer = reader.member("optimizer").string(),
          .last = spread_of(reader.member("final_hypervolume")),
          .area = spread_of(reader.member("area_under_curve")),
          .regret = number_where_known(reader, "regret"),
          .igd_plus = number_where_known(reader, "igd_plus"),
          .ask_s = reader.member("ask_s").number()};
}

BenchmarkResult::Task task_of(const JsonReader& reader) {
  const JsonReader bounds = reader.member("bounds");
  BenchmarkResult::Task task{.name = reader.member("task").string(),
                             .trials = count_of(reader.member("trials")),
                             .ideal = bounds.member("ideal_minimised").numbers(),
                             .nadir = bounds.member("nadir_minimised").numbers()};
  for (const JsonReader& method : reader.member("methods").elements()) task.methods.push_back(method_of(method));
  return task;
}

BenchmarkResult::Ranks ranks_of(const JsonReader& reader) {
  return {.criterion = reader.member("criterion").string(),
          .tasks = count_of(reader.member("tasks")),
          .means = reader.member("mean_ranks").numbers(),
          .critical_difference = reader.member("nemenyi").member("critical_difference_05").number(),
          .p = reader.member("iman_davenport").member("p").number()};
}

BenchmarkResult::AgainstBaseline against_baseline_of(const JsonReader& reader) {
  const JsonReader difference = reader.member("share_difference");
  return {.optimizer = reader.member("optimizer").string(),
          .better = count_of(reader.member("better")),
          .equal = count_of(reader.member("equal")),
          .worse = count_of(reader.member("worse")),
          .difference = difference.member("mean").number(),
          .lower = difference.member("lower").number(),
          .upper = difference.member("upper").number(),
          .p = reader.member("wilcoxon").member("p").number()};
}

BenchmarkResult summary_of(const JsonReader& reader) {
  BenchmarkResult result{.suite = reader.member("suite").string(),
                         .baseline = reader.member("baseline").string(),
                         .reference = reader.member("reference").number(),
                         .seeds = {},
                         .optimizers = reader.member("optimizers").strings(),
                         .left_out = reader.member("left_out").strings(),
                         .tasks = {},
                         .ranks = {},
                         .shares = {},
                         .against_baseline = {}};
  for (const JsonReader& seed : reader.member("seeds").elements()) result.seeds.push_back(count_of(seed));
  for (const JsonReader& task : reader.member("tasks").elements()) result.tasks.push_back(task_of(task));
  for (const JsonReader& ranks : reader.member("ranks").elements()) {
    result.ranks.push_back(ranks_of(ranks));
    if (result.ranks.back().means.size() != result.optimizers.size()) {
      ranks.member("mean_ranks").fail("expected one for each of the optimizers");
    }
  }
  const JsonReader shares = reader.member("mean_normalised_hypervolume");
  for (const JsonReader& share : shares.elements()) {
    result.shares.push_back({share.member("over_trials").number(), share.member("after_each_5_percent").numbers()});
    if (result.shares.back().after_each_5_percent.size() != 20) {
      share.member("after_each_5_percent").fail("expected 20 numbers");
    }
  }
  if (result.shares.size() != result.optimizers.size()) shares.fail("expected one for each of the optimizers");
  for (const JsonReader& one : reader.member("against_baseline").elements()) {
    result.against_baseline.push_back(against_baseline_of(one));
  }
  return result;
}

template <typename Number>
Number number_in(const std::string& cell, const std::string& where) {
  Number value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc{} || end != cell.data() + cell.size()) {
    throw InvalidInput(where, "\"" + cell + "\" is no number that a benchmark writes here");
  }
  return value;
}

/// Hypervolumes by task and optimizer, by trial, over seeds.
using Samples = std::map<std::pair<std::string, std::string>, std::vector<std::vector<double>>>;

Samples samples_of(const std::filesystem::path& file) {
  const auto records = parse_csv(read_text_file(file), file.string());
  const std::vector<std::string> expected{"task", "optimizer", "seed", "trial", "hypervolume"};
  if (records.empty() || records.front().size() < expected.size() ||
      !std::equal(expected.begin(), expected.end(), records.front().begin())) {
    throw InvalidInput(file.string() + ":1", "expected the columns task, optimizer, seed, trial, hypervolume, …");
  }
  Samples samples;
  for (std::size_t i = 1; i < records.size(); ++i) {
    const std::string where = file.string() + ", record " + std::to_string(i);
    if (records[i].size() != records.front().size()) throw InvalidInput(where, "has not as many cells as the header");
    const auto trial = number_in<std::uint64_t>(records[i][3], where + ", trial");
    if (trial >= records.size()) throw InvalidInput(where + ", trial", "is larger than the number of records");
    auto& curve = samples[{records[i][0], records[i][1]}];
    if (curve.size() <= trial) curve.resize(static_cast<std::size_t>(trial) + 1);
    curve[trial].push_back(number_in<double>(records[i][4], where + ", hypervolume"));
  }
  return samples;
}

Spread spread_over(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  Spread spread;
  for (const double value : values) spread.mean += value / n;
  double squares = 0;
  for (const double value : values) squares += (value - spread.mean) * (value - spread.mean);
  if (values.size() > 1) spread.deviation = std::sqrt(squares / (n - 1));
  return spread;
}

}  // namespace

BenchmarkResult read_benchmark_result(const std::filesystem::path& directory) {
  const std::filesystem::path file = directory / "summary.json";
  const nlohmann::ordered_json json = read_json_file(file);
  BenchmarkResult result = summary_of(JsonReader(json, file.string()));
  const Samples samples = samples_of(directory / "trials.csv");
  for (BenchmarkResult::Task& task : result.tasks) {
    for (Method& method : task.methods) {
      const auto found = samples.find({task.name, method.optimizer});
      if (found == samples.end()) {
        throw InvalidInput((directory / "trials.csv").string(),
                           "has no trials of " + method.optimizer + " on " + task.name +
                               ", which summary.json names; run the benchmark again");
      }
      for (const auto& values : found->second) method.curve.push_back(spread_over(values));
    }
  }
  return result;
}

}  // namespace hyperego
