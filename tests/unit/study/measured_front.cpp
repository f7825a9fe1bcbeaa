// How a study measures its front: the reference point, values beyond measure, penalties, repeated configurations.
#include <hyperego/core/json_reader.hpp>
#include <hyperego/study/runner.hpp>
#include <hyperego/study/status_json.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "small_study.hpp"
#include "temporary_directory.hpp"
#include "written_files.hpp"
#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

using namespace hyperego;
using hyperego::test::run;
using hyperego::test::run_in;
using hyperego::test::small_objectives;
using hyperego::test::small_parego_study;
using hyperego::test::small_study;
using hyperego::test::TemporaryDirectory;
using hyperego::test::text_of;
using nlohmann::ordered_json;

namespace {

/// Different for every call, as a noisy program's results are.
ObjectiveFunction noisy(const std::shared_ptr<std::atomic<int>>& calls) {
  return [calls](const Configuration& configuration) {
    std::vector<double> values = small_objectives(configuration);
    const double noise = 0.1 * std::sin(37.0 * ++*calls);
    return std::vector<double>{values[0] + noise, values[1] - noise};
  };
}

}  // namespace

TEST_CASE("the reference point is the study's, or the worst of the first trials") {
  auto given = small_study(8);
  given.objectives[0].reference = 2.5;
  given.objectives[1].reference = -1;
  Study study(given);
  CHECK(study.history().reference()->minimised == Eigen::Vector2d(2.5, 1));
  CHECK(study.history().reference()->source(given.objectives) == "given by the study");

  Study estimated(small_study(8));
  CHECK_FALSE(estimated.history().reference().has_value());
  (void)run(estimated);
  CHECK(estimated.history().reference()->initial_trials == 4);
  double worst = 0;
  for (std::size_t i = 0; i < 4; ++i) worst = std::max(worst, estimated.history().records()[i].outcome->objectives[0]);
  CHECK(estimated.history().reference()->minimised[0] == worst);
}

TEST_CASE("a value too good to be measured ends no study") {
  StudySpecification spec = small_study(40);
  spec.limits.stall_trials = 8;
  spec.limits.target_hypervolume = 10;
  int count = 0;
  std::optional<double> volume;
  // In the third case nobody is left on the front but the trials with such values.
  for (const auto& told_values : std::vector<std::pair<double, double>>{
           {1e6, -1e6}, {-1e300, 0.5}, {std::numeric_limits<double>::lowest(), std::numeric_limits<double>::max()}}) {
    count = 0;
    const double loss = told_values.first;
    const double score = told_values.second;
    Study study(spec);
    const RunSummary summary = run(study, [&](const Configuration&) -> std::vector<double> {
      ++count;
      if (count % 4 == 2) return {loss, score};
      return {1.0 / count, 1 - 1.0 / count};
    });
    CAPTURE(loss);
    CHECK(summary.reason == StudyEnd::trials);
    CHECK(study.history().beyond_measure().size() == (loss > 0 ? 0 : 10));
    CHECK(status_json(study.history(), false).contains("hypervolume_leaves_out") == (loss < 0));
    if (!volume) volume = study.history().hypervolume();
    CHECK(*study.history().hypervolume() == doctest::Approx(*volume).epsilon(1e-12));
    CHECK(*study.history().hypervolume() > 0.9);
  }
}

TEST_CASE("where all values are beyond measure they are measured by each other") {
  StudySpecification spec = small_study(8);
  int count = 0;
  Study study(spec);
  run(study, [&](const Configuration&) -> std::vector<double> {
    ++count;
    return {-1e200 * count, 1e200 / count};
  });
  CHECK(study.history().beyond_measure().empty());
  CHECK(*study.history().hypervolume() > 0);
}

