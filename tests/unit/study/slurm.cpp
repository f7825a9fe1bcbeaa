#include <hyperego/core/error.hpp>
#include <hyperego/study/detail/slurm_jobs.hpp>
#include <hyperego/study/detail/slurm_script.hpp>
#include <hyperego/study/evaluators.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "temporary_directory.hpp"
#include "written_files.hpp"
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sys/stat.h>
#include <thread>

using namespace hyperego;
using hyperego::detail::SlurmFate;
using hyperego::test::TemporaryDirectory;
using hyperego::test::text_of;
using nlohmann::ordered_json;

namespace {

/// sbatch, squeue and scancel made of shell: jobs run at once, and files in the folder say what goes wrong.
class FakeSlurm {
 public:
  FakeSlurm() : path_(std::getenv("PATH")) {
    program("sbatch", R"(
cd "$FAKE"
echo "$@" >>sbatch.calls
[ -e sbatch.error ] && { cat sbatch.error >&2; exit 1; }
for a; do case $a in --array=0-*) n=${a#--array=0-};; --job-name=*) name=${a#--job-name=};; esac; script=$a; done
[ -e most ] && [ $((n + 1)) -gt $(cat most) ] && { cat most.error >&2; exit 1; }
job=$(($(cat number 2>/dev/null || echo 100) + 1)); echo $job >number
echo "$job" >"name.$name"
i=0
while [ $i -le $n ]; do
  state=$(cat force.state 2>/dev/null || echo)
  if [ -n "$state" ]; then echo "$job|$i|$state|Why|$name" >>queue
  else echo "$job|$i|COMPLETED|None|$name" >>queue; SLURM_ARRAY_TASK_ID=$i /bin/sh "$script" >/dev/null 2>&1; fi
  i=$((i + 1))
done
[ -e mute ] && { echo "sbatch: error: Socket timed out" >&2; exit 1; }
echo "$job")");
    program("squeue", R"(
cd "$FAKE"
[ -e squeue.error ] && { cat squeue.error >&2; exit 1; }
for a; do case $a in --name=*) [ -e "name.${a#--name=}" ] && cat "name.${a#--name=}"; exit 0;; esac; done
cat queue 2>/dev/null
exit 0)");
    program("scontrol", "[ -e \"$FAKE/config\" ] && cat \"$FAKE/config\"");
    program("scancel", "cd \"$FAKE\"; echo \"$@\" >>scancel.calls");
    program("sacct", "echo 'Slurm accounting storage is disabled' >&2; exit 1");
    ::setenv("PATH", (directory_.path().string() + ":" + path_).c_str(), 1);
    ::setenv("FAKE", directory_.path().c_str(), 1);
  }
  ~FakeSlurm() { ::setenv("PATH", path_.c_str(), 1); }
  FakeSlurm(const FakeSlurm&) = delete;
  FakeSlurm& operator=(const FakeSlurm&) = delete;

  void put(const std::string& name, const std::string& text) const { std::ofstream(directory_ / name) << text; }
  void remove(const std::string& name) const { std::filesystem::remove(directory_ / name); }
  [[nodiscard]] std::size_t submissions() const {
    const std::string calls = text_of(directory_ / "sbatch.calls");
    return static_cast<std::size_t>(std::count(calls.begin(), calls.end(), '\n'));
  }
  /// The largest array that was offered from the call `first` on.
  [[nodiscard]] int largest_array(std::size_t first = 0) const {
    std::istringstream calls(text_of(directory_ / "sbatch.calls"));
    int largest = 0;
    std::size_t call = 0;
    for (std::string line; std::getline(calls, line);) {
      const std::size_t at = line.find("--array=0-");
      if (call++ >= first) largest = std::max(largest, 1 + std::atoi(line.c_str() + at + 10));
    }
    return largest;
  }
  [[nodiscard]] std::string file(const std::string& name) const { return text_of(directory_ / name); }

 private:
  void program(const std::string& name, const std::string& script) const {
    std::ofstream(directory_ / name) << "#!/bin/sh\n" << script << "\n";
    ::chmod((directory_ / name).c_str(), 0755);
  }

