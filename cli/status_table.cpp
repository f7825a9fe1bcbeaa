#include "status_table.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "output.hpp"
#include <set>
#include <vector>

namespace hyperego::cli {
namespace {

using nlohmann::ordered_json;

std::string front_table(const ordered_json& front) {
  if (front.empty()) return "no completed trial yet\n";
  std::vector<std::string> objectives;
  for (const auto& [name, value] : front.front().at("objectives").items()) objectives.push_back(name);
  std::vector<std::string> hyperparameters;
  std::set<std::string> seen;
  for (const ordered_json& member : front) {
    for (const auto& [name, value] : member.at("configuration").items()) {
      if (seen.insert(name).second) hyperparameters.push_back(name);
    }
  }
  std::vector<std::string> header{"trial"};
  header.insert(header.end(), objectives.begin(), objectives.end());
  header.insert(header.end(), hyperparameters.begin(), hyperparameters.end());
  std::vector<std::vector<std::string>> rows;
  for (const ordered_json& member : front) {
    rows.push_back({short_text(member.at("trial"))});
    for (const std::string& name : objectives) rows.back().push_back(short_text(member.at("objectives").at(name)));
    const ordered_json& configuration = member.at("configuration");
    for (const std::string& name : hyperparameters) {
      rows.back().push_back(configuration.contains(name) ? short_text(configuration.at(name)) : "-");
    }
  }
  return table_text(header, rows);
}

}  // namespace

std::string status_table(const ordered_json& status) {
  const ordered_json& trials = status.at("trials");
  // A limit below what there is comes from an older version; "14 of 3" would make no sense.
  const bool is_within = trials.at("ended") <= trials.at("limit");
  std::string text = fmt::format("{} (seed {}): {}{} trials ended", printable(status.at("name").get<std::string>()),
                                 status.at("seed").dump(), trials.at("ended").dump(),
                                 is_within ? " of " + trials.at("limit").dump() : std::string());
  for (const char* state : {"waiting", "running", "completed", "infeasible", "failed", "timed_out", "lost"}) {
    if (trials.at(state) != 0) text += fmt::format(", {} {}", trials.at(state).dump(), state);
  }
  text += "\n";
  if (!status.at("stopped").is_null())
    text += "ended: " + printable(status.at("stopped").at("message").get<std::string>()) + "\n";
  if (status.contains("waiting_for"))
    text += "waiting: " + printable(status.at("waiting_for").get<std::string>()) + "\n";
  if (status.contains("command_changes")) {
    for (const ordered_json& change : status.at("command_changes")) {
      text += fmt::format("command: {} from trial {} on, before {}\n", short_text(change.at("command")),
                          change.at("from_trial").dump(), short_text(change.at("previous")));
    }
  }
  if (!status.at("last_failure").is_null())
    text += "last failure: " + printable(status.at("last_failure").get<std::string>()) + "\n";
  if (!status.at("hypervolume").is_null()) {
    text += fmt::format("hypervolume {} (reference: {})\n", short_text(status.at("hypervolume")),
                        printable(status.at("reference").at("source").get<std::string>()));
  }
  return text + "\nPareto front\n" + front_table(status.at("front"));
}

}  // namespace hyperego::cli
