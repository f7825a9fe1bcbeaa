#include <hyperego/core/rng.hpp>
#include <hyperego/moo/search/uniform_draw.hpp>

namespace hyperego {

std::optional<Suggestion> drawn_uniformly(const SearchState& state, Suggestion draft, Decision::Phase phase,
                                          const std::string& reason) {
  const std::optional<Configuration> drawn =
      draw_unseen(state.domain, state.history, Rng(state.problem.seed, "random-trial", draft.trial));
  if (!drawn) return std::nullopt;
  draft.configuration = *drawn;
  draft.decision.phase = phase;
  draft.decision.reason = reason;
  return draft;
}

}  // namespace hyperego