  TemporaryDirectory directory_;
  std::string path_;
};

StudySpecification slurm_study(const std::string& script) {
  StudySpecification study;
  study.space = std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1)});
  study.objectives = {{.name = "y"}};
  SlurmEvaluation evaluation;
  evaluation.command = {.command = {"/bin/sh", "-c", script}, .directory = "/"};
  evaluation.options = {{"partition", "a b"}, {"exclusive", ""}};
  study.evaluation = evaluation;
  return study;
}

Outcome on_slurm(const StudySpecification& study, const TemporaryDirectory& directory, std::uint64_t trial = 0,
                 const std::shared_ptr<StopSignal>& stop = {}) {
  const auto evaluator = make_evaluator(study, {.jobs = directory / "slurm", .stop = stop});
  return evaluator->evaluate(trial, Configuration(std::vector<double>{0.25}), 42);
}

}  // namespace

TEST_CASE("states of Slurm and what they mean for a trial") {
  for (const char* state : {"PENDING", "RUNNING", "COMPLETING", "CONFIGURING", "SUSPENDED", "REQUEUED", "NEW_WORD"}) {
    CHECK(detail::slurm_fate(state) == SlurmFate::active);
  }
  for (const char* state : {"PREEMPTED", "NODE_FAIL", "BOOT_FAIL", "CANCELLED"}) {
    CHECK(detail::slurm_fate(state) == SlurmFate::lost);
  }
  CHECK(detail::slurm_fate("COMPLETED") == SlurmFate::completed);
  CHECK(detail::slurm_fate("TIMEOUT") == SlurmFate::timed_out);
  CHECK(detail::slurm_fate("FAILED") == SlurmFate::failed);
  CHECK(detail::slurm_fate("OUT_OF_MEMORY") == SlurmFate::failed);
}

TEST_CASE("what Slurm's programs print is read, and what is not understood is passed over") {
  const auto queue = detail::parse_squeue(
      "CLUSTER: "
      "one\n7|0|RUNNING|None|a\n7|11|PENDING|Resources|a\n7|N/A|RUNNING|None|a\n\n|||\n8|0|TIMEOUT|TimeLimit|b\n");
  CHECK(queue.size() == 3);
  CHECK(queue.at({"a", 11}).fate == SlurmFate::active);
  CHECK(queue.at({"b", 0}).state == "TIMEOUT (TimeLimit)");
  const auto past = detail::parse_sacct("7_0|CANCELLED by 1000|0:15|a\n7_[1-3]|PENDING|0:0|a\n8|FAILED|1:0|b\n");
  CHECK(past.size() == 1);
  CHECK(past.at({"a", 0}).fate == SlurmFate::lost);
  CHECK(detail::parse_job("12;cluster\n")->second == "cluster");
  CHECK(detail::parse_job("12\n")->first == "12");
  CHECK_FALSE(detail::parse_job("sbatch: error").has_value());
  CHECK_FALSE(detail::parse_job("").has_value());
  CHECK(detail::parse_task_result("139 1.5 3.0\nout\nlast")->seconds == 1.5);
  CHECK(detail::parse_task_result("0 1.N 3.N\n")->status == 0);
  CHECK_FALSE(detail::parse_task_result("0 1.5 3.0\n{}")->is_file);
  CHECK(detail::parse_task_result("0 1.N 3.N file\n{}")->is_file);
  CHECK_FALSE(detail::parse_task_result("").has_value());
  CHECK_FALSE(detail::parse_task_result("words\n").has_value());
  CHECK(detail::shell_quoted("a'b\n$c") == "'a'\\''b\n$c'");
}

