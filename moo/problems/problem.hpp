#pragma once

#include <Eigen/Core>

#include <concepts>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace hyperego {

/// What is known about the Pareto front of a problem.
enum class FrontKnowledge {
  unknown,
  conventional,  ///< a curve that is usually taken as the front although further non-dominated solutions exist
  exact,
};

/// What a type needs to be a Problem. Objectives are minimised, values are raw; evaluate() must be safe to call from
/// several threads at once. Problem checks lengths and bounds before it calls evaluate().
///
/// Optional members: `bool binary() const` (every variable is 0 or 1), `std::vector<int> relevant() const` (the
/// variables that matter, ascending from 0, where others do not), `FrontKnowledge front_knowledge() const` together
/// with `Eigen::MatrixXd pareto_front(Eigen::Index count) const`, `std::optional<Eigen::VectorXd> ideal() const` and
/// `nadir()`, `std::vector<std::pair<std::string, double>> parameters() const`.
template <typename T>
concept ProblemDefinition = std::copy_constructible<T> && requires(const T& problem, std::span<const double> x) {
  { problem.name() } -> std::convertible_to<std::string>;
  { problem.number_of_variables() } -> std::convertible_to<int>;
  { problem.number_of_objectives() } -> std::convertible_to<int>;
  { problem.lower() } -> std::convertible_to<Eigen::VectorXd>;
  { problem.upper() } -> std::convertible_to<Eigen::VectorXd>;
  { problem.evaluate(x) } -> std::convertible_to<Eigen::VectorXd>;
};

class Problem;

/// A definition other than Problem itself. That is asked first: whether a Problem can be copied must not depend on
/// itself.
template <typename T>
concept ForeignProblem = !std::same_as<T, Problem> && ProblemDefinition<T>;

/// A multi-objective problem as an immutable value; copies share the definition. Safe to use from several threads.
class Problem {
 public:
  /// @throws InvalidInput when sizes or bounds of the definition contradict each other.
  template <ForeignProblem T>
  Problem(T definition)  // NOLINT(google-explicit-constructor): a problem is what its definition says
      : self_(std::make_shared<const Model<T>>(std::move(definition))) {
    read_shape();
  }

  [[nodiscard]] std::string name() const { return self_->name(); }
  [[nodiscard]] int number_of_variables() const { return static_cast<int>(lower_.size()); }
  [[nodiscard]] int number_of_objectives() const { return number_of_objectives_; }
  [[nodiscard]] const Eigen::VectorXd& lower() const { return lower_; }
  [[nodiscard]] const Eigen::VectorXd& upper() const { return upper_; }
  /// Every variable is 0 or 1.
  [[nodiscard]] bool binary() const { return self_->binary(); }
  /// The variables that matter, ascending from 0: all of them unless the problem has others.
  [[nodiscard]] std::vector<int> relevant() const { return self_->relevant(); }
  /// What else defines the instance, such as the exponent of DTLZ4.
  [[nodiscard]] std::vector<std::pair<std::string, double>> parameters() const { return self_->parameters(); }

  /// The objectives at `x`, in the problem's own units. @throws InvalidInput for a wrong length, a value that is not
  /// within the bounds, or one that is neither 0 nor 1 when binary.
  [[nodiscard]] Eigen::VectorXd evaluate(std::span<const double> x) const;

  [[nodiscard]] FrontKnowledge front_knowledge() const { return self_->front_knowledge(); }
  /// Mutually non-dominated points of the front, one row each. For two objectives `count` of them where the front is
  /// continuous; for more the finest regular grid with at most `count` points (but at least one per objective).
  /// @throws InvalidInput when the front is unknown or `count` is below 2.
  [[nodiscard]] Eigen::MatrixXd pareto_front(Eigen::Index count) const;
  /// Best and worst value of each objective on the front, where analytic.
  [[nodiscard]] std::optional<Eigen::VectorXd> ideal() const { return self_->ideal(); }
  [[nodiscard]] std::optional<Eigen::VectorXd> nadir() const { return self_->nadir(); }

 private:
  struct Interface {
    virtual ~Interface() = default;
    virtual std::string name() const = 0;
    virtual int number_of_variables() const = 0;
    virtual int number_of_objectives() const = 0;
    virtual Eigen::VectorXd lower() const = 0;
    virtual Eigen::VectorXd upper() const = 0;
    virtual Eigen::VectorXd evaluate(std::span<const double> x) const = 0;
    virtual bool binary() const = 0;
    virtual std::vector<int> relevant() const = 0;
    virtual FrontKnowledge front_knowledge() const = 0;
    virtual Eigen::MatrixXd pareto_front(Eigen::Index count) const = 0;
    virtual std::optional<Eigen::VectorXd> ideal() const = 0;
    virtual std::optional<Eigen::VectorXd> nadir() const = 0;
    virtual std::vector<std::pair<std::string, double>> parameters() const = 0;
  };

  template <typename T>
  struct Model final : Interface {
    explicit Model(T definition) : problem(std::move(definition)) {}
    std::string name() const override { return problem.name(); }
    int number_of_variables() const override { return problem.number_of_variables(); }
    int number_of_objectives() const override { return problem.number_of_objectives(); }
    Eigen::VectorXd lower() const override { return problem.lower(); }
    Eigen::VectorXd upper() const override { return problem.upper(); }
    Eigen::VectorXd evaluate(std::span<const double> x) const override { return problem.evaluate(x); }
    bool binary() const override {
      if constexpr (requires { problem.binary(); }) return problem.binary();
      return false;
    }
    std::vector<int> relevant() const override {
      if constexpr (requires { problem.relevant(); }) return problem.relevant();
      std::vector<int> all(static_cast<std::size_t>(problem.number_of_variables()));
      std::iota(all.begin(), all.end(), 0);
      return all;
    }
    FrontKnowledge front_knowledge() const override {
      if constexpr (requires { problem.front_knowledge(); }) return problem.front_knowledge();
      return FrontKnowledge::unknown;
    }
    Eigen::MatrixXd pareto_front([[maybe_unused]] Eigen::Index count) const override {
      if constexpr (requires { problem.pareto_front(count); }) return problem.pareto_front(count);
      return {};
    }
    std::optional<Eigen::VectorXd> ideal() const override {
      if constexpr (requires { problem.ideal(); }) return problem.ideal();
      return std::nullopt;
    }
    std::optional<Eigen::VectorXd> nadir() const override {
      if constexpr (requires { problem.nadir(); }) return problem.nadir();
      return std::nullopt;
    }
    std::vector<std::pair<std::string, double>> parameters() const override {
      if constexpr (requires { problem.parameters(); }) return problem.parameters();
      return {};
    }
    T problem;
  };

  void read_shape();

  std::shared_ptr<const Interface> self_;
  Eigen::VectorXd lower_;
  Eigen::VectorXd upper_;
  int number_of_objectives_ = 0;
};

}  // namespace hyperego
