#include <hyperego/core/search_space.hpp>
#include <hyperego/shapley/game/detail/blend_tiles.hpp>
#include <hyperego/shapley/game/detail/pattern_search.hpp>
#include <hyperego/shapley/game/detail/quasi_newton.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

namespace hyperego::detail {
namespace {

constexpr double first_pattern_step = 0.1;
constexpr double last_pattern_step = 1e-4;
constexpr double shrinking = 0.25;
/// A parabola is followed up to so many steps beyond its outer points.
constexpr double most_extrapolation = 3;

/// Three points of a function along one coordinate, the middle one at 0.
struct Parabola {
  double left = 0, at_left = 0;    ///< left ≤ 0; where it is 0 there is no such point
  double right = 0, at_right = 0;  ///< right ≥ 0
  double middle = 0;

  [[nodiscard]] bool has_both() const { return left < 0 && right > 0; }
  [[nodiscard]] double slope() const {
    if (!has_both()) return right > 0 ? (at_right - middle) / right : left < 0 ? (at_left - middle) / left : 0;
    const double a = (at_left - middle) / left, b = (at_right - middle) / right;
    return (a * right - b * left) / (right - left);
  }
  /// Of second order: f(x) ≈ middle + slope x + curvature x² / 2.
  [[nodiscard]] double curvature() const {
    if (!has_both()) return 0;
    return 2 * ((at_right - middle) / right - (at_left - middle) / left) / (right - left);
  }
  /// Where it is highest, not far beyond the outer points.
  [[nodiscard]] double top() const {
    const double reach = most_extrapolation * std::max(right, -left);
    if (curvature() < 0) return std::clamp(-slope() / curvature(), -reach, reach);
    return slope() > 0 ? reach : slope() < 0 ? -reach : 0;
  }
};

}  // namespace

/// One search under way.
class PatternSearch::Climb {
 public:
  Climb(const CoalitionMaximiser& maximiser, const Blends& blends, Start start)
      : maximiser_(&maximiser),
        space_(&blends.space()),
        slice_(maximiser.slice(start.coalition)),
        start_(std::move(start)) {
    for (const std::size_t i : slice_.free()) (moves_by_steps(i) ? numbers_ : choices_).push_back(i);
    const auto n = static_cast<Eigen::Index>(numbers_.size());
    model_.emplace(n, first_pattern_step);
    slope_ = here_ = Eigen::VectorXd::Zero(n);
  }

  [[nodiscard]] bool has_ended() const { return has_ended_; }
  [[nodiscard]] Candidate& point() { return start_.candidate; }
  /// What it wants to know next.
  [[nodiscard]] const std::vector<Configuration>& questions() const { return questions_; }

  /// Asks around the point.
  void poll() {
    questions_.clear();
    moves_.clear();
    for (const std::size_t i : numbers_) {
      if (!configuration().is_set(i)) continue;
      const double u = (*space_)[i].to_unit(configuration()[i]);
      for (const double side : {-1.0, 1.0}) ask(i, stepped(i, u, side));
    }
    for (const std::size_t i : choices_) {
      if (!configuration().is_set(i)) continue;
      const double code = configuration()[i];
      if ((*space_)[i].is_categorical()) {
        for (std::size_t k = 0; k < (*space_)[i].cardinality(); ++k) ask(i, static_cast<double>(k));
      } else {
        ask(i, code - 1);
        ask(i, code + 1);
      }
    }
    if (questions_.empty()) has_ended_ = true;
  }

  /// Takes the answers to poll() and asks where they lead to.
  void follow(std::span<const double> answers) {
    best_ = point();
    note(answers);
    std::optional<std::size_t> choice;
    for (std::size_t k = 0; k < answers.size(); ++k) {
      if (is_number(moves_[k].first) || answers[k] <= point().value) continue;
      if (!choice || answers[k] > answers[*choice]) choice = k;
    }
    const Eigen::VectorXd tops = learn(answers);
    questions_.clear();
    promised_ = 0;
    for (Eigen::Index k = 0; k < tops.size(); ++k) {
      if (numbers_.size() > 1) propose(Eigen::VectorXd(tops(k) * Eigen::VectorXd::Unit(tops.size(), k)), {});
      promised_ += std::max(0.0, slope_(k) * tops(k) / 2);
    }
    if (numbers_.empty()) return;
    propose(tops, {});
    if (choice) propose(tops, moves_[*choice]);
    const Eigen::VectorXd direction = model_->direction(here_, slope_);
    for (const double share : {1.0, 0.3}) propose(share * direction, {});
  }