TEST_CASE("a trial goes through sbatch and comes back by its file") {
  const FakeSlurm slurm;
  const TemporaryDirectory directory;
  const Outcome outcome = on_slurm(slurm_study("echo noise; echo '{\"y\": '$HYPEREGO_x'}'"), directory);
  CHECK(outcome.message == "");
  REQUIRE(outcome.status == TrialStatus::completed);
  CHECK(outcome.objectives[0] == 0.25);
  CHECK(outcome.seconds > 0);
  const std::string call = slurm.file("sbatch.calls");
  for (const char* part : {"--parsable", "--array=0-0", "--no-requeue", "--partition=a b", "--exclusive"}) {
    CHECK(call.find(part) != std::string::npos);
  }
  const Outcome failed = on_slurm(slurm_study("echo why >&2; exit 3"), directory, 1);
  CHECK(failed.status == TrialStatus::failed);
  CHECK(failed.message == "it ended with exit status 3: why");
  const Outcome written =
      on_slurm(slurm_study("printf '{\\n\"y\": 2}' > $HYPEREGO_RESULT; echo '{\"y\": 3}'; echo bye"), directory, 2);
  CHECK(written.message == "");
  REQUIRE(written.status == TrialStatus::completed);
  CHECK(written.objectives[0] == 2);
  const Outcome blank = on_slurm(slurm_study("echo > $HYPEREGO_RESULT; echo '{\"y\": 3}'"), directory, 3);
  REQUIRE(blank.status == TrialStatus::completed);
  CHECK(blank.objectives[0] == 3);
}

TEST_CASE("an end without a result is what Slurm says of it") {
  for (const auto& pair : {std::pair{"TIMEOUT", TrialStatus::timed_out}, std::pair{"PREEMPTED", TrialStatus::lost},
                           std::pair{"OUT_OF_MEMORY", TrialStatus::failed}}) {
    const auto& [state, status] = pair;
    CAPTURE(pair.first);
    const FakeSlurm slurm;
    const TemporaryDirectory directory;
    slurm.put("force.state", state);
    const Outcome outcome = on_slurm(slurm_study("true"), directory);
    CHECK(outcome.status == status);
    CHECK(outcome.message.find(std::string(state) + " (Why)") != std::string::npos);
  }
}

TEST_CASE("an sbatch that was cut off is found by the name of its job, not called twice") {
  const FakeSlurm slurm;
  const TemporaryDirectory directory;
  slurm.put("mute", "");
  const Outcome outcome = on_slurm(slurm_study("echo '{\"y\": 1}'"), directory);
  CHECK(outcome.status == TrialStatus::completed);
  CHECK(slurm.submissions() == 1);
}

TEST_CASE("another process takes over what is in the queue") {
  const FakeSlurm slurm;
  const TemporaryDirectory directory;
  slurm.put("force.state", "PENDING");
  const StudySpecification study = slurm_study("echo '{\"y\": 1}'");
  const auto stop = std::make_shared<StopSignal>();
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    stop->raise(2);
  });
  CHECK(on_slurm(study, directory, 0, stop).status == TrialStatus::lost);
  later.join();
  CHECK(slurm.file("scancel.calls").empty());
  // The job ends while nobody looks.
  std::ofstream(directory / "slurm" / "0" / "0.result") << "0 1 2\n{\"y\": 5}\n";
  const Outcome outcome = on_slurm(study, directory);
  REQUIRE(outcome.status == TrialStatus::completed);
  CHECK(outcome.objectives[0] == 5);
  CHECK(slurm.submissions() == 1);
}

/// All trials at the same time, as the workers of a study would.
std::vector<Outcome> all_on_slurm(const StudySpecification& study, const EvaluatorContext& context, std::size_t count) {
  const auto evaluator = make_evaluator(study, context);
  std::vector<Outcome> outcomes(count);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      outcomes[i] = evaluator->evaluate(i, Configuration(std::vector<double>{1.0 / static_cast<double>(i + 1)}), i);
    });
  }
  for (std::thread& thread : threads) thread.join();
  return outcomes;
}