TEST_CASE("a penalty moves no reference point, and a study whose front grows does not stall") {
  StudySpecification spec = small_study(40);
  spec.limits.stall_trials = 8;
  int count = 0;
  const auto improving = [&](double penalty) {
    count = 0;
    return [&count, penalty](const Configuration&) -> std::vector<double> {
      ++count;
      if (count % 4 == 2) return {penalty, -penalty};
      return {1.0 / count, 1 - 1.0 / count};
    };
  };
  std::optional<double> volume;
  for (const double penalty : {1e4, 1e10, 1e300, std::numeric_limits<double>::max()}) {
    CAPTURE(penalty);
    Study study(spec);
    CHECK(run(study, improving(penalty)).reason == StudyEnd::trials);
    CHECK(study.history().reference()->source(spec.objectives).find("penalties left out") != std::string::npos);
    CHECK(study.history().reference()->minimised == Eigen::Vector2d(1, 0));
    if (!volume) volume = study.history().hypervolume();
    CHECK(study.history().hypervolume() == volume);
    CHECK(*study.history().hypervolume() > 0.9);
  }
}

TEST_CASE("the front holds means where a configuration completed several times") {
  const TemporaryDirectory directory;
  const auto path = directory / "run";
  (void)run_in(path, small_parego_study(40, {{"repeats", 0.5}}), OpenMode::start,
               noisy(std::make_shared<std::atomic<int>>(0)));
  const StudyHistory history = RunDirectory::read_history(path);
  const std::vector<std::uint64_t> front = history.front();
  REQUIRE_FALSE(front.empty());
  std::size_t repeated = 0;
  Eigen::MatrixXd means(static_cast<Eigen::Index>(front.size()), 2);
  for (std::size_t k = 0; k < front.size(); ++k) {
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(2);
    int count = 0;
    for (const StudyHistory::Record& record : history.records()) {
      if (!(record.configuration == history.records()[front[k]].configuration)) continue;
      sum += record.outcome->objectives;
      ++count;
    }
    repeated += count > 1 ? 1 : 0;
    CHECK((history.pooled_objectives(front[k]) - sum / count).norm() < 1e-12);
    means.row(static_cast<Eigen::Index>(k)) = (sum / count).transpose();
  }
  CHECK(repeated > 0);
  // What is written is what the front holds, and no configuration stands in it twice.
  const ordered_json written = parse_json(text_of(path / "front.json"), "front");
  const ordered_json status = status_json(history, false).at("front");
  REQUIRE(written.size() == front.size());
  for (std::size_t k = 0; k < front.size(); ++k) {
    CHECK(written[k][0].get<double>() == doctest::Approx(means(static_cast<Eigen::Index>(k), 0)));
    CHECK(status[k].at("objectives").at("score").get<double>() ==
          doctest::Approx(means(static_cast<Eigen::Index>(k), 1)));
    for (std::size_t l = 0; l < k; ++l) {
      CHECK_FALSE(history.records()[front[k]].configuration == history.records()[front[l]].configuration);
    }
  }
}

TEST_CASE("a bad repetition uncovers what its configuration dominated") {
  StudySpecification study = small_study(10);
  StudyHistory history(study);
  const Configuration a(std::vector<double>{0.25, 1, 0});
  const Configuration b(std::vector<double>{0.5, 1, 0});
  std::uint64_t next = 0;
  const auto add = [&](const Configuration& configuration, double loss, double score) {
    SuggestedEvent suggested;
    suggested.trial = suggested.batch_first = next;
    suggested.configuration = configuration;
    history.apply(suggested);
    EndedEvent ended{{next++, configuration, {.objectives = Eigen::Vector2d(loss, score)}}, 0};
    history.apply(ended);
  };
  add(a, 1, 5);
  add(b, 2, 4);
  CHECK(history.front() == std::vector<std::uint64_t>{0});
  add(a, 9, 5);
  CHECK(history.front() == std::vector<std::uint64_t>{0, 1});
  CHECK(history.pooled_objectives(0) == Eigen::Vector2d(5, 5));
  // Another repetition and a new configuration, with no look at the front between.
  add(a, 5, 5);
  add(Configuration(std::vector<double>{0.75, 1, 0}), 3, 4.5);
  CHECK(history.front() == std::vector<std::uint64_t>{0, 1, 4});
  add(Configuration(std::vector<double>{1, 1, 0}), 1, 6);
  CHECK(history.front() == std::vector<std::uint64_t>{5});
}
