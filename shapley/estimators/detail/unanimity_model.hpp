#pragma once

#include <hyperego/shapley/index/detail/cardinal_weights.hpp>

#include <vector>

namespace hyperego::detail {

/// A game written as few unanimity games: g(S) = Σ_{T⊆S} c_T. Every index of it has a closed form.
struct UnanimityModel {
  struct Term {
    Coalition coalition;
    double coefficient;
  };
  std::vector<Term> terms;

  [[nodiscard]] double operator()(Coalition coalition) const {
    double sum = 0;
    for (const Term& term : terms) {
      if ((term.coalition & ~coalition) == 0) sum += term.coefficient;
    }
    return sum;
  }

  /// Adds the model's index to `values` (and its empty interaction where that is weighted). O(terms · C(|T|, ≤ order)).
  void add_index(const CardinalWeights& weights, InteractionValues& values) const;
};

}  // namespace hyperego::detail
