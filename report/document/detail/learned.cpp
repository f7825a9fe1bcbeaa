#include <hyperego/core/number_text.hpp>
#include <hyperego/report/document/detail/document_parts.hpp>
#include <hyperego/report/document/detail/sections.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t most_values_named = 5, most_tuned_named = 3;
/// Below this a model predicts left-out trials poorly.
constexpr double poor_fit = 0.5;

std::string joined(const std::vector<std::string>& parts, const char* separator) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : separator) + part;
  return text;
}

void add(ordered_json& groups, const char* title, const std::vector<std::string>& sentences) {
  if (!sentences.empty()) groups.push_back({{"title", title}, {"text", sentences}});
}

std::string front_in_words(const StudyHistory& history) {
  const std::size_t size = history.archive().size();
  std::string text = size == 1 ? "One trial is on the front" : counted(size, "trial") + " are on the front";
  text += " of " + counted(history.completed_in_full(), "completed trial");
  if (const auto volume = history.hypervolume()) text += "; its hypervolume is " + number_text(*volume);
  return text + ".";
}

/// Hyperparameters by what they are worth to the objective they are worth most to, the others behind.
std::vector<std::string> by_worth(const StudyRecord& record, const Explanations& explanations) {
  std::map<std::string, double> worth;
  for (const ObjectiveExplanation& one : explanations.objectives) {
    const double gain = gain_of(one.tunability);
    for (const TunedHyperparameter& tuned : one.tuning.hyperparameters) {
      if (gain > 0) worth[tuned.name] = std::max(worth[tuned.name], tuned.value / gain);
    }
  }
  std::vector<std::string> names;
  const SearchSpace& space = *record.history.study().space;
  for (const std::size_t i : space.searched()) names.push_back(space[i].name);
  std::stable_sort(names.begin(), names.end(),
                   [&](const std::string& a, const std::string& b) { return worth[a] > worth[b]; });
  return names;
}

std::string configuration_in_words(const StudyRecord& record, std::uint64_t trial,
                                   const std::vector<std::string>& names) {
  const ordered_json values = record.history.study().space->to_json(record.history.records()[trial].configuration);
  std::vector<std::string> parts;
  for (const std::string& name : names) {
    if (values.contains(name)) parts.push_back(name + " = " + value_in_words(values.at(name)));
  }
  if (parts.size() <= most_values_named + 1) return listed(parts);
  const std::size_t more = parts.size() - most_values_named;
  parts.resize(most_values_named);
  parts.push_back(std::to_string(more) + " more");
  return listed(parts);
}

std::string results_in_words(const StudyHistory& history, std::uint64_t trial) {
  const Eigen::VectorXd values = history.pooled_objectives(trial);
  std::vector<std::string> parts;
  for (std::size_t j = 0; j < history.study().objectives.size(); ++j) {
    parts.push_back(history.study().objectives[j].name + " " + number_text(values[static_cast<Eigen::Index>(j)]));
  }
  return listed(parts);
}

/// "if error counts most": what a marked trial of the front is for.
std::string purpose(const std::vector<std::string>& marks, const std::vector<Objective>& objectives) {
  std::vector<std::string> best;
  for (const Objective& objective : objectives) {
    if (std::find(marks.begin(), marks.end(), "best " + objective.name) != marks.end()) best.push_back(objective.name);
  }
  if (objectives.size() == 1) return "";
  if (best.size() == objectives.size()) return ", which is best in every objective";
  if (best.empty()) return " if all objectives count (the knee of the front)";
  return " if " + listed(best) + (best.size() == 1 ? " counts most" : " count most");
}

std::vector<std::string> take(const StudyRecord& record, const Explanations& explanations) {
  const StudyHistory& history = record.history;
  const std::vector<std::string> names = by_worth(record, explanations);
  std::map<std::uint64_t, std::vector<std::string>> marks;
  std::vector<std::uint64_t> order;
  for (const FrontMark& mark : front_marks(history)) {
    if (!marks.contains(mark.trial)) order.push_back(mark.trial);
    marks[mark.trial].push_back(mark.text);
  }
  std::vector<std::string> sentences;
  for (const std::uint64_t trial : order) {
    const std::string values = configuration_in_words(record, trial, names);
    sentences.push_back("Take trial " + std::to_string(trial) + purpose(marks[trial], history.study().objectives) +
                        ": " + results_in_words(history, trial) + (values.empty() ? "" : "; " + values) + ".");
  }
  return sentences;
}

/// "0.061", or with its factor "0.061 (× 0.8)" where the model sees logarithms.
std::string reached_in_words(double to, const Tuning& tuning) {
  std::string text = in_words(to, std::abs(to - tuning.baseline), tuning);
  if (tuning.is_log) text += " (× " + number_text(to / tuning.baseline, 2) + ")";
  return text;
}

/// "learning_rate from 0.1 to about 0.01, which alone takes it to 0.061"
std::string tuned_in_words(const TunedHyperparameter& one, const Tuning& tuning) {
  std::string text = one.name;
  if (!one.better.is_null() && one.better != one.baseline) {
    text += " from " + value_in_words(one.baseline) + " to " + (one.better.is_number() ? "about " : "") +
            value_in_words(one.better);
  }
  if (one.alone) text += ", which alone takes it to " + reached_in_words(*one.alone, tuning);
  return text;
}

