#include <hyperego/report/document/detail/worker_timeline.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace hyperego::detail {
namespace {

/// Trials told within this time, in seconds, were told together.
constexpr double at_once_s = 0.02;

bool has_times(const StudyRecord& record, std::uint64_t trial) {
  const double seconds = record.history.records()[trial].outcome->seconds;
  return std::isfinite(seconds) && seconds > 0 && record.entries[trial].elapsed_s > 0;
}

/// The start of each batch, by its first trial.
std::map<std::uint64_t, double> batch_starts(const StudyRecord& record) {
  std::map<std::uint64_t, double> starts;
  for (const std::uint64_t trial : record.ended) {
    if (!has_times(record, trial)) continue;
    const StudyHistory::Record& one = record.history.records()[trial];
    const double start = record.entries[trial].elapsed_s - one.outcome->seconds;
    const auto [entry, is_new] = starts.emplace(one.batch_first, start);
    if (!is_new) entry->second = std::min(entry->second, start);
  }
  return starts;
}

double start_of(const StudyRecord& record, std::uint64_t trial, const std::map<std::uint64_t, double>& starts) {
  const StudyHistory::Record& one = record.history.records()[trial];
  const double told = record.entries[trial].elapsed_s;
  const bool waited = record.history.study().synchronous && trial > one.batch_first &&
                      told - record.entries[trial - 1].elapsed_s < at_once_s;
  return waited ? starts.at(one.batch_first) : told - one.outcome->seconds;
}

}  // namespace

std::vector<WorkedTrial> worker_timeline(const StudyRecord& record) {
  const std::map<std::uint64_t, double> starts = batch_starts(record);
  std::vector<WorkedTrial> trials;
  for (const std::uint64_t trial : record.ended) {
    if (!has_times(record, trial)) continue;
    const double start = std::max(0.0, start_of(record, trial, starts));
    trials.push_back({trial, 0, start, start + record.history.records()[trial].outcome->seconds});
  }
  std::stable_sort(trials.begin(), trials.end(),
                   [](const WorkedTrial& a, const WorkedTrial& b) { return a.start_s < b.start_s; });
  std::vector<double> free_from(std::max<std::size_t>(1, record.history.study().workers), 0.0);
  for (WorkedTrial& one : trials) {
    std::size_t chosen = 0;
    for (std::size_t w = 1; w < free_from.size(); ++w) {
      if (free_from[w] < free_from[chosen]) chosen = w;
    }
    one.worker = chosen;
    free_from[chosen] = one.end_s;
  }
  return trials;
}

}  // namespace hyperego::detail
