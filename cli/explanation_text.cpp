#include "explanation_text.hpp"

#include <hyperego/core/number_text.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "output.hpp"
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace hyperego::cli {
namespace {

using nlohmann::ordered_json;

/// What is said of one value: itself and its intervals, to the digits that these leave certain.
struct ValueText {
  std::string value;
  std::string model;     ///< "[0.1, 0.3]"; empty where there is no such interval, as is the next
  std::string sampling;  ///< "± 0.02", or "-" where it is not known
};

/// @param gain v(N) − v(∅): nothing is told apart below a ten-thousandth of it
ValueText value_text(const ordered_json& intervals, const std::string& name, double value, double gain) {
  ValueText text;
  const double least = 0.01 * std::abs(gain);
  double width = 0;
  const auto ends = [&](const char* kind) {
    const ordered_json& interval = intervals.at(kind).at(name);
    return std::pair(interval.at(0).get<double>(), interval.at(1).get<double>());
  };
  if (intervals.contains("sampling")) {
    const auto [low, high] = ends("sampling");
    width = high - low;
    const double half = std::max(high - value, value - low);
    const std::string shown = half < least ? number_text_within(half, least) : number_text(half, 2);
    text.sampling = std::isfinite(half) ? "± " + shown : "-";  // too few coalitions for a standard error
  }
  if (intervals.contains("model")) {
    const auto [low, high] = ends("model");
    if (high > low) width = std::max(high - low, least);
    text.model = fmt::format("[{}, {}]", number_text_within(low, width), number_text_within(high, width));
  }
  text.value = number_text_within(value, width);
  return text;
}

/// The leave-one-out R² of the fit, or of each of several.
std::string fit_text(const ordered_json& fit) {
  if (fit.is_object()) return number_text(fit.at("leave_one_out_r2").get<double>(), 2);
  std::string text;
  for (const ordered_json& one : fit) text += (text.empty() ? "" : ", ") + fit_text(one);
  return text;
}

/// The objective or the trade-off that is explained, or those of several studies.
std::string target_text(const ordered_json& target) {
  if (target.is_array()) return target_text(target.front()) + fmt::format(" in {} studies", target.size());
  if (target.contains("weights")) return "the trade-off with weights " + short_text(target.at("weights"));
  const auto name = target.at("objective").get<std::string>();
  return target.contains("scale") ? "ln of " + name : name;
}

std::string baseline_text(const ordered_json& baseline) {
  if (!baseline.is_array()) return "The baseline is " + short_text(baseline) + ".";
  std::string text;
  for (const ordered_json& one : baseline) text += (text.empty() ? "" : "; ") + short_text(one);
  return "The baselines are " + text + ".";
}

/// Sentences: what was played, what it gave and how far it can be trusted.
std::string heading_text(const ordered_json& json) {
  if (!json.contains("full")) {  // no game was played
    return fmt::format("Shares of the total sensitivity of {}.\nThe model predicts left-out trials with R² {}.\n",
                       printable(target_text(json.at("target"))), fit_text(json.at("fit")));
  }
  const auto empty = json.at("empty").get<double>();
  const auto full = json.at("full").get<double>();
  const double place = 0.1 * std::abs(full - empty);
  std::string game = json.at("game").get<std::string>();
  std::replace(game.begin(), game.end(), '_', ' ');
  std::string text = fmt::format(
      "The {} game of {}, {} of order {} from {} coalitions.\nIt goes from v(∅) = {} to v(N) = {}, a difference of "
      "{}.\n",
      game, printable(target_text(json.at("target"))), json.at("index").get<std::string>(), json.at("order").dump(),
      json.at("coalitions").dump(), number_text_within(empty, place), number_text_within(full, place),
      number_text_within(full - empty, place));
  text += fmt::format("The model predicts left-out trials with R² {}.", fit_text(json.at("fit")));
  if (json.contains("faithfulness")) {
    text += fmt::format(" The values explain the coalitions with R² {}.",
                        number_text(json.at("faithfulness").get<double>(), 2));
  }
  return text + "\n" + printable(baseline_text(json.at("baseline"))) + "\n";
}

/// The configurations to evaluate next, the most telling first.
std::string suggestions_text(const ordered_json& suggestions) {
  if (suggestions.empty()) return "There is no configuration left whose evaluation would narrow this.\n";
  std::vector<std::string> names;
  for (const ordered_json& one : suggestions) {
    for (const auto& [name, value] : one.at("configuration").items()) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  std::vector<std::string> head{"evaluate"};
  head.insert(head.end(), names.begin(), names.end());
  head.emplace_back("doubt left");
  std::vector<std::vector<std::string>> rows;
  for (const ordered_json& one : suggestions) {
    rows.push_back({std::to_string(rows.size() + 1)});
    const ordered_json& configuration = one.at("configuration");
    for (const std::string& name : names) {
      rows.back().push_back(configuration.contains(name) ? short_text(configuration.at(name)) : "-");
    }
    rows.back().push_back(fmt::format("{:.0f} %", 100 * one.at("left").get<double>()));
  }
  return "These would narrow the answer most, and leave so much of the variance of the values:\n" +
         table_text(head, rows);
}

/// The values of what varied, the largest first, and the names of what never did.
struct Values {
  std::vector<std::pair<std::string, double>> known{};
  std::vector<std::string> unknown{};
  double total = 0;  ///< of the amounts
};

Values values_of(const ordered_json& json) {
  Values values;
  for (const auto& [name, value] : json.at("values").items()) {
    if (value.is_null()) {
      values.unknown.push_back(name);
    } else {
      values.known.emplace_back(name, value.get<double>());
      values.total += std::abs(values.known.back().second);
    }
  }
  std::stable_sort(values.known.begin(), values.known.end(),
                   [](const auto& a, const auto& b) { return std::abs(a.second) > std::abs(b.second); });
  return values;
}

std::string values_table(const ordered_json& json) {
  const Values values = values_of(json);
  const ordered_json& intervals = json.at("intervals");
  std::vector<std::string> head{"hyperparameters", "value", "share"};
  for (const char* kind : {"model", "sampling"}) {
    if (intervals.contains(kind))
      head.push_back(fmt::format("{:.0f} %, {}", 100 * intervals.at("coverage").get<double>(), kind));
  }
  const bool is_tested = json.contains("p_values") && json.at("order") == 1;
  if (is_tested) head.emplace_back("p");
  const double gain = json.contains("full") ? json.at("full").get<double>() - json.at("empty").get<double>() : 0;
  const ordered_json noise = json.value("noise", ordered_json::array());  // whose shares mean nothing
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, value] : values.known) {
    ValueText shown = value_text(intervals, name, value, gain);
    const bool is_noise = std::find(noise.begin(), noise.end(), name) != noise.end();
    const std::string share = is_noise           ? "noise"
                              : values.total > 0 ? fmt::format("{:.1f} %", 100 * std::abs(value) / values.total)
                                                 : "-";
    rows.push_back({name, shown.value, share});
    for (std::string* interval : {&shown.model, &shown.sampling}) {
      if (!interval->empty()) rows.back().push_back(std::move(*interval));
    }
    if (is_tested) rows.back().push_back(number_text(json.at("p_values").at(name).get<double>(), 2));
  }
  for (const std::string& name : values.unknown) {
    rows.push_back({name, "not known"});
    rows.back().resize(head.size(), "-");
  }
  return table_text(head, rows);
}

}  // namespace

std::string explanation_text(const ordered_json& json) {
  std::string text = json.contains("summary") ? printable(json.at("summary").get<std::string>()) + "\n\n" : "";
  text += heading_text(json) + "\n" + values_table(json);
  for (const ordered_json& remark : json.at("notes")) text += "note: " + remark.get<std::string>() + "\n";
  if (json.contains("suggestions")) text += "\n" + suggestions_text(json.at("suggestions"));
  return text;
}

}  // namespace hyperego::cli
