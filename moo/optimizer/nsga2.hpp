#pragma once

#include <hyperego/core/option.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>
#include <hyperego/moo/trials/trial_history.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace hyperego {

struct Nsga2Options {
  /// Members of a generation; a sixth of the budget, between 8 and 100, unless given.
  std::optional<std::size_t> population = {};
  double crossover_probability = 0.9;  ///< that a child mixes two parents instead of copying one, in [0, 1]
  double crossover_eta = 15;           ///< distribution index of the simulated binary crossover, ≥ 0
  /// Of each hyperparameter, in [0, 1]; one over their number unless given.
  std::optional<double> mutation_probability = {};
  double mutation_eta = 20;  ///< distribution index of the polynomial mutation, ≥ 0

  /// @throws InvalidInput naming the field.
  void validate() const;
};

[[nodiscard]] std::vector<Option> options_of(Nsga2Options& o);

/// NSGA-II (Deb, Pratap, Agarwal, Meyarivan, IEEE TEVC 6(2), 2002) behind ask and tell, for mixed and conditional
/// spaces: a baseline without a model.
///
/// Numbers are crossed and mutated in unit coordinates (simulated binary crossover, Deb & Agrawal 1995; bounded
/// polynomial mutation, Deb & Goyal 1996), values without an order by uniform crossover and by drawing another one. A
/// child is built parents first, so that conditions hold: what neither parent has set is drawn uniformly. A child that
/// is forbidden or not new is made again.
///
/// A generation ends when as many trials have completed as the population has members; failed trials do not count. One
/// ask costs O(d), the end of a generation a non-dominated sort of twice the population.
class Nsga2 final : public Optimizer {
 public:
  Nsga2(OptimizationProblem problem, const Nsga2Options& options);

  [[nodiscard]] std::vector<Suggestion> ask(std::size_t count) override;
  void replay(const Suggestion& suggestion) override;
  void tell(const Trial& trial) override;
  [[nodiscard]] std::string_view name() const override { return "nsga2"; }

 private:
  struct Member {
    std::size_t completed = 0;  ///< which completed trial
    std::size_t front = 0;      ///< 0 for the non-dominated ones
    double crowding = 0;
  };

  [[nodiscard]] bool suggest(Suggestion& suggestion) const;
  [[nodiscard]] const Member& tournament(Rng& rng) const;
  [[nodiscard]] std::optional<Configuration> child(const Configuration& a, const Configuration& b, Rng& rng) const;
  void select_survivors();

  OptimizationProblem problem_;
  Nsga2Options options_;
  Slice everything_;
  std::vector<std::size_t> searched_;
  std::size_t size_;
  double mutation_probability_;
  std::vector<Configuration> initial_;
  TrialHistory history_;
  std::vector<std::uint64_t> numbers_;  // of the completed trials
  std::vector<Member> population_;
  std::vector<std::size_t> offspring_;  // completed since the last selection
};

}  // namespace hyperego
