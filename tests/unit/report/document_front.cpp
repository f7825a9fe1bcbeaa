#include <hyperego/report/document/detail/hypervolume_curve.hpp>
#include <hyperego/report/document/detail/sections.hpp>
#include <hyperego/report/document/document.hpp>
#include <hyperego/study/outcome_json.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "report_document.hpp"
#include "report_study.hpp"
#include "temporary_directory.hpp"
#include <map>
#include <vector>

using namespace hyperego;
using hyperego::test::figure;
using hyperego::test::problem;
using hyperego::test::section;
using nlohmann::ordered_json;

TEST_CASE("constraints: limits, and trials that broke them") {
  const test::TemporaryDirectory directory;
  ordered_json external{{"name", "limits"}, {"evaluator", {{"external", true}}}, {"limits", {{"trials", 12}}}};
  external["space"]["hyperparameters"] = {{{"type", "uniform_float"}, {"name", "x"}, {"lower", 0}, {"upper", 1}}};
  external["objectives"] = {{{"name", "f"}}, {{"name", "g"}}};
  external["constraints"] = {{{"name", "memory"}, {"upper", 512}}, {{"name", "rate"}, {"lower", 0.5}, {"upper", 2}}};
  external["optimizer"] = {{"name", "random"}};
  Study study(study_from_json(external, "test", directory.path()), directory / "run", OpenMode::start);
  const auto tell = [&](double f, double memory, double rate) {
    Outcome outcome;
    outcome.objectives = Eigen::Vector2d(f, 1 - f);
    outcome.constraints = Eigen::Vector2d(memory, rate);
    study.tell(study.ask(1).front().trial, judged_by_constraints(outcome, study.history().study()));
  };
  const auto document_now = [&] {
    return report_document(read_study_record(directory / "run"), {.tradeoffs = 2, .draws = 0, .replicates = 0});
  };
  tell(0.5, 600, 1);
  const ordered_json before = document_now();  // a trial with values, but no front yet
  CHECK(section(before, "front").at("text").dump().find("no front") != std::string::npos);
  CHECK(section(before, "front").at("figures").size() == 1);
  CHECK(section(before, "outcome").at("text").dump().find("No trial has kept all constraints") != std::string::npos);
  tell(0.4, 700, 3);
  tell(0.2, 300, 0.1);
  for (const double f : {0.1, 0.3, 0.6, 0.9}) tell(f, 100 + 300 * f, 1.5);
  study.tell(study.ask(1).front().trial, {.status = TrialStatus::infeasible, .message = "did not fit"});

  const ordered_json document = document_now();
  const ordered_json& chart = figure(document, "front").at("chart");
  const ordered_json expected = {{{"column", 9}, {"name", "memory"}, {"lower", nullptr}, {"upper", 512.0}},
                                 {{"column", 10}, {"name", "rate"}, {"lower", 0.5}, {"upper", 2.0}}};
  CHECK(chart.at("constraints") == expected);
  CHECK(figure(document, "parallel").at("chart").at("constraints") == expected);
  const ordered_json& trials = document.at("shared").at("trials");
  CHECK(trials.at("columns").at(9) == "memory");
  std::map<std::string, int> standings;
  for (const ordered_json& row : trials.at("rows")) ++standings[row.at(2)];
  CHECK(standings["front"] == 4);
  CHECK(standings["infeasible"] == 4);
  CHECK(trials.at("rows").at(1).at(10) == 3.0);
  CHECK(trials.at("rows").at(7).at(9) == nullptr);
  const std::string health = section(document, "health").at("text").dump();
  CHECK(health.find("No trial failed, 4 trials broke a constraint.") != std::string::npos);
  CHECK(health.find("memory must be at most 512: 2 of 7 trials broke that; values went from 130 to 700.") !=
        std::string::npos);
  CHECK(health.find("rate must be from 0.5 to 2: 2 of 7 trials broke that") != std::string::npos);
  std::map<std::string, int> causes;
  for (const ordered_json& table : section(document, "health").at("tables")) {
    if (table.at("id") != "failures") continue;
    for (const ordered_json& row : table.at("rows")) causes[row.at(1)] = row.at(2);
  }
  const std::map<std::string, int> expected_causes{
      {"memory above 512", 1}, {"memory above 512 and rate above 2", 1}, {"rate below 0.5", 1}, {"did not fit", 1}};
  CHECK(causes == expected_causes);
  const ordered_json& limits = section(document, "outcome").at("tables").at(2);
  CHECK(limits.at("id") == "constraints");
  CHECK(limits.at("rows").at(1) == ordered_json({"rate", 0.5, 2.0, 7, 2, 0.1, 3.0}));
  CHECK(section(document, "marginals").at("text").dump().find("4 trials that broke a constraint are left out") !=
        std::string::npos);
}

