#include <hyperego/report/document/document.hpp>
#include <hyperego/study/study.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "report_document.hpp"
#include "report_study.hpp"
#include "temporary_directory.hpp"
#include <cmath>
#include <map>
#include <string>

using namespace hyperego;
using hyperego::test::figure;
using hyperego::test::problem;
using hyperego::test::run_problem;
using hyperego::test::section;
using nlohmann::ordered_json;

namespace {

/// The sentences of a group of the first screen, in one text; empty where there is no such group.
std::string said(const ordered_json& document, const std::string& title) {
  std::string text;
  for (const ordered_json& group : document.at("learned")) {
    if (group.at("title") != title) continue;
    for (const ordered_json& sentence : group.at("text")) text += sentence.get<std::string>() + "\n";
  }
  return text;
}

/// Errors near 0.06 on a logarithmic scale, decided by `rate`, which is best at 0.01; `idle` does nothing and `fixed`
/// never varies. Accuracy is to be large.
StudyRecord tuned_study(const std::filesystem::path& directory) {
  ordered_json json{{"name", "tuned"}, {"evaluator", {{"external", true}}}, {"limits", {{"trials", 40}}}};
  json["space"]["hyperparameters"] = {{{"type", "uniform_float"},
                                       {"name", "rate"},
                                       {"lower", 1e-4},
                                       {"upper", 1},
                                       {"log", true},
                                       {"default_value", 0.5}},
                                      {{"type", "uniform_float"}, {"name", "idle"}, {"lower", 0}, {"upper", 1}}};
  json["objectives"] = {{{"name", "error"}, {"transform", "log"}},
                        {{"name", "accuracy"}, {"direction", "maximize"}, {"transform", "log"}}};
  json["optimizer"] = {{"name", "random"}};
  Study study(study_from_json(json, "test", directory), directory, OpenMode::start);
  for (int i = 0; i < 40; ++i) {
    const PendingTrial trial = study.ask(1).front();
    const double rate = study.specification().space->to_json(trial.configuration).at("rate").get<double>();
    const double decades = std::log10(rate) + 2;
    Outcome outcome;
    outcome.objectives =
        Eigen::Vector2d(0.06 * std::exp(0.4 * decades * decades), 0.9 * std::exp(-0.1 * std::abs(decades)));
    study.tell(trial.trial, outcome);
  }
  return read_study_record(directory);
}

}  // namespace

TEST_CASE("what was learned: front, what to take, tune and leave") {
  const test::TemporaryDirectory directory;
  run_problem(directory / "run", problem("zdt1", 3, 2, 30, "parego"));
  const StudyRecord record = read_study_record(directory / "run");
  const ordered_json document = report_document(record, {.tradeoffs = 3, .draws = 20, .samples = 200});
  CHECK(said(document, "Result")
            .find(std::to_string(record.history.front().size()) + " trials are on the front of 30 completed trials") ==
        0);
  const std::string take = said(document, "Which configuration");
  CHECK(take.find(" if f1 counts most: f1 0 and f2 ") != std::string::npos);
  CHECK(take.find(" if f2 counts most: ") != std::string::npos);
  CHECK(take.find("the knee of the front") != std::string::npos);
  CHECK(said(document, "What to tune").find("Tune for f1, 0.5 by default: x1 from 0.5 to about 0,") == 0);
  CHECK(report_document(record, {.explanations = false}).at("learned").size() == 2);
}

