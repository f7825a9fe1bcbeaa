#pragma once

#include <hyperego/core/slice.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>
#include <hyperego/moo/trials/trial_history.hpp>

namespace hyperego {

/// The user's configurations and the default, then uniform draws without repetition: the baseline of every comparison.
class RandomSearch final : public Optimizer {
 public:
  explicit RandomSearch(OptimizationProblem problem);

  [[nodiscard]] std::vector<Suggestion> ask(std::size_t count) override;
  void replay(const Suggestion& suggestion) override;
  void tell(const Trial& trial) override;
  [[nodiscard]] std::string_view name() const override { return "random"; }

 private:
  OptimizationProblem problem_;
  Slice everything_;
  std::vector<Configuration> initial_;
  TrialHistory history_;
};

}  // namespace hyperego