TEST_CASE("the knee and the best of each objective") {
  const test::TemporaryDirectory directory;
  ordered_json external{{"name", "knee"}, {"evaluator", {{"external", true}}}, {"limits", {{"trials", 9}}}};
  external["space"]["hyperparameters"] = {{{"type", "uniform_float"}, {"name", "x"}, {"lower", 0}, {"upper", 1}}};
  external["objectives"] = {{{"name", "f"}}, {{"name", "g"}, {"direction", "maximize"}}};
  external["optimizer"] = {{"name", "random"}};
  Study study(study_from_json(external, "test", directory.path()), directory / "run", OpenMode::start);
  for (const auto& [f, g] : std::vector<std::pair<double, double>>{{0, 0}, {0.2, 8}, {0.6, 9}, {1, 10}, {0.9, 1}}) {
    Outcome outcome;
    outcome.objectives = Eigen::Vector2d(f, g);
    study.tell(study.ask(1).front().trial, outcome);
  }
  const auto marks = detail::front_marks(study.history());
  REQUIRE(marks.size() == 3);
  CHECK(marks[0].trial == 0);
  CHECK(marks[0].text == "best f");
  CHECK(marks[1].trial == 3);
  CHECK(marks[2].trial == 1);
  CHECK(marks[2].text == "knee");
}

TEST_CASE("the hypervolume falls where a repeated trial shows that a configuration was lucky") {
  ordered_json json = problem("zdt1", 2, 2, 10, "parego");
  json["objectives"] = {{{"name", "f1"}, {"reference", 10}}, {{"name", "f2"}, {"reference", 10}}};
  StudyRecord record{StudyHistory(study_from_json(json, "test", ".")), {}, {}, nullptr, "", "", 0, false};
  const auto add = [&](double place, double f1, double f2) {
    const std::uint64_t trial = record.history.records().size();
    const Configuration configuration(std::vector<double>{place, 0.5});
    SuggestedEvent suggested;
    suggested.trial = suggested.batch_first = trial;
    suggested.configuration = configuration;
    record.history.apply(suggested);
    record.history.apply(EndedEvent{{trial, configuration, {.objectives = Eigen::Vector2d(f1, f2)}}, 0});
    record.entries.push_back({});
    record.ended.push_back(trial);
  };
  add(0.1, 6, 6);  // 4 × 4
  add(0.2, 2, 2);  // 8 × 8
  add(0.2, 8, 8);  // their mean is 5, 5
  add(0.3, 4, 5);  // 6 × 5
  const auto curve = detail::hypervolume_curve(record, record.history.reference()->minimised);
  std::vector<double> volumes;
  for (const auto& step : curve) volumes.push_back(step.hypervolume);
  CHECK(volumes == std::vector<double>{16, 64, 25, 30});
  CHECK(volumes.back() == *record.history.hypervolume());
  // 16 was below 95 % of 30, 64 above and 25 below again.
  CHECK(detail::reached(curve, 0.95).ended == 4);
  CHECK(detail::reached(curve, 0.5).ended == 1);
}
