#pragma once

#include <hyperego/moo/decision/suggestion.hpp>
#include <hyperego/moo/search/model_store.hpp>
#include <hyperego/moo/search/search_state.hpp>
#include <hyperego/moo/search/slice_chooser.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace hyperego {

/// One kind of trial.
class Turn {
 public:
  virtual ~Turn() = default;

  /// `draft`, which has its number and the domain's free hyperparameters, with a configuration and the reasons for it;
  /// nothing where the trial is not of this kind, or this kind has nothing to offer.
  [[nodiscard]] virtual std::optional<Suggestion> propose(Suggestion draft) = 0;
};

/// What turns work with. All of it must outlive them.
struct TurnParts {
  const SearchState& state;
  ModelStore& models;
  SliceChooser& slices;
};

/// Every kind of trial, in the order in which they are asked: the first that proposes something has the trial.
[[nodiscard]] std::vector<std::unique_ptr<Turn>> turns_in_order(const TurnParts& parts);

/// The next point of the initial design.
[[nodiscard]] std::unique_ptr<Turn> initial_turn(const TurnParts& parts);
/// Where it is asked for (ParEgoOptions::fidelity): every trial, by asynchronous Hyperband.
[[nodiscard]] std::unique_ptr<Turn> hyperband_turn(const TurnParts& parts);
/// Where there are fidelities: the first full evaluations, of the best configurations of the initial design.
[[nodiscard]] std::unique_ptr<Turn> first_promotions_turn(const TurnParts& parts);
/// A uniform draw while too few trials have completed for a model.
[[nodiscard]] std::unique_ptr<Turn> few_trials_turn(const TurnParts& parts);
/// A member of the front once more, the one with the fewest trials (ParEgoOptions::repeats).
[[nodiscard]] std::unique_ptr<Turn> repeat_turn(const TurnParts& parts);
/// A uniform draw (ParEgoOptions::random_share).
[[nodiscard]] std::unique_ptr<Turn> random_share_turn(const TurnParts& parts);
/// What narrows the importance of hyperparameters most (ParEgoOptions::explain_share).
[[nodiscard]] std::unique_ptr<Turn> explain_turn(const TurnParts& parts);
/// The largest expected hypervolume improvement (ParEgoOptions::hypervolume_share).
[[nodiscard]] std::unique_ptr<Turn> hypervolume_turn(const TurnParts& parts);
/// The largest expected improvement of the next weight vector.
[[nodiscard]] std::unique_ptr<Turn> weights_turn(const TurnParts& parts);

}  // namespace hyperego
