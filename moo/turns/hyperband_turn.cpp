#include <hyperego/core/rng.hpp>
#include <hyperego/moo/fidelity/prior_band.hpp>
#include <hyperego/moo/fidelity/rungs.hpp>
#include <hyperego/moo/front/pareto.hpp>
#include <hyperego/moo/search/fidelity_choice.hpp>
#include <hyperego/moo/turns/turn.hpp>

#include <cmath>
#include <string>
#include <utility>

namespace hyperego {
namespace {

/// Asynchronous Hyperband: promotions where there are any, else a new configuration in PriorBand's proportions. What it
/// does is a function of the trials and the seed alone, so there is nothing to remember.
class HyperbandTurn final : public Turn {
 public:
  explicit HyperbandTurn(const SearchState& state) : state_(state) {
    if (is_asked_for()) {
      rungs_ = rungs_of(*state_.partial.fidelity(), state_.options.eta);
      shares_ = starting_shares(rungs_.size(), state_.options.eta);
    }
  }

  std::optional<Suggestion> propose(Suggestion draft) override {
    if (!is_asked_for()) return std::nullopt;
    if (auto promotion = next_promotion(state_.partial, rungs_, state_.options.eta, state_.options.regularize)) {
      draft.configuration = std::move(promotion->configuration);
      draft.decision.phase = Decision::Phase::promotion;
      draft.decision.reason = "number " + std::to_string(promotion->place + 1) + " of " +
                              std::to_string(promotion->competitors) + " at the rung below, by fronts and crowding";
      set_fidelity(state_, rungs_[promotion->rung], rung_text(promotion->rung), draft);
      return draft;
    }
    Rng rng(state_.problem.seed, "hyperband", draft.trial);
    const std::size_t rung = starting_rung(rng);
    if (!place_new(rung, rng, draft)) return std::nullopt;
    set_fidelity(state_, rungs_[rung], rung_text(rung), draft);
    return draft;
  }

 private:
  [[nodiscard]] bool is_asked_for() const {
    return state_.has_fidelities() && state_.options.fidelity == ParEgoOptions::Fidelities::hyperband;
  }

  [[nodiscard]] std::string rung_text(std::size_t rung) const {
    return "rung " + std::to_string(rung + 1) + " of " + std::to_string(rungs_.size());
  }

  [[nodiscard]] std::size_t starting_rung(Rng& rng) const {
    double left = rng.uniform();
    for (Eigen::Index r = 0; r < shares_.size(); ++r) {
      left -= shares_[r];
      if (left < 0) return static_cast<std::size_t>(r);
    }
    return 0;
  }

  /// Of one bracket that starts at the lowest rung: what is to be spent before incumbents are believed.
  [[nodiscard]] double cost_of_bracket() const {
    double cost = 0;
    double configurations = std::pow(state_.options.eta, static_cast<double>(rungs_.size() - 1));
    for (const double rung : rungs_) {
      cost += configurations * state_.partial.cost(rung, nullptr);
      configurations /= state_.options.eta;
    }
    return cost;
  }

  [[nodiscard]] std::vector<Configuration> incumbents() const {
    if (state_.history.completed().empty() || state_.partial.spent() < cost_of_bracket()) return {};
    return state_.front_members(state_.history.minimised());
  }

  bool place_new(std::size_t rung, Rng& rng, Suggestion& draft) const {
    using Phase = Decision::Phase;
    const auto take = [&](Configuration configuration, Phase phase, std::string reason) {
      draft.configuration = std::move(configuration);
      draft.decision.phase = phase;
      draft.decision.reason = std::move(reason);
      return true;
    };
    for (const Configuration& planned : planned_) {
      if (!state_.history.seen(planned)) return take(planned, Phase::initial, "given, or the default");
    }
    const std::vector<Configuration> front = incumbents();
    const ExpertPrior* prior = state_.prior ? &*state_.prior : nullptr;
    const PriorBandShares shares =
        prior_band_shares(rung, state_.options.eta, *state_.problem.space, prior, front, front);
    const double source = rng.uniform();
    constexpr int attempts = 100;
    for (int attempt = 0; attempt < attempts && source >= shares.uniform; ++attempt) {
      const bool around = source >= shares.uniform + shares.prior;
      const Configuration drawn = around ? mutated(state_.domain, front[rng.below(front.size())], rng) : believed(rng);
      if (state_.problem.space->is_forbidden(drawn) || state_.history.seen(drawn)) continue;
      return around ? take(drawn, Phase::offspring, "a member of the front, changed at random")
                    : take(drawn, Phase::random, "drawn from the expert's prior");
    }
    const auto drawn = draw_unseen(state_.domain, state_.history, rng);
    return drawn && take(*drawn, Phase::random, "drawn uniformly");
  }

  [[nodiscard]] Configuration believed(Rng& rng) const {
    Eigen::VectorXd uniform(static_cast<Eigen::Index>(state_.problem.space->size()));
    for (double& u : uniform) u = rng.uniform();
    return state_.domain.decode(state_.prior->quantile(uniform));
  }

  [[nodiscard]] std::vector<Configuration> planned() const {
    std::vector<Configuration> configurations;
    for (const Configuration& given : state_.problem.initial_configurations) {
      configurations.push_back(state_.domain.project(given));
    }
    Configuration usual = state_.domain.project(state_.problem.space->default_configuration());
    if (!state_.problem.space->is_forbidden(usual)) configurations.push_back(std::move(usual));
    return configurations;
  }

  const SearchState& state_;
  std::vector<double> rungs_;
  Eigen::VectorXd shares_;
  std::vector<Configuration> planned_ = planned();
};

}  // namespace

std::unique_ptr<Turn> hyperband_turn(const TurnParts& parts) { return std::make_unique<HyperbandTurn>(parts.state); }

}  // namespace hyperego
