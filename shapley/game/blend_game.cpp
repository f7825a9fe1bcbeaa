#include <hyperego/core/error.hpp>
#include <hyperego/shapley/game/blend_game.hpp>
#include <hyperego/shapley/game/detail/blend_legality.hpp>
#include <hyperego/shapley/game/detail/blend_tiles.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego {

struct BlendGame::State {
  State(const BlendPredictor& the_predictor, const Blends& the_blends, const GameOptions& the_options)
      : predictor(&the_predictor),
        blends(&the_blends),
        options(the_options),
        work(the_predictor, the_options.threads, the_options.progress),
        direction(monotone_direction(the_options.kind) < 0 ? -1.0 : 1.0),
        legality(the_blends, work.threads) {}

  // Values of distinct coalitions without held players, ascending.
  std::vector<double> play(std::span<const Coalition> coalitions) {
    predictions += coalitions.size() * blends->number_of_samples();
    if (options.kind == GameKind::sensitivity) {
      detail::BlendMoments moments = detail::blend_moments(*predictor, *blends, legality, coalitions, work);
      note(moments.legal);
      return std::move(moments.variances);
    }
    detail::BestBlends best =
        detail::best_blends(*predictor, *blends, legality, coalitions, direction * options.sign, work);
    note(best.legal);
    const bool joins = options.closed && options.kind != GameKind::ablation;
    for (std::size_t i = 0; i < coalitions.size(); ++i) {
      double& value = best.values[i];
      if (coalitions[i] == 0 && !std::isfinite(value)) {
        throw InvalidInput("baseline", "it is not a legal configuration; choose another");
      }
      if (coalitions[i] != 0 && (best.legal[i] == 0 || joins)) value = std::max(value, direction * baseline);
      value *= direction;
    }
    return std::move(best.values);
  }

  void note(const std::vector<std::uint32_t>& legal) {
    played += legal.size();
    for (const std::uint32_t count : legal) {
      const double share = static_cast<double>(count) / static_cast<double>(blends->number_of_samples());
      lowest = std::min(lowest, share);
      few += share < low_legal_share ? 1 : 0;
      none += count == 0 ? 1 : 0;
    }
  }

  const BlendPredictor* predictor;
  const Blends* blends;
  GameOptions options;
  detail::TileWork work;
  double direction;
  detail::BlendLegality legality;
  double baseline = 0;
  std::uint64_t predictions = 0;
  std::size_t played = 0;
  std::size_t few = 0;
  std::size_t none = 0;
  double lowest = 1;
};

BlendGame::BlendGame(const BlendPredictor& predictor, const Blends& blends, const GameOptions& options) {
  check_game(blends, options);
  if (monotone_direction(options.kind) != 0 && options.maximum == MaximumKind::optimized) {
    throw InvalidInput(
        "maximum",
        "a game under a budget of coalitions samples its maximum; use \"sampled\", or LazyTunability for "
        "single coalitions of the optimized game");
  }
  state_ = std::make_unique<State>(predictor, blends, options);
  const Coalition nobody = 0;
  state_->baseline = state_->play(std::span(&nobody, 1))[0];
}

BlendGame::~BlendGame() = default;
BlendGame::BlendGame(BlendGame&&) noexcept = default;
BlendGame& BlendGame::operator=(BlendGame&&) noexcept = default;

std::vector<double> BlendGame::play(std::span<const Coalition> coalitions) {
  // Ascending, so that neighbours share what a predictor can keep from one to the next; held players make duplicates.
  std::vector<Coalition> distinct(coalitions.begin(), coalitions.end());
  const Coalition everybody = grand_coalition(number_of_players());
  for (Coalition& coalition : distinct) {
    if ((coalition & ~everybody) != 0) {
      throw InvalidInput("coalition", "has players beyond the " + std::to_string(number_of_players()) + " of the game");
    }
    coalition &= ~state_->options.held;
  }
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  const std::vector<double> played = distinct.empty() ? std::vector<double>{} : state_->play(distinct);
  std::vector<double> values;
  values.reserve(coalitions.size());
  for (const Coalition coalition : coalitions) {
    const auto place = std::lower_bound(distinct.begin(), distinct.end(), coalition & ~state_->options.held);
    values.push_back(played[static_cast<std::size_t>(place - distinct.begin())]);
  }
  return values;
}

CoalitionFunction BlendGame::function() {
  return [this](std::span<const Coalition> coalitions) { return play(coalitions); };
}

int BlendGame::number_of_players() const { return state_->blends->number_of_players(); }
double BlendGame::empty() const { return state_->baseline; }
std::size_t BlendGame::played() const { return state_->played; }
std::uint64_t BlendGame::predictions() const { return state_->predictions; }
double BlendGame::lowest_legal_share() const { return state_->lowest; }

std::vector<std::string> BlendGame::statuses() const {
  std::vector<std::string> statuses;
  const State& state = *state_;
  const std::string of_played = " of " + std::to_string(state.played) + " coalitions played ";
  if (state.options.closed && monotone_direction(state.options.kind) != 0) {
    statuses.emplace_back(
        "the baseline is among the candidates, but v is not closed over subsets, as only some coalitions are played: a "
        "coalition may score below one of its subsets");
  }
  if (state.few > 0) statuses.push_back(std::to_string(state.few) + of_played + "have fewer than 5 % legal samples");
  if (state.none > 0) {
    statuses.push_back(std::to_string(state.none) + of_played + "have no legal sample at all; " +
                       (state.options.kind == GameKind::sensitivity ? "their variance counts as 0"
                                                                    : "they take the value of the baseline"));
  }
  for (int p = 0; p < number_of_players(); ++p) {
    if (!contains(state.options.held, p)) continue;
    statuses.push_back(state.blends->space()[state.blends->players()[static_cast<std::size_t>(p)]].name +
                       " is held at the baseline because it never varied; its importance is not known");
  }
  return statuses;
}

}  // namespace hyperego
