#include <hyperego/core/error.hpp>
#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/estimators/detail/estimator_task.hpp>
#include <hyperego/shapley/estimators/detail/sparse_search.hpp>
#include <hyperego/shapley/estimators/estimate.hpp>

#include <algorithm>
#include <array>

namespace hyperego {
namespace {

constexpr std::array<std::string_view, 4> estimator_names = {"permutation", "regression", "svarm", "kernel-shap-iq"};

void check_estimator(Estimator estimator, InteractionIndex index, int order) {
  const auto refuse = [&](const std::string& has) {
    throw InvalidInput("estimator", std::string(to_string(estimator)) + " estimates " + has + ", not " +
                                        std::string(to_string(index)) + " of order " + std::to_string(order) +
                                        "; svarm estimates every index");
  };
  const bool sv = index == InteractionIndex::sv;
  switch (estimator) {
    case Estimator::permutation:
      if (!sv) refuse("SV");
      break;
    case Estimator::regression:
      if (!sv && index != InteractionIndex::fsii && index != InteractionIndex::fbii) refuse("SV, FSII and FBII");
      break;
    case Estimator::svarm:
      break;
    case Estimator::kernel_shap_iq:
      if (!sv && index != InteractionIndex::sii && index != InteractionIndex::k_sii) refuse("SV, SII and k-SII");
      break;
  }
}

// All interactions of a high order among many players are more than anybody's memory; a crash would be the answer.
void check_memory(int order, int players) {
  constexpr double most_gibibytes = 2;
  double interactions = 0;
  for (int s = 1; s <= order; ++s) interactions += static_cast<double>(binomial_coefficient(players, s));
  const double gibibytes = interactions * (sizeof(Coalition) + 4 * sizeof(double)) / 1073741824.0;
  if (gibibytes <= most_gibibytes) return;
  throw InvalidInput("order", "all interactions of up to " + std::to_string(order) + " of " + std::to_string(players) +
                                  " players would need about " +
                                  std::to_string(static_cast<std::uint64_t>(std::min(gibibytes, 1e18))) +
                                  " GiB; use a lower order");
}

Estimate exactly(int players, const CoalitionFunction& game, InteractionIndex index, int order) {
  const ValueTable table = tabulate(players, game);
  Estimate estimate;
  estimate.values = interaction_values(table.values, index, order);
  estimate.standard_errors.assign(estimate.values.values.size(), 0.0);
  estimate.coalitions = table.values.size();
  estimate.exact = true;
  estimate.stop = StopReason::exact;
  return estimate;
}

void run(Estimator estimator, detail::EstimatorTask& task) {
  switch (estimator) {
    case Estimator::permutation:
      return detail::estimate_by_permutations(task);
    case Estimator::regression:
      return detail::estimate_by_regression(task);
    case Estimator::svarm:
      return detail::estimate_by_strata(task);
    case Estimator::kernel_shap_iq:
      return detail::estimate_by_kernel_shap_iq(task);
  }
}

}  // namespace

std::string_view to_string(Estimator estimator) { return estimator_names[static_cast<std::size_t>(estimator)]; }

Estimator estimator_of(std::string_view name) {
  if (edit_distance(name, "kernel-shap") == 0) return Estimator::regression;
  for (std::size_t i = 0; i < estimator_names.size(); ++i) {
    if (edit_distance(name, estimator_names[i]) == 0) return static_cast<Estimator>(i);
  }
  throw InvalidInput("estimator", "there is no estimator \"" + std::string(name) +
                                      "\" (there are permutation, kernel-shap, regression, svarm, kernel-shap-iq)" +
                                      did_you_mean(name, estimator_names));
}

Estimator default_estimator(InteractionIndex index) {
  const bool is_fit =
      index == InteractionIndex::sv || index == InteractionIndex::fsii || index == InteractionIndex::fbii;
  return is_fit ? Estimator::regression : Estimator::svarm;
}

void EstimatorOptions::validate(int players) const {
  if (players < 1 || players > max_players) {
    throw InvalidInput("players", std::to_string(players) + "; a game here has 1 to " + std::to_string(max_players));
  }
  if (budget < 2)
    throw InvalidInput("budget", std::to_string(budget) + " does not cover the empty and the grand coalition");
  if (!(target_standard_error >= 0)) throw InvalidInput("target_standard_error", "must not be negative");
  if (!(sparse_search_share >= 0 && sparse_search_share < 1))
    throw InvalidInput("sparse_search_share", "must be in [0, 1)");
  if (control_order < 0 || control_order > 2) throw InvalidInput("control_order", "must be 0, 1 or 2");
}

double Estimate::largest_standard_error() const {
  return standard_errors.empty() ? 0 : *std::max_element(standard_errors.begin(), standard_errors.end());
}

namespace detail {

std::vector<std::size_t> EstimatorTask::stages(std::size_t least) const {
  std::vector<std::size_t> budgets{budget()};
  if (options.target_standard_error <= 0) return budgets;
  while (budgets.back() / 2 >= 2 * least) budgets.push_back(budgets.back() / 2);
  std::reverse(budgets.begin(), budgets.end());
  return budgets;
}

void EstimatorTask::set_empty_interaction(const std::vector<double>& size_means) {
  if (!weights.empty_is_weighted()) return;
  const int players = game.players();
  estimate.values.empty_interaction = game.baseline();
  for (int l = 0; l <= players; ++l) {
    estimate.values.empty_interaction += static_cast<double>(binomial_coefficient(players, l)) *
                                         weights.coalition(0, l) * size_means[static_cast<std::size_t>(l)];
  }
}

bool EstimatorTask::target_met() {
  if (options.target_standard_error <= 0) return false;
  if (estimate.largest_standard_error() > options.target_standard_error) return false;
  estimate.stop = StopReason::target;
  return true;
}

}  // namespace detail

Estimate estimate_interactions(int players, const CoalitionFunction& game, InteractionIndex index, int order,
                               Estimator estimator, const EstimatorOptions& options) {
  options.validate(players);
  check_order(index, order, players);
  check_estimator(estimator, index, order);
  check_memory(order, players);
  if (players <= max_table_players && options.budget >= std::size_t{1} << static_cast<unsigned>(players)) {
    return exactly(players, game, index, order);
  }
  const detail::CardinalWeights weights(index, order, players);
  detail::EvaluatedGame evaluated(players, game, options.budget);
  const double full = evaluated.value(grand_coalition(players));
  static_cast<void>(full);

  Estimate estimate;
  InteractionValues& values = estimate.values;
  values.index = index;
  values.order = order;
  values.players = players;
  values.interactions = interactions_up_to(players, order);
  values.values.assign(values.interactions.size(), 0.0);
  values.baseline = evaluated.baseline();
  values.empty_interaction = evaluated.baseline();
  estimate.standard_errors.assign(values.values.size(), 0.0);

  const auto share = static_cast<std::size_t>(options.sparse_search_share * static_cast<double>(options.budget));
  const detail::SparseSearch sparse = detail::search_sparse_moebius(evaluated, share, options.seed);
  estimate.sparse_terms = sparse.model.terms.size();
  if (sparse.complete) {
    estimate.stop = StopReason::sparse;
  } else {
    detail::EstimatorTask task{evaluated, sparse.model, weights, options, estimate};
    run(estimator, task);
  }
  sparse.model.add_index(weights, values);
  estimate.coalitions = evaluated.evaluated();
  return estimate;
}

}  // namespace hyperego
