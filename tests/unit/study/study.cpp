// Studies in memory and in run directories, with the real loop and random search.
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/study/earlier_studies.hpp>
#include <hyperego/study/evaluators.hpp>
#include <hyperego/study/runner.hpp>
#include <hyperego/study/status_json.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "temporary_directory.hpp"
#include <atomic>
#include <cmath>
#include <fstream>
#include <limits>
#include <mutex>
#include <sstream>
#include <thread>

using namespace hyperego;
using hyperego::test::TemporaryDirectory;
using nlohmann::ordered_json;

namespace {

StudySpecification specification(std::uint64_t trials = 12, std::size_t workers = 1, bool synchronous = true) {
  StudySpecification study;
  study.name = "test";
  study.space = std::make_shared<const SearchSpace>(
      std::vector{make_float("x", 0, 1), make_integer("k", 1, 8),
                  make_categorical("c", {std::string("a"), std::string("b,\"c\"")})});
  study.objectives = {{.name = "loss"}, {.name = "score", .direction = Direction::maximize}};
  study.optimizer = std::make_shared<const ordered_json>(ordered_json{{"name", "random"}});
  study.limits.trials = trials;
  study.workers = workers;
  study.synchronous = synchronous;
  study.seed = 3;
  return study;
}

std::vector<double> objective(const Configuration& configuration) {
  return {configuration[0] + configuration[2], configuration[0] * configuration[1]};
}

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

/// The journal without what depends on the clock.
std::string timeless_journal(const std::filesystem::path& directory) {
  std::string text;
  for (ordered_json event : Journal::read(directory / "journal.jsonl").events) {
    event.erase("time");
    text += event.dump() + "\n";
  }
  return text;
}

RunSummary run(Study& study, ObjectiveFunction function = objective) {
  StopSignal stop;
  const auto evaluator = function_evaluator(std::move(function), study.specification().objectives.size());
  return run_study(study, *evaluator, stop, nullptr, {.back_off_s = 0});
}

RunSummary run_in(const std::filesystem::path& directory, const StudySpecification& study, OpenMode mode,
                  ObjectiveFunction function = objective) {
  Study opened(study, directory, mode);
  return run(opened, std::move(function));
}

}  // namespace

TEST_CASE("a study in memory runs to its end") {
  Study study(specification(20));
  const RunSummary summary = run(study);
  CHECK(summary.reason == StudyEnd::trials);
  CHECK(study.history().ended() == 20);
  CHECK(study.history().count(TrialStatus::completed) == 20);
  CHECK(study.history().archive().size() >= 1);
  CHECK(*study.history().hypervolume() > 0);
  CHECK(study.history().stopped()->reason == "trials");
}

TEST_CASE("the files of a run directory have the forms of the contract") {
  const TemporaryDirectory directory;
  const auto path = directory / "run";
  CHECK(run_in(path, specification(6), OpenMode::start).reason == StudyEnd::trials);
  const auto events = Journal::read(path / "journal.jsonl").events;
  std::map<std::uint64_t, int> endings;
  std::size_t suggested = 0;
  for (const ordered_json& event : events) {
    if (event.at("event") == "suggested") {
      ++suggested;
      for (const char* member : {"trial", "configuration", "weights", "surrogate", "free", "digest"})
        CHECK(event.contains(member));
      CHECK_FALSE(event.contains("status"));
      CHECK_FALSE(event.contains("objectives"));
    }
    if (!event.contains("status")) continue;
    ++endings[event.at("trial").get<std::uint64_t>()];
    CHECK(event.at("status") == "completed");
    CHECK(event.at("configuration").size() == 3);
    CHECK(event.at("objectives").at("score").get<double>() >= 0);
  }
  CHECK(suggested == 6);
  CHECK(endings.size() == 6);

  std::istringstream decisions(text_of(path / "decisions.jsonl"));
  std::string line;
  std::size_t lines = 0;
  while (std::getline(decisions, line)) {
    const ordered_json decision = parse_json(line, "decision");
    CHECK(decision.at("trial") == lines++);
    for (const char* member : {"phase", "threshold", "weights", "baseline", "shapley", "game", "free", "frozen",
                               "reason", "predicted", "acquisition"}) {
      CHECK(decision.contains(member));
    }
  }
  CHECK(lines == 6);

  const ordered_json front = parse_json(text_of(path / "front.json"), "front");
  REQUIRE(front.is_array());
  REQUIRE_FALSE(front.empty());
  CHECK(front[0].size() == 2);
  const std::string csv = text_of(path / "front.csv");
  CHECK(csv.rfind("trial,x,k,c,loss,score\n", 0) == 0);
  CHECK(read_study(path / "study.json", {}, StudySource::recorded).limits.trials == 6);

  const StudyHistory history = RunDirectory::read_history(path);
  const ordered_json status = status_json(history, false);
  CHECK(status.at("trials").at("completed") == 6);
  CHECK(status.at("front").size() == front.size());
  CHECK(status.at("stopped").at("reason") == "trials");
}

