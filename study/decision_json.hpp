#pragma once

#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>

namespace hyperego {

/// A line of decisions.jsonl. Always there: "trial", "phase", "threshold", "weights", "baseline", "shapley", "game",
/// "free", "frozen", "reason", "predicted", "acquisition"; where there is something to say also "bounds",
/// "preference", "feasibility", "prior", "fidelity", "notes" and "surrogate".
[[nodiscard]] nlohmann::ordered_json to_json(const Decision& decision, const SearchSpace& space);

/// The id under which the value table of a decision's game is stored.
[[nodiscard]] std::string game_id(std::uint64_t trial);

/// A line of games.jsonl: {"id", "n", "players": [names], "values": […]}; where not all 2^n coalitions in ascending
/// order were played also "coalitions" with the bitmask of each value. Null for a decision without a game.
[[nodiscard]] nlohmann::ordered_json game_to_json(const Decision& decision, const SearchSpace& space);

/// Whether what comes back from a file has the types that those above have where others rely on them.
/// @throws InvalidInput naming the member that has another.
void check_decision(const JsonReader& decision);
void check_game(const JsonReader& game);

}  // namespace hyperego
