#include <hyperego/study/decision_json.hpp>

#include <nlohmann/json.hpp>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

ordered_json json_of(const Eigen::VectorXd& values) {
  ordered_json json = ordered_json::array();
  for (const double value : values) json.push_back(value);
  return json;
}

template <typename Indices>
ordered_json names_of(const Indices& indices, const SearchSpace& space) {
  ordered_json json = ordered_json::array();
  for (const std::size_t i : indices) json.push_back(space[i].name);
  return json;
}

/// Conditional hyperparameters may be frozen at values that do not go together, so this is no configuration.
ordered_json frozen_values(const Configuration& frozen, const SearchSpace& space) {
  ordered_json json = ordered_json::object();
  for (std::size_t i = 0; i < frozen.size(); ++i) {
    if (frozen.is_set(i)) json[space[i].name] = to_json(space[i].value_of(frozen[i]));
  }
  return json;
}

ordered_json shares_of(const std::map<std::size_t, double>& shares, const SearchSpace& space) {
  ordered_json json = ordered_json::object();
  for (const auto& [i, share] : shares) json[space[i].name] = share;
  return json;
}

bool is_complete(const Decision::Game& game) {
  if (game.players.size() > 62 || game.coalitions.size() != std::size_t{1} << game.players.size()) return false;
  for (std::size_t i = 0; i < game.coalitions.size(); ++i) {
    if (game.coalitions[i] != i) return false;
  }
  return true;
}

/// What is not finite is written as null. Without a reader for every element: games are large.
void check_numbers(const JsonReader& numbers) {
  if (!numbers.is_array()) numbers.fail("expected an array of numbers");
  for (const ordered_json& value : numbers.json()) {
    if (!value.is_number() && !value.is_null()) numbers.fail("holds something that is no number");
  }
}

}  // namespace

std::string game_id(std::uint64_t trial) { return "game-" + std::to_string(trial); }

ordered_json to_json(const Decision& decision, const SearchSpace& space) {
  ordered_json json{{"trial", decision.trial},
                    {"phase", std::string(to_string(decision.phase))},
                    {"threshold", decision.threshold},
                    {"weights", json_of(decision.weights)},
                    {"baseline", decision.baseline ? space.to_json(*decision.baseline) : ordered_json(nullptr)}};
  json["shapley"] = ordered_json::object();
  for (const auto& [hyperparameter, value] : decision.shapley) json["shapley"][space[hyperparameter].name] = value;
  if (!decision.importance.empty()) {
    json["importance"] = shares_of(decision.importance, space);
    json["effective_dimension"] = decision.effective_dimension;
    if (decision.agreement) json["agreement"] = *decision.agreement;
  }
  if (decision.freezing) {
    json["freezing"] = ordered_json::object();
    if (decision.freezing->kept) json["freezing"]["kept"] = *decision.freezing->kept;
    if (!decision.freezing->without.empty()) json["freezing"]["without"] = shares_of(decision.freezing->without, space);
  }
  json["game"] = decision.game ? ordered_json(game_id(decision.trial)) : ordered_json(nullptr);
  json["free"] = names_of(decision.free, space);
  json["frozen"] = frozen_values(decision.frozen, space);
  json["reason"] = decision.reason;
  json["predicted"] = nullptr;
  if (decision.scalarised) {
    json["predicted"] = {{"mean", decision.scalarised->mean}, {"std", decision.scalarised->standard_deviation}};
  }
  json["acquisition"] = decision.acquisition ? ordered_json(*decision.acquisition) : ordered_json(nullptr);
  if (decision.feasibility) json["feasibility"] = *decision.feasibility;
  if (decision.prior) json["prior"] = *decision.prior;
  if (decision.fidelity) {
    json["fidelity"] = {{"value", decision.fidelity->value},
                        {"cost", decision.fidelity->cost},
                        {"correlation", decision.fidelity->correlation},
                        {"information_per_cost", decision.fidelity->information_per_cost},
                        {"reason", decision.fidelity->reason}};
  }
  if (decision.preference) {
    json["preference"] = {{"lowest", json_of(decision.preference->lowest)},
                          {"highest", json_of(decision.preference->highest)}};
  }
  if (decision.ideal.size() > 0) {
    json["bounds"] = {{"ideal", json_of(decision.ideal)}, {"nadir", json_of(decision.nadir)}};
  }
  if (!decision.notes.empty()) json["notes"] = decision.notes;
  if (decision.surrogate) json["surrogate"] = *decision.surrogate;
  return json;
}

ordered_json game_to_json(const Decision& decision, const SearchSpace& space) {
  if (!decision.game) return nullptr;
  const Decision::Game& game = *decision.game;
  ordered_json json{
      {"id", game_id(decision.trial)}, {"n", game.players.size()}, {"players", names_of(game.players, space)}};
  if (!is_complete(game)) json["coalitions"] = game.coalitions;
  json["values"] = game.values;
  return json;
}

void check_decision(const JsonReader& decision) {
  for (const char* name : {"phase", "reason"}) (void)decision.member(name).string();
  for (const char* name : {"shapley", "frozen"}) {
    if (!decision.member(name).is_object()) decision.member(name).fail("expected an object");
  }
  check_numbers(decision.member("weights"));
  (void)decision.member("free").strings();
}

void check_game(const JsonReader& game) {
  if (game.is_null()) return;
  (void)game.member("id").string();
  const std::size_t players = game.member("players").strings().size();
  if (game.member("n").integer() != static_cast<std::int64_t>(players)) game.member("n").fail("is not that of players");
  check_numbers(game.member("values"));
  if (const auto coalitions = game.find("coalitions")) check_numbers(*coalitions);
}

}  // namespace hyperego
