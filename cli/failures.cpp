#include "failures.hpp"

#include <hyperego/core/trial.hpp>

#include <fmt/format.h>

#include "output.hpp"
#include <algorithm>
#include <map>

namespace hyperego::cli {
namespace {

/// A traceback ends with what it is about.
std::string ends_of(const std::string& message) {
  const std::size_t first_end = message.find('\n');
  if (first_end == std::string::npos) return message;
  const std::size_t last = message.find_last_not_of(" \t\r\n");
  const std::size_t last_start = message.rfind('\n', last);
  if (last == std::string::npos || last < first_end || last_start == std::string::npos)
    return message.substr(0, first_end);
  return message.substr(0, first_end) + " … " + message.substr(last_start + 1, last - last_start);
}

/// The message of most trials, of the earliest among equals, and how often it stands there.
std::pair<std::string, std::uint64_t> commonest_message(const StudyHistory& history) {
  std::map<std::string, std::uint64_t> counts;
  std::vector<std::string> in_order;
  for (const auto& record : history.records()) {
    if (!record.outcome || record.outcome->status == TrialStatus::completed || record.outcome->message.empty())
      continue;
    const std::string message = ends_of(record.outcome->message);
    if (++counts[message] == 1) in_order.push_back(message);
  }
  if (in_order.empty()) return {};
  const auto most = std::max_element(in_order.begin(), in_order.end(),
                                     [&](const auto& a, const auto& b) { return counts[a] < counts[b]; });
  return {*most, counts[*most]};
}

}  // namespace

bool nothing_worked(const StudyHistory& history) {
  return history.ended() > 0 && history.count(TrialStatus::completed) == 0;
}

std::string failures_sentence(const StudyHistory& history) {
  if (history.failures() == 0 && !nothing_worked(history)) return {};
  std::string counts;
  for (const TrialStatus status :
       {TrialStatus::failed, TrialStatus::timed_out, TrialStatus::lost, TrialStatus::infeasible}) {
    if (history.count(status) == 0) continue;
    counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", history.count(status), to_string(status));
  }
  const std::string whole =
      nothing_worked(history)
          ? fmt::format("none of {} trials completed", history.ended())
          : fmt::format("{} of {} trials completed", history.count(TrialStatus::completed), history.ended());
  const auto [message, count] = commonest_message(history);
  const std::string why = message.empty() ? "" : fmt::format("; {} of them with: {}", count, message);
  return fmt::format("{} ({}){}", whole, counts, why);
}

}  // namespace hyperego::cli
