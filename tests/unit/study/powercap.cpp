// Energy counters, on a simulated folder.
#include <hyperego/core/error.hpp>
#include <hyperego/study/detail/powercap.hpp>
#include <hyperego/study/evaluators.hpp>

#include <doctest/doctest.h>

#include "temporary_directory.hpp"
#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

using namespace hyperego;
using hyperego::test::TemporaryDirectory;

namespace powercap_test {
namespace {

namespace fs = std::filesystem;

void put_number(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text << '\n';
}

void add_zone(const fs::path& root, const char* folder, const char* name, const char* energy) {
  put_number(root / folder / "name", name);
  put_number(root / folder / "energy_uj", energy);
  put_number(root / folder / "max_energy_range_uj", "1000000000");
}

StudySpecification measured_study(const fs::path& root, const std::string& script) {
  StudySpecification study;
  study.space = std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1)});
  study.objectives = {{.name = "error"}, {.name = "energy_j"}};
  CommandEvaluation command;
  command.command = {"sh", "-c", script};
  command.measure = {.seconds = true, .energy = true, .powercap_root = root, .period_s = 0.05, .idle_s = 0};
  study.evaluation = command;
  return study;
}

}  // namespace

TEST_CASE("packages are added up, their parts and the platform are not, and a counter may come round") {
  const TemporaryDirectory directory;
  const fs::path root = directory.path();
  add_zone(root, "intel-rapl:0", "package-0", "999000000");
  add_zone(root, "intel-rapl:1", "package-1", "5000000");
  add_zone(root, "intel-rapl:0:0", "core", "7");
  add_zone(root, "intel-rapl:2", "psys", "1");
  put_number(root / "intel-rapl" / "enabled", "1");
  detail::PowercapCounters counters(root);
  CHECK(counters.advance() == 0);
  put_number(root / "intel-rapl:1" / "energy_uj", "7500000");
  put_number(root / "intel-rapl:0:0" / "energy_uj", "900000000");
  put_number(root / "intel-rapl:2" / "energy_uj", "900000000");
  CHECK(counters.advance() == doctest::Approx(2.5).epsilon(1e-12));
  put_number(root / "intel-rapl:0" / "energy_uj", "3000000");  // 1 J to its range and 3 J beyond
  CHECK(counters.advance() == doctest::Approx(4).epsilon(1e-12));
  fs::remove(root / "intel-rapl:0" / "energy_uj");
  CHECK(counters.advance() == 0);
}

TEST_CASE("what cannot be measured honestly is refused with its place") {
  const TemporaryDirectory directory;
  CHECK_THROWS_WITH_AS(detail::PowercapCounters(directory.path() / "none"), doctest::Contains("no energy counter"),
                       Error);
  StudySpecification study = measured_study(directory.path() / "none", "echo '{\"error\": 1}'");
  CHECK_THROWS_WITH_AS((void)make_evaluator(study), doctest::Contains("evaluator/measure/energy_j"), InvalidInput);
  study.workers = 2;
  CHECK_THROWS_WITH_AS(study.validate(), doctest::Contains("evaluator/measure/energy_j"), InvalidInput);
}

TEST_CASE("joules of the trial's window are an objective, seconds are kept beside it") {
  const TemporaryDirectory directory;
  const fs::path root = directory / "powercap";
  add_zone(root, "intel-rapl:0", "package-0", "999000000");
  // The counter rises twice while the program runs, and comes round.
  const std::string counter = (root / "intel-rapl:0" / "energy_uj").string();
  const StudySpecification study = measured_study(
      root, "echo 999500000 > " + counter + "; sleep 0.2; echo 2000000 > " + counter + "; echo '{\"error\": 0.25}'");
  const auto evaluator = make_evaluator(study);
  const Outcome outcome = evaluator->evaluate(0, study.space->default_configuration(), 1);
  CAPTURE(outcome.message);
  REQUIRE(outcome.status == TrialStatus::completed);
  CHECK(outcome.objectives[0] == 0.25);
  CHECK(outcome.objectives[1] == doctest::Approx(3).epsilon(1e-9));
  CHECK(outcome.measured.at("energy_total_j") == doctest::Approx(3).epsilon(1e-9));
  CHECK(outcome.measured.count("energy_j") == 0);  // it is the objective
  CHECK(outcome.measured.at("seconds") >= 0.2);
  CHECK(outcome.measured.at("processor_seconds") >= 0);
  CHECK(outcome.measured.at("peak_memory_mb") > 0.1);
}

TEST_CASE("what the idle machine takes is taken off") {
  const TemporaryDirectory directory;
  const fs::path root = directory / "powercap";
  add_zone(root, "intel-rapl:0", "package-0", "0");
  StudySpecification study = measured_study(root, "sleep 0.3; echo '{\"error\": 0.25}'");
  auto& command = std::get<CommandEvaluation>(study.evaluation);
  command.measure.idle_s = 0.2;
  command.measure.seconds = false;
  // The counter rises by itself, ten watts, from outside.
  std::atomic<bool> done = false;
  std::thread idle([&] {
    const auto start = std::chrono::steady_clock::now();
    while (!done) {
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      const fs::path file = root / "intel-rapl:0" / "energy_uj";
      std::ofstream(file.string() + ".new") << static_cast<std::uint64_t>(seconds * 1e7) << '\n';
      fs::rename(file.string() + ".new", file);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  });
  const Outcome outcome = make_evaluator(study)->evaluate(0, study.space->default_configuration(), 1);
  done = true;
  idle.join();
  REQUIRE(outcome.status == TrialStatus::completed);
  CHECK(outcome.measured.at("energy_total_j") > 2);
  // Idle power times the trial's seconds is about all of it; the machine of a test may stumble.
  CHECK(outcome.objectives[1] < 0.5 * outcome.measured.at("energy_total_j"));
}

}  // namespace powercap_test
