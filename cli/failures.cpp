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

/// What messages of one kind share: not the numbers, nor the line that was read.
std::string kind_of(const std::string& message) {
  std::string kind;
  for (const char c : message.substr(0, message.find("; it reads \""))) {
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit) kind += c;
    if (is_digit && !kind.ends_with('#')) kind += '#';
  }
  return kind;
}

struct CommonFailure {
  std::string message;      ///< the earliest of its kind
  std::uint64_t count = 0;  ///< of its kind
  bool is_one = true;       ///< whether all of the kind say the same
};

/// The kind of message of most trials, the earliest among equals.
CommonFailure commonest_failure(const StudyHistory& history) {
  std::map<std::string, std::size_t> places;
  std::vector<CommonFailure> kinds;
  for (const auto& record : history.records()) {
    if (!record.outcome || record.outcome->message.empty() || record.outcome->status == TrialStatus::completed ||
        record.outcome->status == TrialStatus::stopped) {
      continue;
    }
    const std::string message = ends_of(record.outcome->message);
    const auto [place, is_new] = places.emplace(kind_of(message), kinds.size());
    if (is_new) kinds.push_back({message});
    CommonFailure& kind = kinds[place->second];
    ++kind.count;
    kind.is_one = kind.is_one && kind.message == message;
  }
  if (kinds.empty()) return {};
  return *std::max_element(kinds.begin(), kinds.end(),
                           [](const CommonFailure& a, const CommonFailure& b) { return a.count < b.count; });
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
  const CommonFailure common = commonest_failure(history);
  const std::string why = common.message.empty() ? ""
                                                 : fmt::format("; {} of them {}: {}", common.count,
                                                               common.is_one ? "with" : "as", common.message);
  return fmt::format("{} ({}){}", whole, counts, why);
}

}  // namespace hyperego::cli
