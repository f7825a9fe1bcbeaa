#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/moo/decision/suggestion.hpp>
#include <hyperego/moo/fidelity/look.hpp>
#include <hyperego/moo/model/acquisition.hpp>
#include <hyperego/moo/model/scalarized_model.hpp>
#include <hyperego/moo/search/search_state.hpp>

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace hyperego {

/// Nothing where a surrogate is no Gaussian process: forests know no fidelities.
[[nodiscard]] std::shared_ptr<const Looks> looks_at(const SearchState& state,
                                                    std::span<const std::shared_ptr<const Surrogate>> surrogates,
                                                    ImprovementOfMoments improvement);
/// By the expected improvement of a scalarisation below `best`. `scalarized` must outlive the result.
[[nodiscard]] std::shared_ptr<const Looks> looks_at(const SearchState& state, const ScalarizedModel& scalarized,
                                                    double best);

/// Configurations known below full that promise most per cost of going on to full: eight at most.
[[nodiscard]] std::vector<Configuration> worth_going_on(const SearchState& state,
                                                        const AcquisitionFunction& acquisition);

/// `found` at its best fidelity, or, where that promises more improvement per cost, one of the `known` configurations
/// at a higher one; `blank` is the suggestion that such a promotion is made of.
[[nodiscard]] std::optional<Suggestion> with_best_look(const SearchState& state, const AcquisitionFunction& acquisition,
                                                       const Looks& looks, const std::vector<Configuration>& known,
                                                       std::optional<Suggestion> found, Suggestion blank);

/// `suggestion` at `value`, going on from where its configuration stands.
void set_fidelity(const SearchState& state, double value, std::string reason, Suggestion& suggestion);
/// Gives a suggestion that no model chose a fidelity for its own: that of the initial design for draws, else full.
void set_usual_fidelity(const SearchState& state, Suggestion& suggestion);

}  // namespace hyperego
