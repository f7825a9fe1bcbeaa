#include <hyperego/imports/table/timestamp.hpp>
#include <hyperego/imports/table/trial_times.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace hyperego {
namespace {

constexpr std::array<std::string_view, 5> starts{"datetime_start", "start_time", "start time", "starttime", "started"};
constexpr std::array<std::string_view, 6> ends{"datetime_complete", "end_time", "end time",
                                               "endtime",           "ended",    "timestamp"};

template <typename Names>
std::optional<std::size_t> column_among(const SourceTrials& trials, const Names& names) {
  for (std::size_t j = 0; j < trials.columns.size(); ++j) {
    const bool is_bookkeeping = trials.columns[j].role == ColumnRole::bookkeeping;
    if (is_bookkeeping && std::find(names.begin(), names.end(), lower_case(trials.columns[j].label)) != names.end())
      return j;
  }
  return std::nullopt;
}

bool is_newest_first(const std::vector<SourceRow>& rows) {
  const auto is_later = [](const SourceRow& a, const SourceRow& b) { return *a.ended_at > *b.ended_at; };
  return rows.size() > 1 &&
         std::all_of(rows.begin(), rows.end(), [](const SourceRow& row) { return row.ended_at.has_value(); }) &&
         is_later(rows.front(), rows.back()) && std::is_sorted(rows.begin(), rows.end(), is_later);
}

}  // namespace

void take_times(SourceTrials& trials, const std::vector<std::size_t>& objectives) {
  const auto start = column_among(trials, starts);
  const auto end = column_among(trials, ends);
  std::optional<std::size_t> duration;
  for (std::size_t j = 0; j < trials.columns.size() && !duration; ++j) {
    const bool is_objective = std::find(objectives.begin(), objectives.end(), j) != objectives.end();
    if (trials.columns[j].role == ColumnRole::timing && !is_objective) duration = j;
  }
  for (SourceRow& row : trials.rows) {
    const auto began = start ? timestamp_of(row.cells[*start]) : std::nullopt;
    if (!row.ended_at && end) row.ended_at = timestamp_of(row.cells[*end]);
    if (!row.seconds && duration) row.seconds = duration_of(row.cells[*duration]);
    if (!row.seconds && began && row.ended_at) row.seconds = std::max(0.0, *row.ended_at - *began);
  }
  if (end && is_newest_first(trials.rows)) std::reverse(trials.rows.begin(), trials.rows.end());
}

}  // namespace hyperego
