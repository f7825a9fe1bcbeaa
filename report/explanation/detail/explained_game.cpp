#include <hyperego/core/number_text.hpp>
#include <hyperego/report/explanation/detail/explained_game.hpp>

#include <cmath>
#include <utility>

namespace hyperego::detail {
namespace {

/// Whether the value of a player has the sign of monotone_direction(): gains of growing coalitions, averaged.
bool has_one_sign(const ExplainOptions& options) {
  return (options.index == InteractionIndex::sv || options.index == InteractionIndex::bv) &&
         options.aggregate != GameAggregate::variance;
}

double scale_of(const ExplainedGame& game) { return std::abs(game.full) + std::abs(game.full - game.empty); }

}  // namespace

ExplainedGame explained_game(GameTable table, const ExplainOptions& options) {
  ExplainedGame game;
  game.values = interaction_values(table.values, options.index, *options.order);
  game.empty = table.empty();
  game.full = table.full();
  game.legal_share = table.lowest_legal_share();
  game.coalitions = table.values.size();
  game.table = std::move(table);
  clean(game, options);
  return game;
}

double cleaned(double value, const ExplainedGame& game, const ExplainOptions& options) {
  const double result = without_rounding_noise(value, scale_of(game));
  const bool is_exact = !game.estimate || game.estimate->exact;
  const bool has_wrong_sign = is_exact && has_one_sign(options) && result * monotone_direction(options.game) < 0;
  return has_wrong_sign ? 0.0 : result;
}

void clean(ExplainedGame& game, const ExplainOptions& options) {
  InteractionValues& values = game.values;
  for (std::size_t i = 0; i < values.interactions.size(); ++i) {
    const bool is_held = (values.interactions[i] & game.table.held) != 0;  // changes nothing in any coalition
    values.values[i] = is_held ? 0.0 : cleaned(values.values[i], game, options);
  }
  const double scale = scale_of(game);
  game.empty = without_rounding_noise(game.empty, scale);
  game.full = without_rounding_noise(game.full, scale);
}

}  // namespace hyperego::detail