TEST_CASE("a job that Slurm will never take is no trial's failure and ends the evaluation in Slurm's words") {
  for (const char* words :
       {"sbatch: error: Batch job submission failed: Invalid partition name specified",
        "sbatch: error: invalid partition specified: p\nsbatch: error: Batch job submission failed: Invalid partition "
        "name "
        "specified",
        "sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified",
        "sbatch: error: QOSMaxWallDurationPerJobLimit\nsbatch: error: Batch job submission failed: Job violates "
        "accounting/QOS policy (job submit limit, user's size and/or time limits)"}) {
    CAPTURE(words);
    const FakeSlurm slurm;
    const TemporaryDirectory directory;
    slurm.put("sbatch.error", words);
    const auto evaluator = make_evaluator(slurm_study("true"), {.jobs = directory / "slurm"});
    const Configuration configuration(std::vector<double>{0.25});
    std::string sentence;
    for (std::uint64_t trial = 0; trial < 2; ++trial) {
      try {
        (void)evaluator->evaluate(trial, configuration, 42);
        FAIL("it was evaluated");
      } catch (const EvaluationRefused& refusal) {
        sentence = refusal.what();
      }
    }
    const std::string last = std::string(words).substr(std::string(words).rfind(": ") + 2);
    CHECK(sentence.find(last) != std::string::npos);
    CHECK(sentence.find("go on with --resume") != std::string::npos);
    CHECK(slurm.submissions() == 1);
  }
}

TEST_CASE("passing trouble is waited out") {
  const FakeSlurm slurm;
  const TemporaryDirectory directory;
  slurm.put("sbatch.error", "sbatch: error: Unable to contact slurm controller (connect failure)\n");
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(800));
    slurm.remove("sbatch.error");
  });
  CHECK(on_slurm(slurm_study("echo '{\"y\": 1}'"), directory, 1).status == TrialStatus::completed);
  later.join();
}

TEST_CASE("arrays are as long as the site says, and shorter where it refuses them all the same") {
  const FakeSlurm slurm;
  const TemporaryDirectory directory;
  slurm.put("config", "MaxArraySizeOfOthers = 3\nMaxArraySize            = 11\nMaxJobCount = 10000\n");
  slurm.put("most", "6");
  slurm.put("most.error", "sbatch: error: Batch job submission failed: Invalid job array specification\n");
  std::vector<std::string> notices;
  const auto outcomes = all_on_slurm(
      slurm_study("echo '{\"y\": 1}'"),
      {.jobs = directory / "slurm", .note = [&](const std::string& sentence) { notices.push_back(sentence); }}, 14);
  for (const Outcome& outcome : outcomes) CHECK(outcome.status == TrialStatus::completed);
  CHECK(slurm.largest_array() <= 11);
  CHECK(slurm.largest_array(1) <= 5);  // once it was refused eleven, it is never offered more than half of that
  REQUIRE(notices.size() == 1);
  for (const char* part : {"Invalid job array specification", "MaxArraySize is 11", "workers"}) {
    CHECK(notices[0].find(part) != std::string::npos);
  }
}