TEST_CASE("an interrupted study goes on as if nothing had happened") {
  for (const std::size_t workers : {std::size_t{1}, std::size_t{3}}) {
    CAPTURE(workers);
    const TemporaryDirectory directory;
    const auto study = specification(20, workers);
    (void)run_in(directory / "whole", study, OpenMode::start);
    for (int interruption = 1; interruption < 20; interruption += 4) {
      CAPTURE(interruption);
      const auto path = directory / ("part" + std::to_string(interruption));
      {
        Study opened(study, path, OpenMode::start);
        StopSignal stop;
        std::atomic<int> evaluations = 0;
        const auto evaluator = function_evaluator(
            [&](const Configuration& configuration) {
              if (++evaluations == interruption) stop.raise();
              return objective(configuration);
            },
            2);
        const RunSummary summary = run_study(opened, *evaluator, stop);
        CHECK(summary.reason == StudyEnd::interrupted);
      }
      CHECK_THROWS_AS(Study(study, path, OpenMode::start), InvalidInput);
      CHECK(run_in(path, study, OpenMode::resume).reason == StudyEnd::trials);
      CHECK(timeless_journal(path) == timeless_journal(directory / "whole"));
      for (const char* file : {"decisions.jsonl", "games.jsonl", "front.json", "front.csv", "study.json"}) {
        CHECK(text_of(path / file) == text_of(directory / "whole" / file));
      }
    }
  }
}

TEST_CASE("a journal cut at any byte is repaired and ends up the same") {
  const TemporaryDirectory directory;
  const auto study = specification(7, 3);
  (void)run_in(directory / "whole", study, OpenMode::start);
  const std::string journal = text_of(directory / "whole" / "journal.jsonl");
  std::filesystem::copy(directory / "whole", directory / "cut", std::filesystem::copy_options::recursive);
  for (std::size_t size = 0; size < journal.size(); size += 97) {
    CAPTURE(size);
    std::ofstream(directory / "cut" / "journal.jsonl", std::ios::binary | std::ios::trunc) << journal.substr(0, size);
    (void)run_in(directory / "cut", study, OpenMode::resume);
    REQUIRE(timeless_journal(directory / "cut") == timeless_journal(directory / "whole"));
    REQUIRE(text_of(directory / "cut" / "decisions.jsonl") == text_of(directory / "whole" / "decisions.jsonl"));
  }
  std::filesystem::remove(directory / "cut" / "journal.jsonl");
  (void)run_in(directory / "cut", study, OpenMode::resume);
  CHECK(timeless_journal(directory / "cut") == timeless_journal(directory / "whole"));
}

TEST_CASE("batches are told in trial order whatever the timing") {
  const TemporaryDirectory directory;
  (void)run_in(directory / "plain", specification(12, 4), OpenMode::start);
  std::atomic<int> calls = 0;
  (void)run_in(directory / "shuffled", specification(12, 4), OpenMode::start, [&](const Configuration& configuration) {
    std::this_thread::sleep_for(std::chrono::milliseconds((4 - calls++ % 4) * 5));
    return objective(configuration);
  });
  CHECK(timeless_journal(directory / "plain") == timeless_journal(directory / "shuffled"));
  CHECK_FALSE(std::filesystem::exists(directory / "shuffled" / "early.jsonl"));
}