  /// Takes the answers to follow() and moves or shrinks the step.
  void move(std::span<const double> answers) {
    note(answers);
    const double gain = best_.value - point().value;
    if (gain > start_.least_gain) {
      double distance = 0;
      for (const std::size_t i : numbers_) {
        if (!configuration().is_set(i) || !best_.configuration.is_set(i)) continue;
        distance = std::max(distance, std::abs((*space_)[i].to_unit(best_.configuration[i]) -
                                               (*space_)[i].to_unit(configuration()[i])));
      }
      start_.candidate = best_;
      if (distance < step_ / 2 && !numbers_.empty()) step_ *= shrinking;
      return;
    }
    has_ended_ = numbers_.empty() || step_ <= last_pattern_step ||
                 (step_ < first_pattern_step && promised_ <= start_.least_gain);
    step_ *= shrinking;
  }

 private:
  [[nodiscard]] const Configuration& configuration() const { return start_.candidate.configuration; }

  [[nodiscard]] bool moves_by_steps(std::size_t i) const { return maximiser_->moves_continuously(i); }
  [[nodiscard]] bool is_number(std::size_t i) const {
    return std::find(numbers_.begin(), numbers_.end(), i) != numbers_.end();
  }

  /// The code one step to a side of u; of whole numbers at least the next one.
  [[nodiscard]] double stepped(std::size_t i, double u, double side) const {
    const double code = (*space_)[i].from_unit(u + side * step_);
    return (*space_)[i].is_discrete() && code == configuration()[i] ? code + side : code;
  }

  void ask(std::size_t i, double code) {
    if (!(*space_)[i].is_legal_code(code) || code == configuration()[i]) return;
    Configuration there = slice_.with(configuration(), i, code);
    if (!maximiser_->admissible(there, start_.coalition)) return;
    questions_.push_back(std::move(there));
    moves_.emplace_back(i, code);
  }

  /// Numbers moved by `by` (unit coordinates), after one choice has been made.
  void propose(const Eigen::VectorXd& by, const std::pair<std::size_t, double>& choice) {
    Configuration there = configuration();
    if (!(choice == std::pair<std::size_t, double>{})) there = slice_.with(there, choice.first, choice.second);
    for (std::size_t k = 0; k < numbers_.size(); ++k) {
      const std::size_t i = numbers_[k];
      const double step = by(static_cast<Eigen::Index>(k));
      if (step == 0 || !there.is_set(i) || !configuration().is_set(i)) continue;
      const double u = std::clamp((*space_)[i].to_unit(configuration()[i]) + step, 0.0, 1.0);
      there = slice_.with(there, i, (*space_)[i].from_unit(u));
    }
    if (there == configuration() || !maximiser_->admissible(there, start_.coalition)) return;
    if (std::find(questions_.begin(), questions_.end(), there) == questions_.end()) {
      questions_.push_back(std::move(there));
    }
  }

  /// Keeps the best answer.
  void note(std::span<const double> answers) {
    for (std::size_t k = 0; k < answers.size(); ++k) {
      if (answers[k] > best_.value) best_ = {.configuration = questions_[k], .value = answers[k], .gradient = {}};
    }
  }

