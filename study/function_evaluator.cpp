#include <hyperego/study/evaluators.hpp>

#include <utility>

namespace hyperego {
namespace {

class FunctionEvaluator final : public Evaluator {
 public:
  FunctionEvaluator(ObjectiveFunction function, std::size_t number_of_objectives)
      : function_(std::move(function)), number_of_objectives_(number_of_objectives) {}

  Outcome evaluate(std::uint64_t /*trial*/, const Configuration& configuration, std::uint64_t /*trial_seed*/) override {
    const std::vector<double> values = function_(configuration);
    Outcome outcome;
    outcome.objectives = Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
    return checked_outcome(std::move(outcome), number_of_objectives_);
  }

 private:
  ObjectiveFunction function_;
  std::size_t number_of_objectives_;
};

}  // namespace

std::unique_ptr<Evaluator> function_evaluator(ObjectiveFunction function, std::size_t number_of_objectives) {
  return std::make_unique<FunctionEvaluator>(std::move(function), number_of_objectives);
}

}  // namespace hyperego
