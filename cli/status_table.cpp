#include "status_table.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "output.hpp"
#include "terminal.hpp"
#include <algorithm>
#include <utility>
#include <vector>

namespace hyperego::cli {
namespace {

using nlohmann::ordered_json;

struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;

  [[nodiscard]] std::string text() const { return table_text(header, rows); }
  [[nodiscard]] std::size_t width() const { return table_width(header, rows); }
};

/// One row a trial: its number, its objectives, and the hyperparameters that are active somewhere on the front.
Table table_of(const ordered_json& front, const SearchSpace& space) {
  Table table{{"trial"}, {}};
  std::vector<std::string> hyperparameters;
  for (const auto& [name, value] : front.front().at("objectives").items()) table.header.push_back(name);
  for (const Hyperparameter& hyperparameter : space.hyperparameters()) {
    const auto is_active = [&](const ordered_json& member) {
      return member.at("configuration").contains(hyperparameter.name);
    };
    if (std::any_of(front.begin(), front.end(), is_active)) hyperparameters.push_back(hyperparameter.name);
  }
  table.header.insert(table.header.end(), hyperparameters.begin(), hyperparameters.end());
  for (const ordered_json& member : front) {
    table.rows.push_back({short_text(member.at("trial"))});
    for (const auto& [name, value] : member.at("objectives").items()) table.rows.back().push_back(short_text(value));
    const ordered_json& configuration = member.at("configuration");
    for (const std::string& name : hyperparameters) {
      table.rows.back().push_back(configuration.contains(name) ? short_text(configuration.at(name)) : "-");
    }
  }
  return table;
}

/// Cells of at most so many columns: names and choices may be of any length.
Table with_short_cells(Table table, std::size_t most) {
  const auto shorten = [most](std::vector<std::string>& row) {
    for (std::string& cell : row) cell = cut_to_width(printable(cell), most);
  };
  shorten(table.header);
  std::for_each(table.rows.begin(), table.rows.end(), shorten);
  return table;
}

/// Rows and columns exchanged.
Table transposed(const Table& table) {
  Table result{{table.header.front()}, {}};
  for (const auto& row : table.rows) result.header.push_back(row.front());
  for (std::size_t i = 1; i < table.header.size(); ++i) {
    result.rows.push_back({table.header[i]});
    for (const auto& row : table.rows) result.rows.back().push_back(row[i]);
  }
  return result;
}

/// The first so many columns.
Table narrowed(Table table, std::size_t count) {
  table.header.resize(count);
  for (auto& row : table.rows) row.resize(count);
  return table;
}

std::string front_table(const ordered_json& front, const SearchSpace& space, std::optional<std::size_t> columns) {
  constexpr std::size_t longest_cell = 32;
  if (front.empty()) return "no completed trial yet\n";
  const Table whole = table_of(front, space);
  if (!columns) return whole.text();
  const Table table = with_short_cells(whole, std::min(longest_cell, *columns));
  if (table.width() <= *columns) return table.text();
  if (const Table turned = transposed(table); turned.width() <= *columns) return turned.text();
  std::size_t count = table.header.size() - 1;
  while (count > 1 && narrowed(table, count).width() > *columns) --count;
  return narrowed(table, count).text() +
         fmt::format("{} of {} columns fit here; front.csv and --json have all\n", count, table.header.size());
}

/// Sentences of the status, and the front. What a program printed last may be a traceback of many lines.
class StatusText {
 public:
  explicit StatusText(std::optional<std::size_t> columns) : columns_(columns) {}

  void add_sentence(const std::string& sentence) {
    text_ += (columns_ ? wrapped(printable(sentence), *columns_) : printable(sentence)) + "\n";
  }
  void add_failure(const std::string& message) {
    if (message.find('\n') == std::string::npos) return add_sentence("last failure: " + message);
    text_ += "last failure:\n" + indented_lines(message);
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::optional<std::size_t> columns_;
  std::string text_;
};

std::string cost_sentence(const ordered_json& fidelity) {
  const ordered_json& cost = fidelity.at("cost");
  std::string text = "cost " + short_text(cost.at("spent"));
  if (!cost.at("limit").is_null()) text += " of " + short_text(cost.at("limit"));
  text += " full evaluations";
  if (cost.at("saved") > 0) text += ", " + short_text(cost.at("saved")) + " saved by stopping";
  std::string by_value;
  for (const ordered_json& one : fidelity.at("trials")) {
    by_value += fmt::format("{}{} at {}", by_value.empty() ? "" : ", ", one.at("trials").dump(),
                            short_text(one.at(fidelity.at("name").get<std::string>())));
  }
  if (!by_value.empty()) text += "; trials by " + fidelity.at("name").get<std::string>() + ": " + by_value;
  return text;
}

std::string freezing_sentence(const ordered_json& freezing) {
  std::string text = fmt::format("{} of the {} trials that could freeze hyperparameters did",
                                 freezing.at("frozen").dump(), freezing.at("scheduled").dump());
  if (freezing.at("off") == true) text += "; freezing was as good as off";
  return text;
}

}  // namespace

std::string status_table(const ordered_json& status, const SearchSpace& space, std::optional<std::size_t> columns) {
  const ordered_json& trials = status.at("trials");
  // A limit below what there is comes from an older version; "14 of 3" would make no sense.
  const bool is_within = trials.at("ended") <= trials.at("limit");
  StatusText text(columns);
  std::string counts =
      fmt::format("{} (seed {}): {}{} trials ended", status.at("name").get<std::string>(), status.at("seed").dump(),
                  trials.at("ended").dump(), is_within ? " of " + trials.at("limit").dump() : std::string());
  for (const char* state : {"waiting", "running", "completed", "infeasible", "failed", "timed_out", "lost"}) {
    if (trials.at(state) != 0) counts += fmt::format(", {} {}", trials.at(state).dump(), state);
  }
  if (trials.contains("stopped")) counts += fmt::format(", {} stopped early", trials.at("stopped").dump());
  text.add_sentence(counts);
  if (status.contains("fidelity")) text.add_sentence(cost_sentence(status.at("fidelity")));
  if (status.contains("freezing")) text.add_sentence(freezing_sentence(status.at("freezing")));
  if (!status.at("stopped").is_null())
    text.add_sentence("ended: " + status.at("stopped").at("message").get<std::string>());
  if (status.contains("waiting_for")) text.add_sentence("waiting: " + status.at("waiting_for").get<std::string>());
  if (status.contains("command_changes")) {
    for (const ordered_json& change : status.at("command_changes")) {
      text.add_sentence(fmt::format("command: {} from trial {} on, before {}", short_text(change.at("command")),
                                    change.at("from_trial").dump(), short_text(change.at("previous"))));
    }
  }
  if (!status.at("last_failure").is_null()) text.add_failure(status.at("last_failure").get<std::string>());
  if (!status.at("hypervolume").is_null()) {
    text.add_sentence(fmt::format("hypervolume {} (reference: {})", short_text(status.at("hypervolume")),
                                  status.at("reference").at("source").get<std::string>()));
  }
  return text.text() + "\nPareto front\n" + front_table(status.at("front"), space, columns);
}

}  // namespace hyperego::cli