TEST_CASE("tuning in the objective's own unit, with factors on logarithmic scales, in either direction") {
  const test::TemporaryDirectory directory;
  const StudyRecord record = tuned_study(directory.path());
  const ordered_json document = report_document(record, {.tradeoffs = 2, .draws = 8, .samples = 200});
  const auto table = [&](std::size_t j) -> const ordered_json& {
    return section(document, "importance").at("tables").at(j);
  };
  CHECK(table(0).at("columns").at(4) == "factor");
  for (const std::size_t j : {0U, 1U}) {
    const ordered_json& rows = table(j).at("rows");
    const ordered_json& rate = rows.at(0);
    CHECK(rate.at(0) == "rate");
    CHECK(rate.at(1) == 0.5);
    CHECK(rate.at(2).get<double>() > 0.006);  // best at 0.01
    CHECK(rate.at(2).get<double>() < 0.016);
    CHECK(rate.at(9) == "tune");
    CHECK(rows.at(1).at(9) != "tune");
  }
  // At 0.5, 1.7 decades away, the error is 0.19; the best is 0.06. Accuracy goes from 0.76 to 0.9.
  CHECK(table(0).at("rows").at(0).at(3).get<double>() == doctest::Approx(0.06).epsilon(0.05));
  CHECK(table(0).at("rows").at(0).at(4).get<double>() == doctest::Approx(0.315).epsilon(0.05));
  CHECK(table(1).at("rows").at(0).at(3).get<double>() == doctest::Approx(0.9).epsilon(0.03));
  CHECK(table(1).at("rows").at(0).at(4).get<double>() == doctest::Approx(1.185).epsilon(0.03));
  CHECK(said(document, "What to tune").find("rate from 0.5 to about 0.01") != std::string::npos);
  CHECK(said(document, "What to tune").find("(× 0.3") != std::string::npos);
  CHECK((said(document, "What to leave") + said(document, "What is not known")).find("idle") != std::string::npos);
  CHECK(said(document, "What to tune").find("idle") == std::string::npos);
}

TEST_CASE("parts of a prediction add up, in every view of them") {
  const test::TemporaryDirectory directory;
  const StudyRecord record = tuned_study(directory.path());
  const ordered_json document = report_document(record, {.tradeoffs = 2, .draws = 2, .samples = 200});
  for (const char* suffix : {"-1", "-2"}) {
    CAPTURE(suffix);
    std::map<std::string, double> shapley;
    for (const ordered_json& row : figure(document, std::string("shapley") + suffix).at("data").at("rows")) {
      shapley[row.at(0)] = row.at(1);
    }
    std::map<std::string, double> stacked;
    for (const ordered_json& row : figure(document, std::string("stacked") + suffix).at("data").at("rows")) {
      CHECK(row.at(2) >= 0);
      CHECK(row.at(3) <= 0);
      stacked[row.at(0)] += row.at(2).get<double>() + row.at(3).get<double>();
    }
    for (const auto& [name, value] : shapley) CHECK(stacked.at(name) == doctest::Approx(value).epsilon(1e-6));

    // Arrows of a force view have the length of their value, and both kinds meet.
    const ordered_json& force = figure(document, std::string("force") + suffix);
    const double sign = force.at("chart").at("direction") == "maximize" ? 1 : -1;
    std::map<std::uint64_t, double> reached;
    for (const ordered_json& row : force.at("data").at("rows")) {
      const double start = std::log(row.at(5).get<double>());
      const double end = std::log(row.at(6).get<double>());
      CHECK(sign * (end - start) == doctest::Approx(row.at(4).get<double>()).epsilon(1e-6));
      auto [entry, is_new] =
          reached.emplace(row.at(0).get<std::uint64_t>(), std::log(force.at("chart").at("baseline").get<double>()));
      entry->second += end - start;
    }
    for (const auto& [trial, value] : reached) {
      const double observed = std::log(record.history.records()[trial].outcome->objectives[suffix[1] == '1' ? 0 : 1]);
      CHECK(value == doctest::Approx(observed).epsilon(0.05));
    }

    const ordered_json& swarm = figure(document, std::string("beeswarm") + suffix).at("data").at("rows");
    CHECK(swarm.size() == 2 * record.history.ended());
    for (const ordered_json& row : swarm) {
      CHECK(row.at(3) >= 0);
      CHECK(row.at(3) <= 1);
    }
  }
}

TEST_CASE("every figure says how to read it") {
  const test::TemporaryDirectory directory;
  run_problem(directory / "run", problem("dtlz2", 4, 3, 14, "random"));
  const ordered_json document = report_document(read_study_record(directory / "run"),
                                                {.tradeoffs = 3, .draws = 0, .replicates = 0, .samples = 50});
  std::size_t figures = 0;
  for (const ordered_json& one : document.at("sections")) {
    for (const ordered_json& two : one.at("figures")) {
      CHECK(two.at("reading").get<std::string>().size() > 40);
      ++figures;
    }
  }
  CHECK(figures > 20);
}
