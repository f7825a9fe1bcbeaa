#include <hyperego/core/number_text.hpp>
#include <hyperego/report/document/detail/document_parts.hpp>
#include <hyperego/report/document/detail/sections.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

/// Runs of trials in which a hyperparameter was frozen at one value.
ordered_json frozen_table(const StudyRecord& record) {
  ordered_json table = empty_table({"hyperparameter", "first trial", "last trial", "value"});
  const SearchSpace& space = *record.history.study().space;
  for (const std::size_t i : space.searched()) {
    const std::string& name = space[i].name;
    ordered_json run;  // null while it is free
    for (std::size_t trial = 0; trial < record.entries.size(); ++trial) {
      const ordered_json& frozen = record.entries[trial].decision->at("frozen");
      const auto found = frozen.find(name);
      if (!run.is_null() && (found == frozen.end() || run.at(3) != *found)) {
        table["rows"].push_back(std::move(run));
        run = nullptr;
      }
      if (found == frozen.end()) continue;
      if (run.is_null()) run = ordered_json::array({name, trial, trial, *found});
      run[2] = trial;
    }
    if (!run.is_null()) table["rows"].push_back(std::move(run));
  }
  return table;
}

ordered_json weight_table(const StudyRecord& record) {
  std::vector<std::string> columns{"trial"};
  for (const Objective& objective : record.history.study().objectives) columns.push_back("weight of " + objective.name);
  ordered_json table = empty_table(columns);
  for (std::size_t trial = 0; trial < record.entries.size(); ++trial) {
    const ordered_json& weights = record.entries[trial].decision->at("weights");
    if (weights.size() + 1 != columns.size()) continue;
    ordered_json row{trial};
    for (const ordered_json& weight : weights) row.push_back(weight);
    table["rows"].push_back(std::move(row));
  }
  return table;
}

/// Shares of the Shapley values of the games that were played for decisions.
ordered_json game_table(const StudyRecord& record) {
  const SearchSpace& space = *record.history.study().space;
  std::vector<std::string> columns{"trial", "coalition value", "full value"};
  for (const std::size_t i : space.searched()) columns.push_back(space[i].name);
  ordered_json table = empty_table(columns);
  for (std::size_t trial = 0; trial < record.entries.size(); ++trial) {
    const StudyRecord::Entry& entry = record.entries[trial];
    const ordered_json& shapley = entry.decision->at("shapley");
    if (shapley.empty()) continue;
    double total = 0;
    for (const auto& [name, value] : shapley.items()) total += std::max(0.0, value.get<double>());
    ordered_json chosen = nullptr;
    ordered_json full = nullptr;
    if (entry.game && !entry.game->is_null()) {
      const ordered_json& game = *entry.game;
      std::uint64_t coalition = 0;
      const auto players = game.at("players").get<std::vector<std::string>>();
      for (std::size_t p = 0; p < players.size(); ++p) {
        for (const ordered_json& name : entry.decision->at("free")) {
          if (name == players[p]) coalition |= std::uint64_t{1} << p;
        }
      }
      const ordered_json& values = game.at("values");
      if (!game.contains("coalitions") && coalition < values.size()) {
        const auto empty = values.front().get<double>();
        const auto grand = values.back().get<double>();
        full = without_rounding_noise(grand - empty, std::abs(grand));
        chosen = beside_gain(values[coalition].get<double>() - empty, full.get<double>());
      }
    }
    ordered_json row{trial, chosen, full};
    for (const std::size_t i : space.searched()) {
      const double value = shapley.value(space[i].name, 0.0);
      row.push_back(total > 0 ? beside_gain(std::max(0.0, value) / total, 1) : 0.0);
    }
    table["rows"].push_back(std::move(row));
  }
  return table;
}

/// What was frozen and why, one row wherever that changes.
ordered_json change_table(const StudyRecord& record) {
  ordered_json table = empty_table({"from trial", "to trial", "phase", "free", "frozen", "reason of the first"});
  std::string last;
  for (std::size_t trial = 0; trial < record.entries.size(); ++trial) {
    const ordered_json& decision = *record.entries[trial].decision;
    const std::string key = decision.at("phase").dump() + decision.at("free").dump();
    if (key == last) {
      table["rows"].back()[1] = trial;
      continue;
    }
    last = key;
    std::vector<std::string> frozen;
    for (const auto& [name, value] : decision.at("frozen").items())
      frozen.push_back(name + " = " + value_in_words(value));
    const bool is_full = frozen.empty();
    table["rows"].push_back({trial, trial, decision.at("phase"),
                             is_full ? std::string("all") : listed(decision.at("free").get<std::vector<std::string>>()),
                             is_full ? std::string("nothing") : listed(frozen), decision.at("reason")});
  }
  return table;
}

std::string counts(const StudyRecord& record) {
  std::map<std::string, std::uint64_t> by_phase;
  for (const StudyRecord::Entry& entry : record.entries) ++by_phase[entry.decision->value("phase", "")];
  const std::vector<std::pair<const char*, const char*>> words{
      {"initial", "from the initial design"},
      {"full", "from a search of the full space"},
      {"frozen", "from a search with some hyperparameters frozen"},
      {"hypervolume", "for the largest hypervolume improvement"},
      {"offspring", "from children of the front"},
      {"random", "at random"},
      {"imported", "imported"},
      {"repeat", "repeated"},
      {"explain", "to narrow the importance of hyperparameters"},
      {"fallback", "from a fallback"}};
  std::vector<std::string> parts;
  for (const auto& [phase, text] : words) {
    if (by_phase[phase] > 0) parts.push_back(std::to_string(by_phase[phase]) + " " + text);
  }
  return "Of " + counted(record.entries.size(), "suggestion") + " " + listed(parts) + ".";
}

}  // namespace

ordered_json decisions_section(const StudyRecord& record) {
  ordered_json section = empty_section("decisions", "Decisions");
  if (record.entries.empty()) {
    section["text"].push_back("Nothing has been suggested yet.");
    return section;
  }
  section["text"].push_back(counts(record));
  const ordered_json frozen = frozen_table(record);
  const SearchSpace& space = *record.history.study().space;
  std::vector<std::string> names;
  for (const std::size_t i : space.searched()) names.push_back(space[i].name);
  if (frozen.at("rows").empty()) {
    section["text"].push_back("No hyperparameter was frozen at any time.");
  } else {
    add_figure(section, "frozen", "What was frozen, and when",
               "A bar means that a hyperparameter was held at one value while the others were searched; a new shade "
               "begins where the value changes.",
               {{"kind", "timeline"}, {"players", names}, {"trials", record.entries.size()}}, frozen);
  }
  if (const ordered_json weights = weight_table(record); !weights.at("rows").empty()) {
    add_figure(section, "weights", "Trade-off of each suggestion",
               "Every suggestion made for a trade-off has its own weights of the objectives.", {{"kind", "weights"}},
               weights);
  }
  if (const ordered_json games = game_table(record); !games.at("rows").empty()) {
    add_figure(
        section, "games", "Importance as it was seen when decisions were made",
        "Share of each hyperparameter in the Shapley values of the game behind a decision; the darker, the more.",
        {{"kind", "share-map"}, {"first", 3}}, games);
  }
  add_table(section, "decisions", "Changes of what is searched, with their reasons", change_table(record));
  return section;
}

}  // namespace hyperego::detail
