#include <hyperego/core/error.hpp>
#include <hyperego/moo/front/pareto.hpp>
#include <hyperego/moo/optimizer/nsga2.hpp>
#include <hyperego/moo/search/initial_design.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

namespace hyperego {
namespace {

/// All trials are full ones here: where a cost is planned there are no more of them.
std::size_t population_size(const Nsga2Options& options, const OptimizationProblem& problem) {
  const double most = std::min(problem.cost_budget.value_or(1e9), 1e9);
  const std::uint64_t budget = std::min(problem.budget, static_cast<std::uint64_t>(most));
  return options.population.value_or(static_cast<std::size_t>(std::clamp<std::uint64_t>(budget / 6, 8, 100)));
}

/// One of the two children of simulated binary crossover on [0, 1], in the bounded form of Deb's NSGA-II: the spread is
/// limited so that both children stay inside.
double crossed(double a, double b, double eta, Rng& rng) {
  const double u = rng.uniform();
  const bool lower_child = rng.below(2) == 0;
  const double low = std::min(a, b);
  const double high = std::max(a, b);
  if (high - low < 1e-14) return a;
  const double room = lower_child ? low : 1 - high;
  const double beta = 1 + 2 * room / (high - low);
  const double alpha = 2 - std::pow(beta, -(eta + 1));
  const double spread =
      u <= 1 / alpha ? std::pow(u * alpha, 1 / (eta + 1)) : std::pow(1 / (2 - u * alpha), 1 / (eta + 1));
  const double value = 0.5 * (low + high) + (lower_child ? -0.5 : 0.5) * spread * (high - low);
  return std::clamp(value, 0.0, 1.0);
}

/// Polynomial mutation on [0, 1], bounded form.
double mutated(double value, double eta, Rng& rng) {
  const double u = rng.uniform();
  double step = 0;
  if (u < 0.5) {
    step = std::pow(2 * u + (1 - 2 * u) * std::pow(1 - value, eta + 1), 1 / (eta + 1)) - 1;
  } else {
    step = 1 - std::pow(2 * (1 - u) + 2 * (u - 0.5) * std::pow(value, eta + 1), 1 / (eta + 1));
  }
  return std::clamp(value + step, 0.0, 1.0);
}

}  // namespace

std::vector<Option> options_of(Nsga2Options& o) {
  return {option("population", o.population, {2, 1'000'000}, "members of a generation")
              .unless_given("a sixth of the budget, between 8 and 100"),
          option("crossover_probability", o.crossover_probability, {0, 1},
                 "probability that a child mixes two parents instead of copying one"),
          option("crossover_eta", o.crossover_eta, {0, 1000}, "distribution index η of the simulated binary crossover"),
          option("mutation_probability", o.mutation_probability, {0, 1},
                 "probability that a hyperparameter of a child is mutated")
              .unless_given("1/d"),
          option("mutation_eta", o.mutation_eta, {0, 1000}, "distribution index η of the polynomial mutation")};
}

void Nsga2Options::validate() const { check_options_of(*this); }

Nsga2::Nsga2(OptimizationProblem problem, const Nsga2Options& options)
    : problem_(std::move(problem)),
      options_((options.validate(), options)),
      everything_(problem_.domain()),
      searched_(everything_.free()),
      size_(population_size(options, problem_)),
      mutation_probability_(
          options.mutation_probability.value_or(1.0 / static_cast<double>(std::max<std::size_t>(searched_.size(), 1)))),
      initial_(initial_design(problem_, size_)),
      history_(problem_.objectives) {}

std::vector<Suggestion> Nsga2::ask(std::size_t count) {
  std::vector<Suggestion> suggestions;
  while (suggestions.size() < count) {
    Suggestion suggestion;
    suggestion.trial = suggestion.decision.trial = history_.next_number();
    suggestion.decision.free = searched_;
    if (!suggest(suggestion)) break;
    history_.suggest(suggestion.trial, suggestion.configuration);
    suggestions.push_back(std::move(suggestion));
  }
  return suggestions;
}

bool Nsga2::suggest(Suggestion& suggestion) const {
  if (suggestion.trial < initial_.size() && !history_.seen(initial_[suggestion.trial])) {
    suggestion.configuration = initial_[suggestion.trial];
    suggestion.decision.phase = Decision::Phase::initial;
    suggestion.decision.reason = "part of the initial design";
    return true;
  }
  Rng rng(problem_.seed, "nsga2", suggestion.trial);
  constexpr int attempts = 100;
  for (int attempt = 0; attempt < attempts && !population_.empty(); ++attempt) {
    const Member& a = tournament(rng);
    const Member& b = tournament(rng);
    auto made = child(history_.completed()[a.completed], history_.completed()[b.completed], rng);
    if (!made || history_.seen(*made)) continue;
    suggestion.configuration = std::move(*made);
    suggestion.decision.phase = Decision::Phase::full;
    suggestion.decision.reason =
        "a child of trials " + std::to_string(numbers_[a.completed]) + " and " + std::to_string(numbers_[b.completed]);
    return true;
  }
  auto drawn = draw_unseen(everything_, history_, rng);
  if (!drawn) return false;
  suggestion.configuration = std::move(*drawn);
  suggestion.decision.phase = population_.empty() ? Decision::Phase::random : Decision::Phase::fallback;
  suggestion.decision.reason = population_.empty() ? "drawn uniformly: there is no generation to have children yet"
                                                   : "drawn uniformly: a hundred children were forbidden or not new";
  return true;
}

const Nsga2::Member& Nsga2::tournament(Rng& rng) const {
  const Member& a = population_[rng.below(population_.size())];
  const Member& b = population_[rng.below(population_.size())];
  if (a.front != b.front) return a.front < b.front ? a : b;
  return b.crowding > a.crowding ? b : a;
}

std::optional<Configuration> Nsga2::child(const Configuration& a, const Configuration& b, Rng& rng) const {
  const SearchSpace& space = *problem_.space;
  const bool crosses = rng.uniform() < options_.crossover_probability;
  Configuration wanted = space.default_configuration();
  for (const std::size_t i : searched_) {
    const Hyperparameter& hyperparameter = space[i];
    double u = 0;
    if (!a.is_set(i) && !b.is_set(i)) {
      u = rng.uniform();
    } else if (!a.is_set(i) || !b.is_set(i)) {
      u = hyperparameter.to_unit(a.is_set(i) ? a[i] : b[i]);
    } else if (!crosses || rng.below(2) == 0) {
      u = hyperparameter.to_unit(a[i]);
    } else if (hyperparameter.is_categorical()) {
      u = hyperparameter.to_unit(b[i]);
    } else {
      u = crossed(hyperparameter.to_unit(a[i]), hyperparameter.to_unit(b[i]), options_.crossover_eta, rng);
    }
    if (rng.uniform() < mutation_probability_) {
      if (hyperparameter.is_categorical()) {
        const auto others = static_cast<std::uint64_t>(hyperparameter.cardinality()) - 1;
        const auto kept = static_cast<std::uint64_t>(hyperparameter.from_unit(u));
        const std::uint64_t other = rng.below(others);
        u = hyperparameter.to_unit(static_cast<double>(other < kept ? other : other + 1));
      } else {
        u = mutated(u, options_.mutation_eta, rng);
      }
    }
    wanted.set(i, hyperparameter.from_unit(u));
  }
  Configuration result = everything_.project(wanted);
  if (space.is_forbidden(result)) return std::nullopt;
  return result;
}

void Nsga2::replay(const Suggestion& suggestion) { history_.suggest(suggestion.trial, suggestion.configuration); }

void Nsga2::tell(const Trial& trial) {
  const std::size_t before = history_.completed().size();
  const std::uint64_t number = std::min(trial.number, history_.next_number());  // a user's trial takes the next one
  history_.end(trial);
  if (history_.completed().size() == before) return;
  numbers_.push_back(number);
  offspring_.push_back(before);
  // A small space may hold fewer points than a generation has members.
  if (offspring_.size() >= (population_.empty() ? std::min(size_, initial_.size()) : size_)) select_survivors();
}

void Nsga2::select_survivors() {
  std::vector<std::size_t> candidates;
  for (const Member& member : population_) candidates.push_back(member.completed);
  candidates.insert(candidates.end(), offspring_.begin(), offspring_.end());
  offspring_.clear();
  population_.clear();
  const Eigen::MatrixXd all = history_.minimised();
  Eigen::MatrixXd points(static_cast<Eigen::Index>(candidates.size()), all.cols());
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    points.row(static_cast<Eigen::Index>(i)) = all.row(static_cast<Eigen::Index>(candidates[i]));
  }
  const auto fronts = non_dominated_sort(points);
  for (std::size_t f = 0; f < fronts.size() && population_.size() < size_; ++f) {
    Eigen::MatrixXd members(static_cast<Eigen::Index>(fronts[f].size()), points.cols());
    for (std::size_t i = 0; i < fronts[f].size(); ++i) {
      members.row(static_cast<Eigen::Index>(i)) = points.row(fronts[f][i]);
    }
    const Eigen::VectorXd crowding = crowding_distance(members);
    std::vector<std::size_t> order(fronts[f].size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
      return crowding[static_cast<Eigen::Index>(x)] > crowding[static_cast<Eigen::Index>(y)];
    });
    order.resize(std::min(order.size(), size_ - population_.size()));
    for (const std::size_t i : order) {
      population_.push_back(
          {candidates[static_cast<std::size_t>(fronts[f][i])], f, crowding[static_cast<Eigen::Index>(i)]});
    }
  }
}

}  // namespace hyperego
