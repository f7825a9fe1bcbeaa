#include <hyperego/benchmark/detail/chart_page.hpp>
#include <hyperego/benchmark/detail/svg_chart.hpp>
#include <hyperego/benchmark/performance_profile.hpp>
#include <hyperego/benchmark/run_measures.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/number_text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <optional>

namespace hyperego {
namespace {

constexpr std::array<double, 5> shown_ratios{1, 1.25, 1.5, 2, 4};
constexpr double any_ratio = std::numeric_limits<double>::infinity();

/// The first trial (from 1) with this hypervolume.
std::optional<double> trial_of(const std::vector<double>& hypervolume, double target) {
  const auto found = std::find_if(hypervolume.begin(), hypervolume.end(), [&](double v) { return v >= target; });
  if (found == hypervolume.end()) return std::nullopt;
  return static_cast<double>(found - hypervolume.begin() + 1);
}

/// By optimizer, of one problem.
std::vector<std::optional<double>> costs(const std::vector<std::vector<double>>& curves, std::size_t initial_trials,
                                         double tolerance) {
  const std::size_t first = std::min(std::max<std::size_t>(initial_trials, 1), curves.front().size()) - 1;
  double start = any_ratio;
  double best = -any_ratio;
  for (const std::vector<double>& curve : curves) {
    start = std::min(start, curve[first]);
    best = std::max(best, curve.back());
  }
  std::vector<std::optional<double>> result;
  for (const std::vector<double>& curve : curves) {
    result.push_back(trial_of(curve, start + (1 - tolerance) * (best - start)));
  }
  return result;
}

detail::Chart profile_chart(const PerformanceProfile& profile) {
  detail::Chart chart{.title = "Performance profile: share of problems",
                      .x_label = "log2 of the trials beside the fastest optimizer's",
                      .y_label = "share solved"};
  double last = 2;
  for (const auto& ratios : profile.ratios) last = std::max(last, ratios.empty() ? 2 : ratios.back());
  for (std::size_t o = 0; o < profile.optimizers.size(); ++o) {
    detail::ChartSeries series{.label = profile.optimizers[o], .colour = o};
    const auto to = [&](double ratio, double share) {
      series.x.push_back(std::log2(ratio));
      series.y.push_back(share);
    };
    to(1, profile.share(o, 1));
    for (const double ratio : profile.ratios[o]) {
      if (ratio == 1) continue;
      to(ratio, series.y.back());
      to(ratio, profile.share(o, ratio));
    }
    to(last, series.y.back());
    chart.series.push_back(std::move(series));
  }
  return chart;
}

std::string two_decimals(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%8.2f", value);
  return text;
}

}  // namespace

double PerformanceProfile::share(std::size_t optimizer, double ratio) const {
  const std::vector<double>& own = ratios[optimizer];
  const auto end = std::upper_bound(own.begin(), own.end(), ratio * (1 + 1e-12));
  return static_cast<double>(end - own.begin()) / static_cast<double>(problems);
}

PerformanceProfile performance_profile(const BenchmarkSuite& suite, const std::vector<BenchmarkTask>& tasks,
                                       const BenchmarkRuns& runs, double tolerance) {
  if (!(tolerance > 0 && tolerance < 1)) {
    throw InvalidInput("tolerance", "is " + number_text(tolerance) + "; give a number between 0 and 1");
  }
  if (runs.optimizers.empty()) throw InvalidInput("runs", "are missing for every optimizer; run the benchmark first");
  PerformanceProfile profile{.suite = suite.name,
                             .optimizers = runs.optimizers,
                             .problems = tasks.size() * runs.seeds,
                             .tolerance = tolerance,
                             .ratios = std::vector<std::vector<double>>(runs.optimizers.size())};
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    for (std::size_t s = 0; s < runs.seeds; ++s) {
      std::vector<std::vector<double>> curves;
      for (std::size_t o = 0; o < runs.optimizers.size(); ++o) {
        curves.push_back(measure(tasks[t], runs.record(t, o, s)).hypervolume);
      }
      const auto cost = costs(curves, tasks[t].initial_trials, tolerance);
      double least = any_ratio;
      for (const auto& one : cost) least = std::min(least, one.value_or(any_ratio));
      for (std::size_t o = 0; o < cost.size(); ++o) {
        if (cost[o]) profile.ratios[o].push_back(*cost[o] / least);
      }
    }
  }
  for (auto& ratios : profile.ratios) std::sort(ratios.begin(), ratios.end());
  return profile;
}

nlohmann::ordered_json to_json(const PerformanceProfile& profile) {
  nlohmann::ordered_json json{{"suite", profile.suite},
                              {"problems", profile.problems},
                              {"tolerance", profile.tolerance},
                              {"optimizers", nlohmann::ordered_json::array()}};
  for (std::size_t o = 0; o < profile.optimizers.size(); ++o) {
    nlohmann::ordered_json shares = nlohmann::ordered_json::array();
    for (const double ratio : shown_ratios) shares.push_back({{"ratio", ratio}, {"share", profile.share(o, ratio)}});
    json["optimizers"].push_back({{"optimizer", profile.optimizers[o]},
                                  {"shares", std::move(shares)},
                                  {"solved", profile.share(o, any_ratio)},
                                  {"ratios", profile.ratios[o]}});
  }
  return json;
}

std::string to_text(const PerformanceProfile& profile) {
  std::string text = "Share of " + std::to_string(profile.problems) + " problems (tasks x seeds) of " + profile.suite +
                     " on which an optimizer makes " + number_text(100 * (1 - profile.tolerance)) +
                     " % of the way to the best hypervolume\nin at most so many times the trials of the fastest:\n\n";
  std::size_t width = 9;
  for (const std::string& label : profile.optimizers) width = std::max(width, label.size());
  const auto padded = [&](const std::string& label) { return label + std::string(width - label.size() + 2, ' '); };
  text += padded("optimizer");
  for (const double ratio : shown_ratios) text += two_decimals(ratio);
  text += "    ever\n";
  for (std::size_t o = 0; o < profile.optimizers.size(); ++o) {
    text += padded(profile.optimizers[o]);
    for (const double ratio : shown_ratios) text += two_decimals(profile.share(o, ratio));
    text += two_decimals(profile.share(o, any_ratio)) + "\n";
  }
  return text;
}

std::string profile_page(const PerformanceProfile& profile) {
  return detail::chart_page("Performance profile of " + profile.suite,
                            detail::legend(profile.optimizers) + detail::svg_chart(profile_chart(profile), 720, 400) +
                                "<div class=\"scroll\"><pre>" + detail::escaped(to_text(profile)) + "</pre></div>\n");
}

std::string profile_svg(const PerformanceProfile& profile) {
  return detail::standalone_svg(detail::svg_chart(profile_chart(profile), 720, 400));
}

}  // namespace hyperego
