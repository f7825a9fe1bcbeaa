#include <hyperego/core/number_text.hpp>
#include <hyperego/report/document/detail/document_parts.hpp>
#include <hyperego/report/document/detail/sections.hpp>
#include <hyperego/report/explanation/detail/summary.hpp>

#include <algorithm>
#include <limits>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

/// A hyperparameter that cannot gain more than this share of what tuning everything gains may keep its default.
constexpr double share_of_little = 0.05;

std::string front_in_words(const StudyHistory& history) {
  const std::size_t size = history.archive().size();
  std::string text = size == 1 ? "One trial is on the front" : counted(size, "trial") + " are on the front";
  text += " of " + counted(history.count(TrialStatus::completed), "completed trial");
  if (const auto volume = history.hypervolume()) text += "; its hypervolume is " + number_text(*volume);
  return text + ".";
}

std::string best_in_words(const StudyHistory& history) {
  const std::vector<Objective>& objectives = history.study().objectives;
  std::vector<std::string> best;
  for (std::size_t j = 0; j < objectives.size(); ++j) {
    double least = std::numeric_limits<double>::infinity();
    std::uint64_t trial = 0;
    for (const auto& member : history.archive().front()) {
      const double value = member.objectives[static_cast<Eigen::Index>(j)];
      if (!(value < least)) continue;
      least = value;
      trial = member.id;
    }
    best.push_back(objectives[j].name + " " + number_text(from_minimised(objectives[j], least)) + " (trial " +
                   std::to_string(trial) + ")");
  }
  return "The best values are " + listed(best) + ".";
}

/// What tuning a hyperparameter is worth, and what it may be worth by the interval of the model or of sampling.
struct Worth {
  std::string name;
  double value = 0;
  double low = 0;
  double high = 0;
};

/// The most valuable first.
std::vector<Worth> worths(const ordered_json& tunability) {
  const ordered_json& intervals = tunability.at("intervals");
  const char* kind = intervals.contains("model") ? "model" : "sampling";
  std::vector<Worth> result;
  for (const auto& [name, value] : tunability.at("values").items()) {
    if (value.is_null()) continue;  // never varied: not known
    Worth worth{name, value.get<double>(), value.get<double>(), value.get<double>()};
    if (intervals.contains(kind)) {
      worth.low = intervals.at(kind).at(name).at(0).get<double>();
      worth.high = intervals.at(kind).at(name).at(1).get<double>();
    }
    result.push_back(std::move(worth));
  }
  std::stable_sort(result.begin(), result.end(), [](const Worth& a, const Worth& b) { return a.value > b.value; });
  return result;
}

/// The leader, and whoever the intervals do not tell from it.
std::string leaders_in_words(const ObjectiveExplanation& one, const Objective& objective) {
  const std::vector<Worth> all = worths(one.tunability);
  const std::string of = (one.is_log ? "ln of " : "") + objective.name;
  if (all.empty()) return "nothing is known of " + of + ", as no hyperparameter varied";
  const Worth& first = all.front();
  if (first.value > 0 && leaders_of(one.tunability).empty()) {
    return "for " + of + " no hyperparameter can be told from noise";
  }
  if (!(first.value > 0)) return "nothing that is tuned improves " + of + " over the default";
  const auto within = [&](double value) { return number_text_within(value, first.high - first.low); };
  std::string text = "for " + of + " " + first.name + ", which gains " + within(first.value);
  if (first.high > first.low) text += " (from " + within(first.low) + " to " + within(first.high) + ")";
  std::vector<std::string> rivals;
  for (std::size_t k = 1; k < all.size(); ++k) {
    if (all[k].high > first.low && all[k].value > share_of_little * first.value) rivals.push_back(all[k].name);
  }
  if (first.high > first.low && !rivals.empty()) text += ", perhaps less than " + listed(rivals);
  return text;
}

std::string importance_in_words(const Explanations& explanations, const std::vector<Objective>& objectives) {
  std::string text;
  for (const ObjectiveExplanation& one : explanations.objectives) {
    text += (text.empty() ? "" : "; ") + leaders_in_words(one, objectives[one.objective]);
  }
  return "What matters most: " + text + ".";
}

std::string defaults_in_words(const Explanations& explanations) {
  std::vector<std::string> left;
  for (const auto& [name, value] : explanations.objectives.front().tunability.at("values").items()) {
    const bool is_little = std::all_of(explanations.objectives.begin(), explanations.objectives.end(),
                                       [&, &player = name](const auto& one) {
                                         const double gain = gain_of(one.tunability);
                                         const std::vector<Worth> all = worths(one.tunability);
                                         return std::any_of(all.begin(), all.end(), [&](const Worth& worth) {
                                           return worth.name == player && worth.high <= share_of_little * gain;
                                         });
                                       });
    if (is_little) left.push_back(name);
  }
  if (left.empty()) return "No hyperparameter can be left at its default without doubt.";
  return "As far as the models tell, " + listed(left) + " can be left at " +
         (left.size() == 1 ? "its default: it gains" : "their defaults: each gains") + " at most " +
         number_text(100 * share_of_little) + " % of what tuning everything does.";
}

}  // namespace

ordered_json learned(const StudyRecord& record, const Explanations& explanations) {
  const StudyHistory& history = record.history;
  ordered_json sentences = ordered_json::array();
  if (history.archive().empty()) return sentences;
  sentences.push_back(front_in_words(history));
  sentences.push_back(best_in_words(history));
  if (explanations.objectives.empty() || explanations.objectives.front().tunability.at("values").empty()) {
    return sentences;
  }
  sentences.push_back(importance_in_words(explanations, history.study().objectives));
  sentences.push_back(defaults_in_words(explanations));
  return sentences;
}

}  // namespace hyperego::detail
