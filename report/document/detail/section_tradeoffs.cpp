#include <hyperego/report/document/detail/document_parts.hpp>
#include <hyperego/report/document/detail/sections.hpp>
#include <hyperego/report/explanation/detail/summary.hpp>

#include <algorithm>
#include <set>
#include <string>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

/// "model" where the trials' own uncertainty is known, else "sampling"; null without intervals.
ordered_json interval(const ordered_json& explanation, const char* kind, const std::string& name, int end) {
  const ordered_json& intervals = explanation.at("intervals");
  if (!intervals.contains(kind)) return nullptr;
  return beside_gain(intervals.at(kind).at(name).at(static_cast<std::size_t>(end)).get<double>(), gain_of(explanation));
}

bool is_noise(const ordered_json& explanation, const std::string& name) {
  const ordered_json noise = explanation.value("noise", ordered_json::array());
  return std::find(noise.begin(), noise.end(), name) != noise.end();
}

ordered_json tradeoff_table(const ordered_json& tradeoffs, const std::vector<Objective>& objectives) {
  std::vector<std::string> columns;
  for (const Objective& objective : objectives) columns.push_back("weight of " + objective.name);
  columns.insert(columns.end(),
                 {"hyperparameter", "value", "share", "model low", "model high", "sampling low", "sampling high"});
  ordered_json table = empty_table(columns);
  for (const ordered_json& one : tradeoffs) {
    double total = 0;
    for (const auto& [name, value] : one.at("values").items())
      total += value.is_null() ? 0 : std::abs(value.get<double>());
    for (const auto& [name, number] : one.at("values").items()) {
      if (number.is_null()) continue;  // never varied: not known
      const double value = beside_gain(number.get<double>(), gain_of(one));
      ordered_json row = one.at("weights");
      row.push_back(name);
      row.push_back(value);
      const bool has_share = total > 0 && !is_noise(one, name);
      row.push_back(has_share ? ordered_json(std::abs(value) / total) : ordered_json(nullptr));
      for (const char* kind : {"model", "sampling"}) {
        row.push_back(interval(one, kind, name, 0));
        row.push_back(interval(one, kind, name, 1));
      }
      table["rows"].push_back(std::move(row));
    }
  }
  return table;
}

/// "a", or "a or b" where the intervals do not tell them apart; empty where none is told from noise.
std::string most_important(const ordered_json& explanation) {
  std::string text;
  const std::vector<std::string> leaders = leaders_of(explanation);
  for (std::size_t k = 0; k < leaders.size(); ++k) {
    text += (k == 0 ? "" : k + 1 == leaders.size() ? " or " : ", ") + leaders[k];
  }
  return text;
}

/// The explanation that gives objective j the most weight.
const ordered_json& corner(const ordered_json& tradeoffs, std::size_t j) {
  const ordered_json* best = &tradeoffs.front();
  for (const ordered_json& one : tradeoffs) {
    if (one.at("weights").at(j).get<double>() > best->at("weights").at(j).get<double>()) best = &one;
  }
  return *best;
}

/// What is drawn, and how its intervals are.
std::string caption(std::size_t objectives, bool has_model, bool has_intervals) {
  const std::string what =
      has_model ? "hold 90 % of the values that the trials leave plausible" : "are 90 % intervals of sampling";
  if (objectives == 2) {
    return "A line for each hyperparameter, from one objective to the other" +
           (has_intervals ? "; bands " + what + "." : std::string("."));
  }
  if (objectives == 3) {
    return "A triangle for each hyperparameter; in a corner all weight is on one objective; the darker, the more can "
           "be "
           "gained." +
           (has_intervals ? " The ring around a disc has the colour of the upper end of its interval, the dot inside "
                            "that of the lower end: one colour throughout is a sure value. Intervals " +
                                what + "."
                          : std::string());
  }
  return "A row for each weight vector; the darker, the more can be gained." +
         (has_intervals ? " Intervals, which stand beside the values, " + what + "." : std::string());
}

}  // namespace

ordered_json tradeoffs_section(const StudyRecord& record, const Explanations& explanations) {
  ordered_json section = empty_section("tradeoffs", "Importance over trade-offs");
  const auto& objectives = record.history.study().objectives;
  if (objectives.size() < 2) {
    section["text"].push_back("With one objective there is nothing to trade off.");
    return section;
  }
  if (explanations.tradeoffs.empty()) {
    section["text"] = explanations.notes;
    return section;
  }
  section["text"].push_back(
      "How much tuning a hyperparameter can gain depends on what is wanted. The Shapley values of the tunability game "
      "are played for one weight vector after another, from all weight on one objective to all on the other; the gain "
      "is measured from the default configuration, in units of the scalarised objectives.");
  std::vector<std::string> corners;
  std::set<std::string> leaders;
  for (std::size_t j = 0; j < objectives.size(); ++j) {
    const std::string name = most_important(corner(explanations.tradeoffs, j));
    if (!name.empty()) corners.push_back(name + " where only " + objectives[j].name + " counts");
    leaders.insert(name);
  }
  if (corners.empty()) {
    section["text"].push_back("With these trials no hyperparameter can be told from noise.");
  } else if (corners.size() == objectives.size() && leaders.size() == 1) {
    section["text"].push_back("The most important hyperparameter is " + *leaders.begin() +
                              ", whichever objective alone counts.");
  } else {
    section["text"].push_back("The most important hyperparameter is " + listed(corners) + ".");
  }
  std::vector<std::string> names;
  for (const Objective& objective : objectives) names.push_back(objective.name);
  const ordered_json& intervals = explanations.tradeoffs.front().at("intervals");
  const bool has_model = intervals.contains("model");
  const auto m = objectives.size();
  const char* kind = m == 2 ? "tradeoff-lines" : m == 3 ? "ternary" : "tradeoff-map";
  add_figure(section, "tradeoffs", "Tunability over trade-offs",
             caption(m, has_model, has_model || intervals.contains("sampling")),
             {{"kind", kind},
              {"objectives", names},
              {"columns",
               {{"hyperparameter", m},
                {"value", m + 1},
                {"share", m + 2},
                {"low", has_model ? m + 3 : m + 5},
                {"high", has_model ? m + 4 : m + 6}}}},
             tradeoff_table(explanations.tradeoffs, objectives));
  for (const std::string& note : explanations.notes) section["text"].push_back(note);
  return section;
}

}  // namespace hyperego::detail
