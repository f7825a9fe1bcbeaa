#pragma once

#include <hyperego/core/slice.hpp>
#include <hyperego/moo/search/freezing_options.hpp>
#include <hyperego/moo/search/game_slices.hpp>
#include <hyperego/moo/search/search_state.hpp>
#include <hyperego/moo/search/slice_chooser.hpp>

#include <optional>

namespace hyperego {

/// Searches the full space and then freezes what of the place found is not worth changing (moo/search/reversion.hpp):
/// against the incumbent of a weight vector, and in the hypervolume phase the front member that needs the fewest
/// changes.
///
/// What a search on a slice leaves out is judged by a model of the objective, which in many dimensions is unsure of
/// nearly all of them, so that the full space promises more and hardly anything is frozen. Afterwards it is judged by
/// the acquisition itself, of a single place, for d² values at most.
class FreezeAfter final : public SliceChooser {
 public:
  /// `state` must outlive it. @throws InvalidInput for options that are not valid.
  FreezeAfter(const SearchState& state, FreezingOptions options);

  /// The whole domain, always. Records the model's importance, and in the phases of the schedule with τ > 0, for up to
  /// `most_players` hyperparameters, the tunability game and how far the two agree.
  [[nodiscard]] std::optional<Slice> choose(const FittedScalarization& fitted, Decision& decision) override;
  [[nodiscard]] std::optional<AcquisitionMaximum> reduce(const FoundMaximum& found, Decision& decision) override;

 private:
  const SearchState& state_;
  FreezingOptions options_;
  GameSlices game_;
};

}  // namespace hyperego
