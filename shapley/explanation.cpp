#include <hyperego/core/error.hpp>
#include <hyperego/shapley/explanation.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace hyperego {
namespace {

/// Interactions with a held player are 0 by construction; sums of rounded terms must not say otherwise.
void clear_held(InteractionValues& interactions, Coalition held) {
  for (std::size_t i = 0; i < interactions.values.size(); ++i) {
    if ((interactions.interactions[i] & held) != 0) interactions.values[i] = 0;
  }
}

}  // namespace

std::string interaction_name(Coalition interaction, std::span<const std::string> players) {
  std::string name;
  for (std::size_t p = 0; p < players.size(); ++p) {
    if (contains(interaction, static_cast<int>(p))) name += (name.empty() ? "" : ",") + players[p];
  }
  return name;
}

Explanation explain(GameTable game, std::shared_ptr<const SearchSpace> space, Configuration baseline,
                    InteractionIndex index, int order) {
  Explanation explanation;
  std::vector<std::string> players;
  for (std::size_t i = 0; i < space->size(); ++i) {
    const std::string& name = (*space)[i].name;
    if (std::binary_search(space->searched().begin(), space->searched().end(), i)) {
      players.push_back(name);
    } else {
      explanation.constants.push_back(name);
    }
  }
  if (players != game.players) {
    throw InvalidInput("game",
                       "its players are not the searched hyperparameters of the space; pass the game's own space");
  }
  explanation.interactions = interaction_values(game.normalised(), index, order);
  clear_held(explanation.interactions, game.held);
  explanation.statuses = game.statuses;
  for (const std::string& name : explanation.constants) {
    explanation.statuses.push_back(name + " can take one value only; it is no player and its importance is not known");
  }
  explanation.game = std::move(game);
  explanation.space = std::move(space);
  explanation.baseline = std::move(baseline);
  return explanation;
}

Explanation explain(const BlendPredictor& predictor, const Blends& blends, const GameOptions& options,
                    InteractionIndex index, int order) {
  check_order(index, order, blends.number_of_players());
  return explain(play_game(predictor, blends, options), blends.shared_space(), blends.baseline(), index, order);
}

std::string Explanation::brief() const {
  std::size_t best = 0;
  for (std::size_t i = 0; i < interactions.values.size(); ++i) {
    if (size_of(interactions.interactions[i]) == 1 && interactions.values[i] > interactions.values[best]) best = i;
  }
  return game.brief() + "; most important: " + interaction_name(interactions.interactions[best], game.players);
}

nlohmann::ordered_json Explanation::to_json() const {
  nlohmann::ordered_json json;
  json["game"] = to_string(game.kind);
  json["index"] = to_string(interactions.index);
  json["order"] = interactions.order;
  json["players"] = game.players;
  json["baseline"] = space->to_json(baseline);
  nlohmann::ordered_json& values = json["values"] = nlohmann::ordered_json::object();
  bool constants_written = constants.empty();
  const auto write_constants = [&] {
    for (const std::string& name : constants) values[name] = 0.0;
    constants_written = true;
  };
  for (std::size_t i = 0; i < interactions.values.size(); ++i) {
    if (!constants_written && size_of(interactions.interactions[i]) > 1) write_constants();
    values[interaction_name(interactions.interactions[i], game.players)] = interactions.values[i];
  }
  if (!constants_written) write_constants();
  json["empty"] = game.empty();
  json["full"] = game.full();
  json["coalitions"] = game.values.size();
  json["legal_share"] = game.lowest_legal_share();
  if (monotone_direction(game.kind) != 0) json["maximum"] = to_string(game.maximum);
  json["samples"] = game.samples;
  json["statuses"] = statuses;
  json["seed"] = game.seed;
  return json;
}

}  // namespace hyperego
