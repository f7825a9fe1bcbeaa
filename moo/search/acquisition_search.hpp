#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/moo/acquisition/acquisition_maximizer.hpp>
#include <hyperego/moo/acquisition/composed_acquisition.hpp>
#include <hyperego/moo/decision/suggestion.hpp>
#include <hyperego/moo/fidelity/look.hpp>
#include <hyperego/moo/model/acquisition.hpp>
#include <hyperego/moo/search/model_store.hpp>
#include <hyperego/moo/search/search_state.hpp>
#include <hyperego/moo/search/slice_chooser.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace hyperego {

/// What a trial is to maximise, and where.
struct SearchGoal {
  std::unique_ptr<const AcquisitionFunction> improvement;
  std::vector<Configuration> anchors;         ///< good evaluated configurations, to look around
  std::optional<Slice> slice = std::nullopt;  ///< of the slice chooser; nothing for the whole domain
  /// Where there are any the best of them is taken, and nothing else is searched.
  std::vector<Configuration> candidates = {};
  /// What the maximum may go back towards (SliceChooser::reduce).
  std::vector<Configuration> origins = {};
  /// Where there are fidelities and a model of them: what trials below full are worth.
  std::shared_ptr<const Looks> looks = nullptr;
};

/// Finds the configuration that is worth most: the largest improvement, weighed by feasibility and the expert prior, on
/// the slice, or in the whole domain where the slice has nothing new or not enough.
class AcquisitionSearch {
 public:
  /// All of them must outlive it.
  AcquisitionSearch(const SearchState& state, ModelStore& models, SliceChooser& slices);

  /// `draft` with configuration, acquisition, feasibility and prior; a uniform draw of phase `fallback` where the
  /// search met only evaluated configurations, and nothing where there are no others.
  [[nodiscard]] std::optional<Suggestion> complete(Suggestion draft, SearchGoal goal);

 private:
  [[nodiscard]] ComposedAcquisition compose(SearchGoal& goal, std::uint64_t trial);
  [[nodiscard]] std::vector<Configuration> likely_places(std::uint64_t trial) const;
  [[nodiscard]] std::optional<AcquisitionMaximum> choose(const AcquisitionFunction& acquisition, const SearchGoal& goal,
                                                         Decision& decision);
  [[nodiscard]] std::optional<AcquisitionMaximum> maximize(const AcquisitionFunction& acquisition,
                                                           const SearchGoal& goal, Decision& decision);

  const SearchState& state_;
  ModelStore& models_;
  SliceChooser& slices_;
};

}  // namespace hyperego
