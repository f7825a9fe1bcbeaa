#include <hyperego/core/error.hpp>
#include <hyperego/shapley/game/game_kind.hpp>

#include <array>
#include <string>
#include <string_view>

namespace hyperego {
namespace {

constexpr std::array<std::string_view, 5> game_names{"ablation", "sensitivity", "tunability", "mistunability",
                                                     "optimizer_bias"};
constexpr std::array<std::string_view, 2> maximum_names{"sampled", "optimized"};

template <typename Kind, std::size_t size>
Kind named(std::string_view text, const std::array<std::string_view, size>& names, const std::string& where,
           const char* what) {
  std::string known;
  for (std::size_t i = 0; i < size; ++i) {
    if (text == names[i]) return static_cast<Kind>(i);
    known += (i == 0 ? "" : i + 1 == size ? " or " : ", ") + std::string(names[i]);
  }
  throw InvalidInput(where,
                     "\"" + std::string(text) + "\" is no " + what + "; expected " + known + did_you_mean(text, names));
}

}  // namespace

std::string_view to_string(GameKind kind) { return game_names[static_cast<std::size_t>(kind)]; }
std::string_view to_string(MaximumKind maximum) { return maximum_names[static_cast<std::size_t>(maximum)]; }

GameKind game_kind_from(std::string_view text, const std::string& where) {
  return named<GameKind>(text, game_names, where, "game");
}

MaximumKind maximum_kind_from(std::string_view text, const std::string& where) {
  return named<MaximumKind>(text, maximum_names, where, "way to take the maximum");
}

int monotone_direction(GameKind kind) {
  if (kind == GameKind::tunability) return 1;
  return kind == GameKind::mistunability ? -1 : 0;
}

}  // namespace hyperego