  /// The tops of the parabolas along each number, 0 where nothing is known; slopes go into the quasi-Newton model.
  Eigen::VectorXd learn(std::span<const double> answers) {
    const auto n = static_cast<Eigen::Index>(numbers_.size());
    std::vector<Parabola> parabolas(numbers_.size(), Parabola{.middle = point().value});
    Eigen::VectorXd here = here_, slope = Eigen::VectorXd::Zero(n), tops = slope;
    for (std::size_t m = 0; m < numbers_.size(); ++m) {
      const std::size_t i = numbers_[m];
      if (!configuration().is_set(i)) continue;
      const double u = here(static_cast<Eigen::Index>(m)) = (*space_)[i].to_unit(configuration()[i]);
      Parabola& parabola = parabolas[m];
      for (std::size_t k = 0; k < answers.size(); ++k) {
        if (moves_[k].first != i) continue;
        const double at = (*space_)[i].to_unit(moves_[k].second) - u;
        (at < 0 ? parabola.left : parabola.right) = at;
        (at < 0 ? parabola.at_left : parabola.at_right) = answers[k];
      }
      slope(static_cast<Eigen::Index>(m)) = parabola.slope();
      tops(static_cast<Eigen::Index>(m)) = std::clamp(parabola.top(), -u, 1 - u);
    }
    if (has_slope_ && here != here_) model_->update(here - here_, slope - slope_);
    has_slope_ = true;
    here_ = std::move(here);
    slope_ = std::move(slope);
    return tops;
  }

  const CoalitionMaximiser* maximiser_;
  const SearchSpace* space_;
  Slice slice_;
  Start start_;
  std::vector<std::size_t> numbers_, choices_;
  double step_ = first_pattern_step;
  bool has_ended_ = false;
  std::vector<Configuration> questions_;
  std::vector<std::pair<std::size_t, double>> moves_;  ///< hyperparameter and code of each question of poll()
  Candidate best_;
  std::optional<ProjectedQuasiNewton> model_;
  Eigen::VectorXd here_, slope_;
  bool has_slope_ = false;
  double promised_ = 0;  ///< by the parabolas
};

std::vector<double> PatternSearch::values(const std::vector<Configuration>& configurations,
                                          std::uint64_t& predictions) const {
  if (configurations.empty()) return {};
  const Eigen::VectorXd predicted = predictor_->predict(configurations);
  predictions += configurations.size();
  std::vector<double> result(configurations.size());
  for (std::size_t k = 0; k < result.size(); ++k) {
    const double value = predicted(static_cast<Eigen::Index>(k));
    require_finite(value, blends_->space(), configurations[k]);
    result[k] = sign_ * value;
  }
  return result;
}

/// One half of a step of all climbs.
void PatternSearch::ask(std::vector<Climb>& climbs, bool for_polls, std::uint64_t& predictions) const {
  std::vector<Configuration> questions;
  for (const Climb& climb : climbs) {
    if (climb.has_ended()) continue;
    questions.insert(questions.end(), climb.questions().begin(), climb.questions().end());
  }
  const std::vector<double> answers = values(questions, predictions);
  std::size_t first = 0;
  for (Climb& climb : climbs) {
    if (climb.has_ended()) continue;
    const auto own = std::span(answers).subspan(first, climb.questions().size());
    first += own.size();
    if (for_polls)
      climb.follow(own);
    else
      climb.move(own);
  }
}

std::vector<Candidate> PatternSearch::climb(std::vector<Start> starts, std::uint64_t& predictions) const {
  std::vector<Climb> climbs;
  climbs.reserve(starts.size());
  for (Start& start : starts) climbs.emplace_back(*maximiser_, *blends_, std::move(start));
  for (int step = 0; step < most_steps; ++step) {
    for (Climb& climb : climbs) {
      if (!climb.has_ended()) climb.poll();
    }
    if (std::all_of(climbs.begin(), climbs.end(), [](const Climb& climb) { return climb.has_ended(); })) {
      progress_->advance(static_cast<std::uint64_t>(most_steps - step));
      break;
    }
    ask(climbs, true, predictions);
    ask(climbs, false, predictions);
    progress_->advance();
  }
  std::vector<Candidate> result;
  for (Climb& climb : climbs) result.push_back(std::move(climb.point()));
  return result;
}

}  // namespace hyperego::detail