TEST_CASE("a result that came before its turn is not lost") {
  const TemporaryDirectory directory;
  const auto study = specification(3, 3);
  const auto path = directory / "run";
  std::vector<PendingTrial> trials;
  {
    Study opened(study, path, OpenMode::start);
    trials = opened.ask(3);
    Outcome outcome;
    outcome.objectives = Eigen::Vector2d(0.5, 0.25);
    opened.directory()->keep_early({{trials[1].trial, trials[1].configuration, outcome}, 1});
  }
  std::mutex mutex;
  std::vector<Configuration> evaluated;
  (void)run_in(path, study, OpenMode::resume, [&](const Configuration& configuration) {
    const std::lock_guard lock(mutex);
    evaluated.push_back(configuration);
    return objective(configuration);
  });
  CHECK(evaluated.size() == 2);
  const StudyHistory history = RunDirectory::read_history(path);
  CHECK(history.records()[1].outcome->objectives[1] == 0.25);
  CHECK(history.ended() == 3);
}

TEST_CASE("results that came before their turn are forgotten once they are told") {
  const TemporaryDirectory directory;
  const auto path = directory / "run";
  const auto early = path / "early.jsonl";
  Outcome outcome;
  outcome.objectives = Eigen::Vector2d(0.5, 0.25);
  outcome.message = std::string(1000, 'm');
  for (const bool are_told : {false, true}) {
    CAPTURE(are_told);
    {
      Study opened(specification(3, 3), path, OpenMode::resume);
      const auto trials = opened.history().records().empty() ? opened.ask(3) : opened.pending();
      for (int i = 0; i < 100; ++i) opened.directory()->keep_early({{1, trials[1].configuration, outcome}, 1});
      const auto much = std::filesystem::file_size(early);
      opened.directory()->early_are_told();
      CHECK(std::filesystem::file_size(early) == 0);
      opened.directory()->keep_early({{1, trials[1].configuration, outcome}, 1});
      // A few bytes are not worth a flush for each batch.
      if (are_told) opened.directory()->early_are_told();
      CHECK(std::filesystem::file_size(early) > 0);
      CHECK(std::filesystem::file_size(early) * 50 < much);
    }
    CHECK(std::filesystem::exists(early) == !are_told);
  }
}

TEST_CASE("asynchronous studies can be replayed from their journal") {
  const TemporaryDirectory directory;
  const auto path = directory / "run";
  const auto study = specification(15, 3, false);
  (void)run_in(path, study, OpenMode::start);
  CHECK(RunDirectory::read_history(path).ended() == 15);
  auto longer = study;
  longer.limits.trials = 20;
  CHECK(run_in(path, longer, OpenMode::resume).reason == StudyEnd::trials);
  CHECK(RunDirectory::read_history(path).ended() == 20);
}

TEST_CASE("a failed trial is data") {
  Study study(specification(9));
  int call = 0;
  const RunSummary summary = run(study, [&](const Configuration& configuration) -> std::vector<double> {
    switch (call++) {
      case 1:
        return {std::nan(""), 1};
      case 2:
        return {1, HUGE_VAL};
      case 3:
        throw std::runtime_error("out of memory");
      case 4:
        return {1};
      case 5:
        throw 3;
      default:
        return objective(configuration);
    }
  });
  CHECK(summary.reason == StudyEnd::trials);
  CHECK(study.history().count(TrialStatus::failed) == 5);
  CHECK(study.history().count(TrialStatus::completed) == 4);
  CHECK(study.history().records()[3].outcome->message == "out of memory");
  CHECK(study.history().records()[1].outcome->objectives.size() == 0);
}

