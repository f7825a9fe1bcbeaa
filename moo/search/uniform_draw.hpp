#pragma once

#include <hyperego/moo/decision/suggestion.hpp>
#include <hyperego/moo/search/search_state.hpp>

#include <optional>
#include <string>

namespace hyperego {

/// `draft` with a uniform draw from what of the domain was not seen before; nothing where all of it was.
[[nodiscard]] std::optional<Suggestion> drawn_uniformly(const SearchState& state, Suggestion draft,
                                                        Decision::Phase phase, const std::string& reason);

}  // namespace hyperego