std::string tune_in_words(const ObjectiveExplanation& one, const Objective& objective) {
  const Tuning& tuning = one.tuning;
  const std::string of = "for " + objective.name;
  const std::vector<const TunedHyperparameter*> first = leaders(tuning);
  if (first.empty()) {
    const bool gains = std::any_of(tuning.hyperparameters.begin(), tuning.hyperparameters.end(),
                                   [](const TunedHyperparameter& tuned) { return tuned.value > 0; });
    return (gains ? "Do not tune " + of + " by these trials: no hyperparameter can be told from noise."
                  : "Nothing that is tuned improves " + objective.name + " over the default.");
  }
  std::vector<std::string> parts;
  for (const TunedHyperparameter& tuned : tuning.hyperparameters) {
    if (tuned.verdict != Verdict::tune || !(tuned.value > 0) || parts.size() == most_tuned_named) continue;
    parts.push_back(tuned_in_words(tuned, tuning));
  }
  std::string text = "Tune " + of + ", " + in_words(tuning.baseline, std::abs(tuning.all - tuning.baseline), tuning) +
                     " by default: " + joined(parts, "; ") + "; everything tuned, " +
                     reached_in_words(tuning.all, tuning) + ".";
  if (first.size() > 1) {
    std::vector<std::string> names;
    for (const TunedHyperparameter* leader : first) names.push_back(leader->name);
    text += " These trials do not tell which of " + listed(names) + " matters most.";
  }
  return text;
}

std::vector<std::string> tune(const Explanations& explanations, const std::vector<Objective>& objectives) {
  std::vector<std::string> sentences;
  for (const ObjectiveExplanation& one : explanations.objectives) {
    sentences.push_back(tune_in_words(one, objectives[one.objective]));
  }
  return sentences;
}

/// The hyperparameters of which `holds` is true for every objective, in the order of the first.
template <typename Predicate>
std::vector<std::string> for_every_objective(const Explanations& explanations, Predicate holds) {
  std::vector<std::string> names;
  for (const TunedHyperparameter& first : explanations.objectives.front().tuning.hyperparameters) {
    const bool is_so = std::all_of(
        explanations.objectives.begin(), explanations.objectives.end(), [&](const ObjectiveExplanation& one) {
          const auto& all = one.tuning.hyperparameters;
          const auto same = std::find_if(all.begin(), all.end(), [&](const auto& t) { return t.name == first.name; });
          return same != all.end() && holds(*same);
        });
    if (is_so) names.push_back(first.name);
  }
  return names;
}

std::vector<std::string> leave(const Explanations& explanations) {
  const std::vector<std::string> names = for_every_objective(
      explanations, [](const TunedHyperparameter& tuned) { return tuned.verdict == Verdict::leave; });
  if (names.empty()) return {"No hyperparameter can be left at its default without doubt."};
  std::vector<std::string> parts;
  for (const std::string& name : names) {
    const auto& all = explanations.objectives.front().tuning.hyperparameters;
    const auto one = std::find_if(all.begin(), all.end(), [&](const auto& tuned) { return tuned.name == name; });
    parts.push_back(name + (one->baseline.is_null() ? "" : " = " + value_in_words(one->baseline)));
  }
  return {"Stop tuning " + listed(parts) + ": as far as these trials tell, there is little to gain over " +
          (names.size() == 1 ? "its default." : "their defaults.")};
}

std::vector<std::string> unknown(const Explanations& explanations, const std::vector<Objective>& objectives) {
  std::vector<std::string> sentences;
  const std::vector<std::string> constant = for_every_objective(
      explanations, [](const TunedHyperparameter& tuned) { return tuned.verdict == Verdict::unknown; });
  if (!constant.empty()) {
    sentences.push_back("What " + listed(constant) + (constant.size() == 1 ? " does" : " do") +
                        " is not known, as the trials have one value of " + (constant.size() == 1 ? "it." : "each."));
  }
  const std::vector<std::string> gone = for_every_objective(
      explanations, [](const TunedHyperparameter& tuned) { return tuned.verdict == Verdict::leave; });
  std::vector<std::string> doubtful = for_every_objective(explanations, [](const TunedHyperparameter& tuned) {
    return tuned.verdict == Verdict::leave || tuned.verdict == Verdict::noise;
  });
  std::erase_if(doubtful,
                [&](const std::string& name) { return std::find(gone.begin(), gone.end(), name) != gone.end(); });
  if (!doubtful.empty()) {
    sentences.push_back("Whether " + listed(doubtful) + (doubtful.size() == 1 ? " matters" : " matter") +
                        " cannot be told from noise with these trials.");
  }
  std::set<std::string> pairs;
  for (const ObjectiveExplanation& one : explanations.objectives) {
    const std::string& name = objectives[one.objective].name;
    const double r2 = one.tunability.at("fit").at("leave_one_out_r2").get<double>();
    if (r2 < poor_fit) {
      sentences.push_back("What is said of " + name + " is doubtful: its model predicts left-out trials " +
                          (r2 > 0 ? "poorly" : "no better than their mean") + " (R² " + number_text(r2, 2) + ").");
    }
    for (const ordered_json& pair : one.tunability.value("dependent", ordered_json::array())) {
      pairs.insert(listed(pair.at("players").get<std::vector<std::string>>()));
    }
  }
  for (const std::string& pair : pairs) {
    sentences.push_back("The shares of " + pair + " cannot be told apart, as their values went together.");
  }
  return sentences;
}

}  // namespace

ordered_json learned(const StudyRecord& record, const Explanations& explanations) {
  const StudyHistory& history = record.history;
  ordered_json groups = ordered_json::array();
  if (history.archive().empty()) return groups;
  add(groups, "Result", {front_in_words(history)});
  add(groups, "Which configuration", take(record, explanations));
  if (explanations.objectives.empty() || explanations.objectives.front().tuning.hyperparameters.empty()) return groups;
  add(groups, "What to tune", tune(explanations, history.study().objectives));
  add(groups, "What to leave", leave(explanations));
  add(groups, "What is not known", unknown(explanations, history.study().objectives));
  return groups;
}

}  // namespace hyperego::detail