TEST_CASE("every limit ends a study and is recorded") {
  const auto ended_by = [](const auto& change, ObjectiveFunction function = objective) {
    StudySpecification limited = specification(60);
    change(limited);
    Study study(limited);
    const RunSummary summary = run(study, std::move(function));
    CHECK(study.history().stopped()->reason == to_string(summary.reason));
    return std::pair(summary.reason, study.history().ended());
  };
  using Reason = StudyEnd;
  const auto fail = [](const Configuration&) -> std::vector<double> { throw std::runtime_error("no"); };
  CHECK(ended_by([](auto& s) { s.max_failures = 4; }, fail) == std::pair(Reason::max_failures, std::uint64_t{4}));
  CHECK(ended_by([](auto& s) { s.max_failures = std::nullopt; }, fail) == std::pair(Reason::trials, std::uint64_t{60}));
  CHECK(ended_by([](auto& s) { s.limits.wall_s = 1e-9; }).first == Reason::wall_clock);
  CHECK(ended_by([](auto& s) { s.limits.evaluation_s = 1e-9; }).first == Reason::evaluation_time);
  CHECK(ended_by([](auto& s) { s.limits.target_hypervolume = 1e-6; }).first == Reason::target_hypervolume);
  CHECK(ended_by([](auto& s) { s.limits.stall_trials = 3; },
                 [](const Configuration&) {
                   return std::vector<double>{1, 1};
                 })
            .first == Reason::stalled);
  CHECK(ended_by([](auto& s) {
          s.space = std::make_shared<const SearchSpace>(
              std::vector{make_integer("a", 1, 2), make_integer("b", 1, 2), make_constant("c", std::int64_t{1})});
        }) == std::pair(Reason::exhausted, std::uint64_t{4}));
}

TEST_CASE("lost trials are tried again, then given up") {
  class Losing final : public Evaluator {
   public:
    Outcome evaluate(std::uint64_t trial, const Configuration& configuration, std::uint64_t /*seed*/) override {
      if (trial == 1 && ++attempts_ < 3) return {.status = TrialStatus::lost, .message = "gone"};
      if (trial == 2) return {.status = TrialStatus::lost, .message = "gone"};
      Outcome outcome;
      const auto values = objective(configuration);
      outcome.objectives = Eigen::Vector2d(values[0], values[1]);
      return outcome;
    }

   private:
    int attempts_ = 0;
  } losing;
  Study study(specification(4));
  StopSignal stop;
  (void)run_study(study, losing, stop, nullptr, {.back_off_s = 0});
  CHECK(study.history().records()[1].outcome->status == TrialStatus::completed);
  CHECK(study.history().records()[2].outcome->status == TrialStatus::lost);
}

TEST_CASE("the reference point is the study's, or the worst of the first trials") {
  auto given = specification(8);
  given.objectives[0].reference = 2.5;
  given.objectives[1].reference = -1;
  Study study(given);
  CHECK(study.history().reference()->minimised == Eigen::Vector2d(2.5, 1));
  CHECK(study.history().reference()->source(given.objectives) == "given by the study");

  Study estimated(specification(8));
  CHECK_FALSE(estimated.history().reference().has_value());
  (void)run(estimated);
  CHECK(estimated.history().reference()->initial_trials == 4);
  double worst = 0;
  for (std::size_t i = 0; i < 4; ++i) worst = std::max(worst, estimated.history().records()[i].outcome->objectives[0]);
  CHECK(estimated.history().reference()->minimised[0] == worst);
}

