#include <hyperego/shapley/game/game_table.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace hyperego {

double GameTable::legal_share(Coalition coalition) const {
  if (legal.empty() || samples == 0) return 1;
  return static_cast<double>(legal[coalition]) / static_cast<double>(samples);
}

double GameTable::lowest_legal_share() const {
  if (legal.empty() || samples == 0) return 1;
  return static_cast<double>(*std::min_element(legal.begin(), legal.end())) / static_cast<double>(samples);
}

std::vector<double> GameTable::normalised() const {
  std::vector<double> gains(values.size());
  std::transform(values.begin(), values.end(), gains.begin(), [&](double v) { return v - values.front(); });
  return gains;
}

std::string GameTable::brief() const {
  char numbers[96];
  std::snprintf(numbers, sizeof numbers, "v(empty) = %.6g, v(all) = %.6g", empty(), full());
  return std::string(to_string(kind)) + " game of " + std::to_string(players.size()) + " players, " + numbers + ", " +
         std::to_string(samples) + " samples, " + std::to_string(predictions) + " predictions" +
         (statuses.empty() ? "" : ", " + std::to_string(statuses.size()) + " warnings");
}

nlohmann::ordered_json GameTable::to_json() const {
  nlohmann::ordered_json json;
  json["game"] = to_string(kind);
  if (monotone_direction(kind) != 0) json["maximum"] = to_string(maximum);
  json["treatment"] = to_string(treatment);
  json["closed"] = closed;
  json["sign"] = sign;
  json["n"] = players.size();
  json["players"] = players;
  json["values"] = values;
  json["samples"] = samples;
  json["legal"] = legal;
  json["without_legal_sample"] = without_legal_sample;
  json["held"] = held;
  json["seed"] = seed;
  json["predictions"] = predictions;
  json["statuses"] = statuses;
  return json;
}

std::string describe(Coalition coalition, const std::vector<std::string>& players) {
  std::string text = "{";
  for (std::size_t i = 0; i < players.size(); ++i) {
    if (!contains(coalition, static_cast<int>(i))) continue;
    if (text.size() > 1) text += ", ";
    text += players[i];
  }
  return text + "}";
}

void close_over_subsets(std::vector<double>& values, int direction, std::vector<Coalition>* origin) {
  for (std::size_t bit = 1; bit < values.size(); bit <<= 1U) {
    for (std::size_t s = 0; s < values.size(); ++s) {
      if ((s & bit) == 0) continue;
      const std::size_t subset = s ^ bit;
      const bool better = direction >= 0 ? values[subset] > values[s] : values[subset] < values[s];
      if (!better) continue;
      values[s] = values[subset];
      if (origin != nullptr) (*origin)[s] = (*origin)[subset];
    }
  }
}

}  // namespace hyperego
