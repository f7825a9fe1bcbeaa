#include <hyperego/study/detail/slurm_refusal.hpp>
#include <hyperego/study/detail/trial_command.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <sstream>
#include <string_view>

namespace hyperego::detail {
namespace {

bool begins_with(std::string_view text, std::string_view beginning) {
  return text.substr(0, beginning.size()) == beginning;
}

template <std::size_t N>
bool begins_with_any(std::string_view text, const std::array<std::string_view, N>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view beginning) { return begins_with(text, beginning); });
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  return text;
}

std::vector<std::string> words_of(const std::string& sentence) {
  std::vector<std::string> words(1);
  for (const char c : sentence) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  return words;
}

/// The name of a limit of Slurm's accounting, "QOSMaxSubmitJobPerUserLimit" say.
bool names_limit(const std::string& word) {
  const auto ends_with = [&](std::string_view end) {
    return word.size() > end.size() && word.compare(word.size() - end.size(), end.size(), end) == 0;
  };
  return (begins_with(word, "QOS") || begins_with(word, "Assoc")) && (ends_with("Limit") || ends_with("Limits"));
}

/// One on how many jobs there may be: MaxSubmitJobs, AssocGrpSubmitJobsLimit, QOSMaxSubmitJobPerUserLimit, …
bool names_limit_of_jobs(const std::string& word) {
  constexpr std::array<std::string_view, 4> kinds{"MaxSubmit", "GrpSubmit", "MaxJob", "GrpJob"};
  if (begins_with_any(word, kinds)) return true;
  if (!names_limit(word)) return false;
  const std::string_view name = std::string_view(word).substr(begins_with(word, "QOS") ? 3 : 5);
  return begins_with_any(name, kinds);
}

// From slurm_strerror() of Slurm 18 to 24, in lower case.
constexpr std::array<std::string_view, 17> passing{"unable to contact slurm controller",
                                                   "socket timed out",
                                                   "zero bytes were transmitted or received",
                                                   "slurm temporarily unable to accept job",
                                                   "resource temporarily unavailable",
                                                   "slurm backup controller in standby mode",
                                                   "slurmctld is in standby",
                                                   "transport endpoint is not connected",
                                                   "connection refused",
                                                   "connection timed out",
                                                   "connection reset by peer",
                                                   "required partition not available",
                                                   "unexpected message received",
                                                   "communication",
                                                   "protocol authentication error",
                                                   "required node not available",
                                                   "requested nodes are busy"};
constexpr std::array<std::string_view, 1> too_long{"invalid job array specification"};
constexpr std::array<std::string_view, 1> policies{"job violates accounting/qos policy"};
constexpr std::array<std::string_view, 28> lasting{"invalid",
                                                   "requested",
                                                   "unrecognized option",
                                                   "unknown option",
                                                   "option requires an argument",
                                                   "unable to open",
                                                   "access/permission denied",
                                                   "permission denied",
                                                   "user's group not permitted",
                                                   "partition",
                                                   "node count specification",
                                                   "more processors requested",
                                                   "memory required by task",
                                                   "memory specification",
                                                   "cpu count",
                                                   "cpu binding",
                                                   "account is not permitted",
                                                   "qos is not permitted",
                                                   "group is not permitted",
                                                   "job size is outside",
                                                   "batch script is empty",
                                                   "this does not look like a batch script",
                                                   "missing time limit",
                                                   "time limit",
                                                   "no partition specified",
                                                   "user not found",
                                                   "user id not found",
                                                   "bad constraints"};

SlurmRefusal meaning_of(const std::string& sentence) {
  const std::string text = lower(sentence);
  if (begins_with_any(text, too_long)) return SlurmRefusal::array_too_long;
  for (const std::string& word : words_of(sentence)) {
    if (names_limit_of_jobs(word)) return SlurmRefusal::queue_full;
    if (names_limit(word)) return SlurmRefusal::final;
  }
  if (begins_with_any(text, policies)) return SlurmRefusal::policy;
  if (begins_with_any(text, passing)) return SlurmRefusal::unanswered;
  if (begins_with_any(text, lasting)) return SlurmRefusal::final;
  return SlurmRefusal::unknown;
}

}  // namespace

std::vector<std::string> slurm_sentences(const std::string& errors) {
  std::vector<std::string> sentences;
  std::istringstream lines(errors);
  for (std::string line; std::getline(lines, line);) {
    std::string_view rest = line;
    for (const std::string_view front : {"sbatch: ", "squeue: ", "sacct: ", "scancel: ", "error: ", "fatal: ",
                                         "slurm_load_jobs error: ", "Batch job submission failed: "}) {
      if (begins_with(rest, front)) rest.remove_prefix(front.size());
    }
    const std::string sentence = trimmed(std::string(rest));
    if (!sentence.empty()) sentences.push_back(sentence);
  }
  return sentences;
}

SlurmRefusal refusal_of(const std::string& errors) {
  // A sentence before the last may say more than it: the name of a limit, the option that is wrong.
  constexpr std::array telling{SlurmRefusal::array_too_long, SlurmRefusal::queue_full, SlurmRefusal::final,
                               SlurmRefusal::policy, SlurmRefusal::unanswered};
  std::vector<SlurmRefusal> meanings;
  for (const std::string& sentence : slurm_sentences(errors)) meanings.push_back(meaning_of(sentence));
  for (const SlurmRefusal meaning : telling) {
    if (std::find(meanings.begin(), meanings.end(), meaning) != meanings.end()) return meaning;
  }
  return meanings.empty() ? SlurmRefusal::unanswered : SlurmRefusal::unknown;
}

std::optional<std::size_t> parse_most_tasks(const std::string& config) {
  std::istringstream lines(config);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos || trimmed(line.substr(0, equals)) != "MaxArraySize") continue;
    const std::string value = trimmed(line.substr(equals + 1));
    std::size_t most = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), most);
    if (error == std::errc{} && end == value.data() + value.size() && !value.empty()) return most;
  }
  return std::nullopt;
}

}  // namespace hyperego::detail