TEST_CASE("a full queue is filled as far as it goes, said and shown, and waited for") {
  for (const char* words :
       {"sbatch: error: QOSMaxSubmitJobPerUserLimit\nsbatch: error: Batch job submission failed: Job violates "
        "accounting/QOS policy (job submit limit, user's size and/or time limits)",
        "sbatch: error: words that nobody has heard of"}) {
    CAPTURE(words);
    const FakeSlurm slurm;
    const TemporaryDirectory directory;
    slurm.put("most", "0");
    slurm.put("most.error", words);
    std::string notice;
    std::string shown;
    std::thread later([&] {
      for (int i = 0; i < 100 && shown.empty(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        shown = reason_for_waiting(directory / "slurm");
      }
      slurm.put("most", "2");
    });
    const auto outcomes =
        all_on_slurm(slurm_study("echo '{\"y\": 1}'"),
                     {.jobs = directory / "slurm", .note = [&](const std::string& sentence) { notice = sentence; }}, 5);
    later.join();
    for (const Outcome& outcome : outcomes) CHECK(outcome.status == TrialStatus::completed);
    CHECK(shown == notice);
    const std::string first = std::string(words).substr(15, std::string(words).find('\n') - 15);
    CHECK(shown.find(first) != std::string::npos);
    CHECK(reason_for_waiting(directory / "slurm").empty());
  }
}

TEST_CASE("what sbatch's complaints mean") {
  using detail::refusal_of;
  using detail::SlurmRefusal;
  const std::string failed = "sbatch: error: Batch job submission failed: ";
  CHECK(refusal_of(failed + "Invalid job array specification") == SlurmRefusal::array_too_long);
  CHECK(refusal_of("sbatch: error: AssocGrpSubmitJobsLimit\n" + failed + "Job violates accounting/QOS policy (x)") ==
        SlurmRefusal::queue_full);
  CHECK(refusal_of(failed + "MaxSubmitJobs limit reached") == SlurmRefusal::queue_full);
  CHECK(refusal_of(failed + "Job violates accounting/QOS policy (job submit limit, …)") == SlurmRefusal::policy);
  CHECK(refusal_of(failed + "Invalid qos specification") == SlurmRefusal::final);
  CHECK(refusal_of("sbatch: unrecognized option '--partitoin=p'\nTry \"sbatch --help\" for more information") ==
        SlurmRefusal::final);
  CHECK(refusal_of(failed + "Requested time limit is invalid (missing or exceeds some limit)") == SlurmRefusal::final);
  CHECK(refusal_of(failed + "Slurm temporarily unable to accept job, sleeping and retrying") ==
        SlurmRefusal::unanswered);
  CHECK(refusal_of(failed + "Socket timed out on send/recv operation") == SlurmRefusal::unanswered);
  CHECK(refusal_of("") == SlurmRefusal::unanswered);
  // A word within another, or within somebody's text, decides nothing.
  CHECK(refusal_of(failed + "the site says: exceeds, invalid, requested") == SlurmRefusal::unknown);
  CHECK(detail::parse_most_tasks("MaxArraySize            = 101\n") == 101U);
  CHECK_FALSE(detail::parse_most_tasks("MyMaxArraySize = 1\nMaxArraySize = many\n").has_value());
}

TEST_CASE("the study file of a Slurm study is read strictly and written whole") {
  const auto read = [](const ordered_json& evaluator) {
    return study_from_json(
        {{"space", {{"hyperparameters", {{{"name", "x"}, {"type", "uniform_float"}, {"lower", 0}, {"upper", 1}}}}}},
         {"objectives", {"y"}},
         {"evaluator", evaluator}},
        "s", "/");
  };
  const ordered_json good{{"slurm", {{"time", 10}, {"exclusive", true}, {"mem", "4G"}, {"requeue", false}}},
                          {"command", {"p"}},
                          {"cancel_on_interrupt", true},
                          {"memory_mb", 100},
                          {"working_directory", "/tmp"}};
  const StudySpecification study = read(good);
  const auto& evaluation = std::get<SlurmEvaluation>(study.evaluation);
  CHECK(evaluation.options ==
        std::vector<std::pair<std::string, std::string>>{{"time", "10"}, {"exclusive", ""}, {"mem", "4G"}});
  CHECK(evaluation.cancel_on_interrupt);
  CHECK(evaluation.command.directory == "/tmp");
  const ordered_json again = to_json(study);
  CHECK(to_json(study_from_json(again, "again", "/")) == again);
  ordered_json local = good;
  local.erase("slurm");
  local.erase("cancel_on_interrupt");
  CHECK(identity(read(local)) == identity(study));
  for (const auto& [member, value] : {std::pair{"array", ordered_json("1-2")}, std::pair{"--time", ordered_json(1)},
                                      std::pair{"time", ordered_json("")}, std::pair{"output", ordered_json("x")},
                                      std::pair{"mem", ordered_json::array()}}) {
    ordered_json bad = good;
    bad["slurm"][member] = value;
    CHECK_THROWS_AS((void)read(bad), InvalidInput);
  }
  ordered_json bad = good;
  bad["environment"] = {{"a.b", "1"}};
  CHECK_THROWS_AS((void)read(bad), InvalidInput);
}
