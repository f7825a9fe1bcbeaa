#include <hyperego/moo/optimizer/random_search.hpp>
#include <hyperego/moo/search/initial_design.hpp>

namespace hyperego {

RandomSearch::RandomSearch(OptimizationProblem problem)
    : problem_(std::move(problem)),
      everything_(problem_.domain()),
      initial_(initial_design(problem_, problem_.initial_configurations.size() + 1)),
      history_(problem_.objectives) {}

std::vector<Suggestion> RandomSearch::ask(std::size_t count) {
  std::vector<Suggestion> suggestions;
  while (suggestions.size() < count) {
    const std::uint64_t number = history_.next_number();
    Suggestion suggestion;
    suggestion.trial = suggestion.decision.trial = number;
    suggestion.decision.free = everything_.free();
    if (number < initial_.size()) {
      suggestion.configuration = initial_[number];
      suggestion.decision.phase = Decision::Phase::initial;
      suggestion.decision.reason = "part of the initial design";
    } else {
      Rng rng(problem_.seed, "random-search", number);
      const std::optional<Configuration> drawn = draw_unseen(everything_, history_, rng);
      if (!drawn) break;
      suggestion.configuration = *drawn;
      suggestion.decision.phase = Decision::Phase::random;
      suggestion.decision.reason = "drawn uniformly from the full space";
    }
    history_.suggest(number, suggestion.configuration);
    suggestions.push_back(std::move(suggestion));
  }
  return suggestions;
}

void RandomSearch::replay(const Suggestion& suggestion) {
  history_.suggest(suggestion.trial, suggestion.configuration);
}

void RandomSearch::tell(const Trial& trial) { history_.end(trial); }

}  // namespace hyperego
