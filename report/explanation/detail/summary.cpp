#include <hyperego/core/number_text.hpp>
#include <hyperego/report/explanation/detail/summary.hpp>
#include <hyperego/report/explanation/detail/verdict.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t most_named = 4;

struct Player : Ranked {
  std::string name;
  Verdict verdict = Verdict::unknown;
};

/// The most valuable first.
std::vector<Player> players_of(const ordered_json& json) {
  std::vector<Player> players;
  const ordered_json& intervals = json.at("intervals");
  double total = 0;
  for (const auto& [name, value] : json.at("values").items())
    total += value.is_null() ? 0 : std::abs(value.get<double>());
  for (const ordered_json& element : json.at("players")) {
    Player player{{}, element.get<std::string>()};
    const ordered_json& value = json.at("values").at(player.name);
    if (!value.is_null()) {
      player.value = player.low = player.high = value.get<double>();
      if (intervals.contains("model")) {
        player.low = intervals.at("model").at(player.name).at(0).get<double>();
        player.high = intervals.at("model").at(player.name).at(1).get<double>();
      }
      std::optional<double> p;
      if (json.contains("p_values")) p = json.at("p_values").at(player.name).get<double>();
      player.verdict = verdict_of(player.value, total, p);
    }
    players.push_back(std::move(player));
  }
  std::stable_sort(players.begin(), players.end(),
                   [](const Player& a, const Player& b) { return std::abs(a.value) > std::abs(b.value); });
  return players;
}

std::vector<std::string> names_with(const std::vector<Player>& players, Verdict verdict) {
  std::vector<std::string> names;
  for (const Player& player : players) {
    if (player.verdict == verdict) names.push_back(player.name);
  }
  return names;
}

std::string listed(const std::vector<std::string>& names, const char* last) {
  std::string text;
  const std::size_t shown = std::min(names.size(), most_named);
  for (std::size_t k = 0; k < shown; ++k) {
    if (k > 0) text += k + 1 == names.size() ? std::string(" ") + last + " " : ", ";
    text += names[k];
  }
  if (names.size() > shown) text += " and " + std::to_string(names.size() - shown) + " more";
  return text;
}

/// What tuning one hyperparameter alone is predicted to do, in the objective's own unit.
std::string own_unit_text(const ordered_json& json, const std::string& name) {
  if (json.at("game") != "tunability" || !json.contains("own_unit") || !json.at("own_unit").contains("alone"))
    return "";
  const ordered_json& unit = json.at("own_unit");
  if (!unit.at("alone").contains(name)) return "";
  const auto from = unit.at("baseline").get<double>();
  const auto to = unit.at("alone").at(name).get<double>();
  const bool is_log = json.at("target").contains("scale");
  const auto shown = [&](double value) {
    return is_log ? number_text(value, 3) : number_text_within(value, std::abs(to - from));
  };
  return " (" + json.at("target").at("objective").get<std::string>() + " " + shown(from) + " → " + shown(to) +
         " when it alone is tuned)";
}

/// Names of the leaders among players that can be told from noise.
std::vector<std::string> leaders_among(const std::vector<Player>& sure) {
  std::vector<std::string> leaders;
  for (const std::size_t k : leaders_among(std::vector<Ranked>(sure.begin(), sure.end()))) {
    leaders.push_back(sure[k].name);
  }
  return leaders;
}

std::string leaders_text(const ordered_json& json, const std::vector<Player>& sure) {
  const std::vector<std::string> leaders = leaders_among(sure);
  if (leaders.size() == 1) return leaders.front() + " matters most" + own_unit_text(json, leaders.front());
  if (!json.at("intervals").contains("model")) return listed(leaders, "and") + " matter most, equally";
  return listed(leaders, "or") + " matters most; these trials do not tell which";
}

}  // namespace

std::vector<std::string> leaders_of(const ordered_json& json) {
  std::vector<Player> sure = players_of(json);
  std::erase_if(sure, [](const Player& player) {
    return player.verdict == Verdict::unknown || player.verdict == Verdict::noise || player.value == 0;
  });
  return leaders_among(sure);
}

std::string summary_of(const ordered_json& json) {
  const bool is_aggregate = json.contains("studies") && json.at("studies") > 1;
  if (json.at("order") != 1 || is_aggregate || json.at("game") == "optimizer_bias") return "";
  const std::vector<Player> players = players_of(json);
  std::vector<Player> sure = players;
  std::erase_if(sure, [](const Player& player) { return player.verdict != Verdict::tune; });
  const std::vector<std::string> small = names_with(players, Verdict::leave);
  const std::vector<std::string> doubtful = names_with(players, Verdict::noise);
  const std::vector<std::string> unknown = names_with(players, Verdict::unknown);
  const bool is_gain = std::any_of(players.begin(), players.end(), [](const Player& one) { return one.value != 0; });
  std::string text;
  if (!is_gain) {
    text = "Nothing is gained";
  } else if (sure.empty()) {
    text = "With these trials no hyperparameter " + std::string(small.empty() ? "" : "that gains much ") +
           "can be told from noise";
  } else {
    text = leaders_text(json, sure);
  }
  text += ".";
  if (!small.empty()) text += " Little to gain from " + listed(small, "and") + ".";
  if (!doubtful.empty() && !sure.empty()) text += " Not told from noise: " + listed(doubtful, "and") + ".";
  if (json.contains("extrapolated") && is_gain) {
    text += " What is gained from the baseline is extrapolated, as it lies outside of the trials.";
  }
  if (!unknown.empty()) text += " Not known, as it never varied: " + listed(unknown, "and") + ".";
  return text;
}

}  // namespace hyperego::detail