TEST_CASE("a value too good to be measured ends no study") {
  StudySpecification spec = specification(40);
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
  StudySpecification spec = specification(8);
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
  StudySpecification spec = specification(40);
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

TEST_CASE("a directory is refused where something would be lost") {
  const TemporaryDirectory directory;
  const auto study = specification(3);
  auto other = study;
  other.seed = 4;
  const auto path = directory / "run";
  (void)run_in(path, study, OpenMode::start);
  const std::string journal = text_of(path / "journal.jsonl");
  CHECK_THROWS_AS(Study(other, path, OpenMode::resume), InvalidInput);
  CHECK_THROWS_AS(Study(study, path, OpenMode::start), InvalidInput);
  {
    const FileLock lock(path / "lock");
    CHECK_THROWS_AS(Study(study, path, OpenMode::resume), StoreError);
  }
  std::filesystem::create_directory(directory / "foreign");
  std::ofstream(directory / "foreign" / "front.csv") << "mine";
  CHECK_THROWS_AS(Study(study, directory / "foreign", OpenMode::start), InvalidInput);
  std::ofstream(directory / "file") << "x";
  CHECK_THROWS_AS(Study(study, directory / "file", OpenMode::start), InvalidInput);
  CHECK(text_of(path / "journal.jsonl") == journal);

  // Damage in the middle: refused, and nothing is changed.
  std::string damaged = journal;
  damaged[journal.find('\n') + 5] = '#';
  std::ofstream(path / "journal.jsonl", std::ios::trunc) << damaged;
  CHECK_THROWS_AS(Study(study, path, OpenMode::resume), StoreError);
  CHECK_THROWS_AS((void)RunDirectory::read_history(path), StoreError);
  CHECK(text_of(path / "journal.jsonl") == damaged);

  // A line that is missing, doubled or altered is damage as well.
  const auto lines = [&] {
    std::vector<std::string> result;
    std::istringstream stream(journal);
    for (std::string line; std::getline(stream, line);) result.push_back(line + "\n");
    return result;
  }();
  const auto refuses = [&](const std::vector<std::size_t>& order) {
    std::ofstream file(path / "journal.jsonl", std::ios::trunc);
    for (const std::size_t i : order) file << lines[i];
    file.close();
    CHECK_THROWS_AS(Study(study, path, OpenMode::resume), StoreError);
  };
  refuses({0, 1, 2, 4});
  refuses({0, 3, 4});
  refuses({0, 1, 2, 2, 3, 4});
  refuses({0, 2, 1, 3, 4});
}

TEST_CASE("projections are made anew from the journal") {
  const TemporaryDirectory directory;
  const auto path = directory / "run";
  (void)run_in(path, specification(5), OpenMode::start);
  const std::string decisions = text_of(path / "decisions.jsonl");
  for (const std::string& wrong :
       {std::string(), decisions.substr(0, decisions.size() / 2), decisions + "{\"trial\":5}\n"}) {
    std::ofstream(path / "decisions.jsonl", std::ios::trunc) << wrong;
    const Study study(specification(5), path, OpenMode::resume);
    CHECK(text_of(path / "decisions.jsonl") == decisions);
  }
}

TEST_CASE("asking and telling by hand equals running") {
  const TemporaryDirectory directory;
  (void)run_in(directory / "run", specification(8), OpenMode::start);
  for (int trial = 0; trial < 8; ++trial) {
    Study study(specification(8), directory / "hand", OpenMode::resume);
    const auto asked = study.ask(1);
    REQUIRE(asked.size() == 1);
    const auto values = objective(asked[0].configuration);
    Outcome outcome;
    outcome.objectives = Eigen::Vector2d(values[0], values[1]);
    study.tell(asked[0].trial, outcome);
    CHECK_FALSE(study.tell(asked[0].trial, outcome));
    CHECK_THROWS_AS(study.tell(99, outcome), InvalidInput);
  }
  {
    Study study(specification(8), directory / "hand", OpenMode::resume);
    (void)run(study);
  }
  CHECK(timeless_journal(directory / "hand") == timeless_journal(directory / "run"));
}

namespace {

StudySpecification parego(std::uint64_t trials, const ordered_json& members = ordered_json::object()) {
  StudySpecification study = specification(trials);
  ordered_json options{
      {"name", "parego"}, {"initial_trials", 5}, {"acquisition", {{"random_candidates", 60}, {"starts", 1}}}};
  options.update(members);
  study.optimizer = std::make_shared<const ordered_json>(std::move(options));
  return study;
}

/// Different for every call, as a noisy program's results are.
ObjectiveFunction noisy(const std::shared_ptr<std::atomic<int>>& calls) {
  return [calls](const Configuration& configuration) {
    std::vector<double> values = objective(configuration);
    const double noise = 0.1 * std::sin(37.0 * ++*calls);
    return std::vector<double>{values[0] + noise, values[1] - noise};
  };
}

}  // namespace

TEST_CASE("the front holds means where a configuration completed several times") {
  const TemporaryDirectory directory;
  const auto path = directory / "run";
  (void)run_in(path, parego(40, {{"repeats", 0.5}}), OpenMode::start, noisy(std::make_shared<std::atomic<int>>(0)));
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
  StudySpecification study = specification(10);
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

TEST_CASE("a study starts from what earlier ones found, and needs nothing of them to go on") {
  const TemporaryDirectory directory;
  (void)run_in(directory / "first", parego(20), OpenMode::start);
  StudySpecification second = parego(16);
  second.seed = 8;
  second.warm_start = {directory / "first"};
  const StudyHistory earlier = RunDirectory::read_history(directory / "first");

  const auto whole = directory / "whole";
  (void)run_in(whole, second, OpenMode::start);
  const StudyHistory history = RunDirectory::read_history(whole);
  CHECK(history.ended() == 16);  // none of theirs counts
  std::size_t designed = 0;
  std::istringstream decisions(text_of(whole / "decisions.jsonl"));
  for (std::string line; std::getline(decisions, line);) {
    const ordered_json decision = parse_json(line, "decision");
    if (decision.at("phase") == "initial") {
      // Only the best of the earlier study is planned: its trials replace the rest of the design.
      const Configuration& c = history.records()[designed++].configuration;
      bool is_on_earlier_front = false;
      for (const std::uint64_t trial : earlier.front()) {
        is_on_earlier_front = is_on_earlier_front || earlier.records()[trial].configuration == c;
      }
      CHECK(is_on_earlier_front);
    } else {
      CHECK(decision.at("notes").dump().find("20 trials of earlier studies") != std::string::npos);
    }
  }
  CHECK(designed >= 1);
  CHECK(designed <= 3);

  // Interrupted, and the earlier study gone: the same bytes.
  const auto part = directory / "part";
  {
    StudySpecification shorter = second;
    shorter.limits.trials = 16;
    Study opened(shorter, part, OpenMode::start);
    StopSignal stop;
    std::atomic<int> evaluations = 0;
    const auto evaluator = function_evaluator(
        [&](const Configuration& configuration) {
          if (++evaluations == 9) stop.raise();
          return objective(configuration);
        },
        2);
    CHECK(run_study(opened, *evaluator, stop).reason == StudyEnd::interrupted);
  }
  std::filesystem::remove_all(directory / "first");
  CHECK(run_in(part, second, OpenMode::resume).reason == StudyEnd::trials);
  CHECK(timeless_journal(part) == timeless_journal(whole));
  CHECK(text_of(part / "decisions.jsonl") == text_of(whole / "decisions.jsonl"));
  // What was kept is needed, and its loss is said.
  std::filesystem::remove(part / "warm_start.json");
  CHECK_THROWS_WITH_AS(Study(second, part, OpenMode::resume), doctest::Contains("warm_start.json: is missing"),
                       StoreError);
}

TEST_CASE("trials of a study in another space are taken over where they are legal") {
  const TemporaryDirectory directory;
  (void)run_in(directory / "first", parego(12), OpenMode::start);
  const StudyHistory earlier = RunDirectory::read_history(directory / "first");
  const std::vector<Value> choices{std::string("a"), std::string("b,\"c\"")};
  const auto taken = [&](std::vector<Hyperparameter> hyperparameters,
                         std::vector<SearchSpace::ChildCondition> conditions = {},
                         std::vector<ForbiddenClause> forbidden = {}) {
    StudySpecification study = parego(6);
    study.space =
        std::make_shared<const SearchSpace>(std::move(hyperparameters), std::move(conditions), std::move(forbidden));
    study.warm_start = {directory / "first"};
    const ordered_json kept = read_earlier_studies(study);
    CHECK(earlier_trials(kept, study, "kept").size() == kept["studies"][0]["trials"].size());
    return remarks_on(kept).at(0);
  };
  const auto legal = [&](const auto& is_legal) {
    std::size_t count = 0;
    for (const StudyHistory::Record& record : earlier.records()) count += is_legal(record.configuration) ? 1 : 0;
    return std::to_string(count) + " of the 12 completed trials of \"test\" in";
  };
  const Hyperparameter x = make_float("x", 0, 1);
  const Hyperparameter k = make_integer("k", 1, 8);
  const Hyperparameter c = make_categorical("c", choices);
  const std::string all = "warm start: 12 of the 12 completed trials of \"test\" in";
  CHECK(taken({make_float("x", 0, 2), k, c}).find(all) == 0);          // widened
  CHECK(taken({x, make_float("k", 0, 9), c}).find(all) == 0);          // another kind, the same values
  CHECK(taken({x, make_integer("k", 1, 8, true), c}).find(all) == 0);  // another scale
  CHECK(taken({x, k, make_categorical("c", {choices[1], choices[0], std::string("d")})}).find(all) == 0);
  // A child of what is new is inactive in every old trial.
  CHECK(taken({x, k, make_categorical("c", {choices[0], choices[1], std::string("d")}), make_float("z", 0, 1)},
              {{3, Comparison{.parent = 2, .codes = {2}}}})
            .find(all) == 0);

  const std::string narrower = taken({make_float("x", 0, 0.5), k, c});
  CAPTURE(narrower);
  CHECK(narrower.find(legal([](const Configuration& one) { return one[0] <= 0.5; })) != std::string::npos);
  CHECK(narrower.find(" where \"x\" is not a float in [0, 0.5]") != std::string::npos);
  CHECK(taken({x, make_quantised("k", {.lower = 1, .upper = 7, .q = 2, .whole = true}), c})
            .find(legal([](const Configuration& one) { return std::fmod(one[1], 2) == 1; })) != std::string::npos);
  CHECK(taken({x, k, make_categorical("c", {choices[0], std::string("d")})}).find(legal([](const Configuration& one) {
    return one[2] == 0;
  })) != std::string::npos);
  CHECK(taken({x, k, c}, {}, {{.terms = {{2, {1}}}}}).find(legal([](const Configuration& one) {
    return one[2] == 0;
  })) != std::string::npos);
}

TEST_CASE("studies that do not fit are refused with the reason") {
  const TemporaryDirectory directory;
  const auto path = directory / "first";
  (void)run_in(path, parego(6), OpenMode::start);
  const auto refused = [&](StudySpecification study, const std::string& reason) {
    study.warm_start = {path};
    CAPTURE(reason);
    CHECK_THROWS_WITH_AS(Study{study}, doctest::Contains(reason.c_str()), InvalidInput);
  };
  StudySpecification other = parego(6);
  const Hyperparameter c = make_categorical("c", {std::string("a"), std::string("b,\"c\"")});
  const auto with = [](std::vector<Hyperparameter> hyperparameters) {
    return std::make_shared<const SearchSpace>(std::move(hyperparameters));
  };
  other.space = with({make_float("x", 0, 1), make_integer("k", 1, 8)});
  refused(other,
          "study/warm_start/0: cannot start from \"test\": it has a hyperparameter \"c\", which this study has not");
  other.space = with({make_float("x", 0, 1), make_integer("k", 1, 8), c, make_float("z", 0, 1)});
  refused(other, "it has no hyperparameter \"z\", and what its trials used in that place is not known");
  other.space = with({make_float("rate", 0, 1), make_integer("k", 1, 8), c});
  refused(
      other,
      "it has a hyperparameter \"x\", which this study has not, and none \"rate\"; give what was renamed its old name");
  other = parego(6);
  other.objectives[1].direction = Direction::minimize;
  refused(other, "there \"score\" is to be maximized, here to be minimized");
  other = parego(6);
  other.objectives[0].name = "error";
  refused(other, "its objective 1 is \"loss\", here it is \"error\"");
  other = parego(6);
  other.constraints = {{.name = "memory", .upper = 3}};
  refused(other, "its constraints are others");
  refused(specification(6), "\"random\" has no model");
  other = parego(6);
  other.warm_start = {directory / "nothing"};
  CHECK_THROWS_WITH_AS(Study{other}, doctest::Contains("is no run directory"), InvalidInput);
}
