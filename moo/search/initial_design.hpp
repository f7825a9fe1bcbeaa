#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/moo/acquisition/expert_prior.hpp>
#include <hyperego/moo/decision/optimization_problem.hpp>
#include <hyperego/moo/trials/trial_history.hpp>

#include <cstdint>
#include <vector>

namespace hyperego {

/// The number of trials before models are used: 2 d + 2 for d searched hyperparameters, at most a quarter of the
/// budget, at least 4.
[[nodiscard]] std::size_t default_initial_trials(std::size_t searched, std::uint64_t budget);

/// The user's configurations, the default, then scrambled Sobol' points, without repetition or forbidden points, until
/// there are `count` (or more, where the user gave more). Shorter where the space has fewer points.
///
/// With a `prior` its mode follows the default, and every second of the other points is drawn from it: half, so that a
/// wrong one leaves the models something to see. @throws InvalidInput where Sobol' points are needed and the space has
/// more than 3667 hyperparameters.
[[nodiscard]] std::vector<Configuration> initial_design(const OptimizationProblem& problem, std::size_t count,
                                                        const ExpertPrior* prior = nullptr);

/// Up to `count` configurations of completed trials on the front, spread over it: the best in each objective, then one
/// after the other the one farthest from those taken, objectives scaled to the front. O(n² + f count m).
[[nodiscard]] std::vector<Configuration> spread_over_front(const TrialHistory& history, std::size_t count);

}  // namespace hyperego
