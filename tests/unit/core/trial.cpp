#include <hyperego/core/error.hpp>
#include <hyperego/core/objective.hpp>
#include <hyperego/core/trial.hpp>

#include <doctest/doctest.h>

#include <limits>

using namespace hyperego;

TEST_CASE("statuses have names") {
  for (const char* name : {"waiting", "running", "completed", "infeasible", "failed", "timed_out", "lost", "stopped"}) {
    CHECK(to_string(trial_status_from(name, "x")) == name);
  }
  CHECK_THROWS_WITH_AS((void)trial_status_from("complete", "journal/3"),
                       "journal/3: \"complete\" is no trial status; did you mean \"completed\"?", InvalidInput);
}

TEST_CASE("an outcome that is not finite is a failure that says so") {
  Outcome outcome{.objectives = Eigen::Vector2d(1, 2)};
  CHECK(checked_outcome(outcome, 2).status == TrialStatus::completed);
  CHECK(checked_outcome(outcome, 3).message == "expected 3 objectives, got 2");
  outcome.objectives(1) = std::numeric_limits<double>::quiet_NaN();
  const Outcome checked = checked_outcome(outcome, 2);
  CHECK(checked.status == TrialStatus::failed);
  CHECK(checked.message == "objective 1 is not finite");
  CHECK(checked.objectives.size() == 0);
  outcome = {.objectives = Eigen::Vector2d(1, 2),
             .constraints = Eigen::VectorXd::Constant(1, -std::numeric_limits<double>::infinity())};
  CHECK(checked_outcome(outcome, 2).message == "constraint 0 is not finite");
  CHECK(checked_outcome({.status = TrialStatus::infeasible}, 2).status == TrialStatus::infeasible);
  CHECK(checked_outcome({.status = TrialStatus::timed_out, .objectives = Eigen::Vector2d(1, 2)}, 2).objectives.size() ==
        0);
}

TEST_CASE("maximised objectives are negated at the boundary") {
  const std::vector<Objective> objectives{{.name = "error"}, {.name = "accuracy", .direction = Direction::maximize}};
  CHECK(to_minimised(objectives, Eigen::Vector2d(0.1, 0.9)) == Eigen::Vector2d(0.1, -0.9));
  CHECK(from_minimised(objectives[1], -0.9) == 0.9);
  CHECK_THROWS_AS((void)to_minimised(objectives, Eigen::Vector3d(1, 2, 3)), InvalidInput);
}
