#include <hyperego/core/error.hpp>
#include <hyperego/shapley/game/detail/blend_tiles.hpp>
#include <hyperego/shapley/game/detail/coalition_maximiser.hpp>
#include <hyperego/shapley/game/lazy_tunability.hpp>

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

namespace hyperego {

struct LazyTunability::State {
  State(const BlendPredictor& the_predictor, const Blends& the_blends, const LazyTunabilityOptions& the_options)
      : predictor(&the_predictor),
        blends(&the_blends),
        options(the_options),
        maximiser(the_predictor, the_blends, the_options.sign, the_options.seed, the_options.search) {}

  detail::Candidate& play(Coalition coalition) {
    const auto found = known.find(coalition);
    if (found != known.end()) return found->second;
    detail::Candidate best = search(coalition);
    for (auto& [other, candidate] : known) {
      if ((coalition & ~other) == 0 && candidate.value < best.value) candidate = best;
    }
    played.push_back(coalition);
    return known.emplace(coalition, std::move(best)).first->second;
  }

  detail::Candidate search(Coalition coalition) {
    detail::Candidate best = best_known_subset(coalition);
    const double inherited = best.value;
    const auto climb_from = [&](detail::Candidate start) {
      detail::Candidate top = maximiser.climb(coalition, std::move(start), least_gain, predictions);
      if (top.value > best.value) best = std::move(top);
    };
    climb_from(best);
    const detail::BestBlends sampled =
        detail::best_blends(*predictor, *blends, std::span(&coalition, 1), options.sign, {*predictor, options.threads});
    predictions += blends->number_of_samples();
    if (sampled.legal[0] > 0) {
      detail::Candidate start{
          .configuration = blends->blend(sampled.samples[0], coalition), .value = sampled.values[0], .gradient = {}};
      if (maximiser.admissible(start.configuration, coalition)) climb_from(std::move(start));
    }
    std::vector<const detail::Candidate*> above;
    for (const Coalition other : played) {
      if (other != coalition && (coalition & ~other) == 0) above.push_back(&known.at(other));
    }
    const auto projection = maximiser.best_projection(coalition, above, best.configuration, predictions);
    if (projection && projection->value > best.value + least_gain) climb_from(*projection);
    return best.value > inherited ? best : best_known_subset(coalition);
  }

  [[nodiscard]] const detail::Candidate& best_known_subset(Coalition coalition) const {
    const detail::Candidate* best = &known.at(0);
    for (const Coalition other : played) {  // in order of play, so that ties do not depend on hashing
      if ((other & ~coalition) == 0 && known.at(other).value > best->value) best = &known.at(other);
    }
    return *best;
  }

  const BlendPredictor* predictor;
  const Blends* blends;
  LazyTunabilityOptions options;
  detail::CoalitionMaximiser maximiser;
  std::unordered_map<Coalition, detail::Candidate> known;
  std::vector<Coalition> played;
  std::uint64_t predictions = 0;
  double least_gain = 0;
};

void LazyTunabilityOptions::validate() const {
  if (sign != 1 && sign != -1) throw InvalidInput("sign", "it must be 1 or -1");
  if (threads < 0) throw InvalidInput("threads", "it must not be negative; 0 leaves the choice to OpenMP");
  search.validate();
}

LazyTunability::LazyTunability(const BlendPredictor& predictor, const Blends& blends,
                               const LazyTunabilityOptions& options) {
  options.validate();
  if (blends.number_of_players() == 0 || blends.number_of_samples() == 0) {
    throw InvalidInput("blends", "a game needs at least one player and one sample");
  }
  if (blends.treatment() == BlendTreatment::ignore) {
    throw InvalidInput("treatment",
                       "\"ignore\" scores illegal blends and exists for sampled games only; use \"repair\"");
  }
  state_ = std::make_unique<State>(predictor, blends, options);
  State& state = *state_;
  const double baseline = state.maximiser.value(blends.baseline());
  ++state.predictions;
  state.known.emplace(0, detail::Candidate{.configuration = blends.baseline(), .value = baseline, .gradient = {}});
  state.played.push_back(0);
  const Coalition all = grand_coalition(blends.number_of_players());
  const detail::BestBlends sampled =
      detail::best_blends(predictor, blends, std::span(&all, 1), options.sign, {predictor, options.threads});
  const double range = sampled.legal[0] > 0 ? std::max(0.0, sampled.values[0] - baseline) : 0;
  state.least_gain = std::max(options.search.relative_gain * range, 1e-13 * std::abs(baseline));
  state.play(all);
}

LazyTunability::~LazyTunability() = default;
LazyTunability::LazyTunability(LazyTunability&&) noexcept = default;
LazyTunability& LazyTunability::operator=(LazyTunability&&) noexcept = default;

double LazyTunability::value(Coalition coalition) { return state_->play(coalition).value; }
const Configuration& LazyTunability::maximiser(Coalition coalition) { return state_->play(coalition).configuration; }
double LazyTunability::empty() const { return state_->known.at(0).value; }
double LazyTunability::full() const { return state_->known.at(grand_coalition(number_of_players())).value; }
int LazyTunability::number_of_players() const { return state_->blends->number_of_players(); }
const std::vector<Coalition>& LazyTunability::played() const { return state_->played; }
std::uint64_t LazyTunability::predictions() const { return state_->predictions; }

}  // namespace hyperego
