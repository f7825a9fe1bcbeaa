#include <hyperego/report/document/detail/worker_timeline.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "report_document.hpp"
#include <vector>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

struct Timed {
  std::uint64_t batch_first = 0;
  double seconds = 0, told_s = 0;
};

StudyRecord record_of(const std::vector<Timed>& trials, std::size_t workers, bool synchronous) {
  const ordered_json json = test::problem("zdt1", 2, 2, 20, "random");
  StudyRecord record{StudyHistory([&] {
                       StudySpecification study = study_from_json(json, "test", ".");
                       study.workers = workers;
                       study.synchronous = synchronous;
                       return study;
                     }()),
                     {},
                     {},
                     nullptr,
                     "",
                     "",
                     0,
                     false};
  for (std::uint64_t trial = 0; trial < trials.size(); ++trial) {
    const Configuration configuration(std::vector<double>{0.1, 0.01 * static_cast<double>(trial)});
    SuggestedEvent suggested;
    suggested.trial = trial;
    suggested.batch_first = trials[trial].batch_first;
    suggested.batch_size = workers;
    suggested.configuration = configuration;
    record.history.apply(suggested);
    record.history.apply(
        EndedEvent{{trial, configuration, {.objectives = Eigen::Vector2d(1, 1), .seconds = trials[trial].seconds}},
                   trials[trial].told_s});
    record.entries.push_back({nullptr, nullptr, trials[trial].told_s});
    record.ended.push_back(trial);
  }
  return record;
}

}  // namespace

TEST_CASE("a trial that waited to be told started with its batch") {
  // The second trial of the batch took 1 s but was told after the first, which took 3 s.
  const auto trials = detail::worker_timeline(record_of({{0, 3, 3}, {0, 1, 3.001}, {2, 2, 5.1}, {2, 4, 7.1}}, 2, true));
  REQUIRE(trials.size() == 4);
  CHECK(trials[1].trial == 1);
  CHECK(trials[1].start_s == 0);
  CHECK(trials[1].end_s == 1);
  CHECK(trials[2].start_s == doctest::Approx(3.1));
  CHECK(trials[3].start_s == doctest::Approx(3.1));
  CHECK(trials[0].worker != trials[1].worker);
  CHECK(trials[2].worker != trials[3].worker);
}

TEST_CASE("without batches a trial starts its seconds before it was told") {
  const auto trials = detail::worker_timeline(record_of({{0, 3, 3}, {1, 1, 3.001}, {2, 0, 4}}, 2, false));
  REQUIRE(trials.size() == 2);  // the last took no time that is known
  CHECK(trials[1].trial == 1);
  CHECK(trials[1].start_s == doctest::Approx(2.001));
}
