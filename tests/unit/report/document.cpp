#include <hyperego/report/document/document.hpp>
#include <hyperego/report/page/html.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "report_document.hpp"
#include "report_study.hpp"
#include "temporary_directory.hpp"
#include <cmath>
#include <vector>

using namespace hyperego;
using hyperego::test::figure;
using hyperego::test::outline;
using hyperego::test::problem;
using hyperego::test::run_problem;
using hyperego::test::section;
using nlohmann::ordered_json;

TEST_CASE("a report of a small study") {
  const test::TemporaryDirectory directory;
  ordered_json study = problem("zdt1", 3, 2, 30, "hpi-parego");
  study["optimizer"]["most_fitted"] = 20;  // about which later decisions leave a note
  run_problem(directory / "run", study);
  const StudyRecord record = read_study_record(directory / "run");
  const ordered_json document = report_document(record, {.tradeoffs = 5, .draws = 4, .replicates = 2});
  CHECK(outline(document) ==
        "outcome: [objectives] [states] [space]\n"
        "front: front attainment [front]\n"
        "progress: hypervolume-trials hypervolume-time workers\n"
        "tradeoffs: tradeoffs\n"
        "importance: shapley-1 interactions-1 graph-1 stacked-1 coalitions-1 ablation-1 force-1 beeswarm-1 shapley-2 "
        "interactions-2 graph-2 stacked-2 coalitions-2 ablation-2 force-2 beeswarm-2 [tuning-1] [tuning-2]\n"
        "decisions: frozen weights games [decisions]\n"
        "marginals: parallel dependence-1 slice-1 surface-1 dependence-2 slice-2 surface-2\n"
        "trials: [all-trials]\n"
        "health: left-out-1 left-out-2 fit [notes] [reproduction]\n");
  SUBCASE("it says what the history says") {
    const StudyHistory& history = record.history;
    const ordered_json& curve = figure(document, "hypervolume-trials").at("data").at("rows");
    CHECK(curve.back().at(0) == 30);
    CHECK(curve.back().at(2).get<double>() == doctest::Approx(*history.hypervolume()));
    CHECK(section(document, "front").at("tables").at(0).at("rows").size() == history.front().size());
    const ordered_json& trials = document.at("shared").at("trials").at("rows");
    REQUIRE(trials.size() == 30);
    std::size_t on_front = 0;
    for (const ordered_json& row : trials) on_front += row.at(2) == "front" ? 1 : 0;
    CHECK(on_front == history.front().size());
    const auto last = static_cast<std::size_t>(history.front().back());
    CHECK(trials[last].at(9).get<double>() == history.records()[last].outcome->objectives[0]);
  }
  SUBCASE("importance: f1 is x1, and the game's values add up") {
    const ordered_json& rows = figure(document, "shapley-1").at("data").at("rows");
    CHECK(rows.at(0).at(0) == "x1");
    CHECK(rows.at(0).at(1).get<double>() > 0.4);  // from the default 0.5 to 0
    CHECK(rows.at(0).at(1).get<double>() < 0.6);
    CHECK(rows.at(1).at(1).get<double>() < 0.05);
    const ordered_json& whole = figure(document, "coalitions-1").at("data").at("rows").back();
    CHECK(whole.at(1) == 3);
    double sum = 0;
    for (const ordered_json& row : rows) sum += row.at(1).get<double>();
    CHECK(sum == doctest::Approx(whole.at(2).get<double>()).epsilon(1e-6));
    CHECK(figure(document, "tradeoffs").at("data").at("rows").size() == 15);  // weight vectors × hyperparameters
  }
  SUBCASE("partial dependence of f1 on x1 is a line from 0 to 1") {
    double worst = 0;
    for (const ordered_json& row : figure(document, "dependence-1").at("data").at("rows")) {
      if (row.at(0) == "x1") worst = std::max(worst, std::abs(row.at(2).get<double>() - row.at(1).get<double>()));
      CHECK(row.at(3) <= row.at(4));
    }
    CHECK(worst < 0.05);
  }
  SUBCASE("it is a function of the journal") {
    const ReportOptions options{.tradeoffs = 5, .draws = 4, .replicates = 2};
    CHECK(report_document(read_study_record(directory / "run"), options) == document);
    // Most of it is the chart library. The rest differs by some hundred bytes between compilers (digits of the
    // figures).
    CHECK(render_html(document).size() < 1'350'000);
  }
  SUBCASE("without models there are the same sections") {
    const ordered_json quick = report_document(record, {.explanations = false, .refreshing = true});
    CHECK(quick.at("refreshing") == true);
    CHECK(outline(quick) ==
          "outcome: [objectives] [states] [space]\n"
          "front: front attainment [front]\n"
          "progress: hypervolume-trials hypervolume-time workers\n"
          "tradeoffs:\n"
          "importance:\n"
          "decisions: frozen weights games [decisions]\n"
          "marginals: parallel slice-1 slice-2\n"
          "trials: [all-trials]\n"
          "health: fit [notes] [reproduction]\n");
    CHECK(section(quick, "importance").at("text").dump().find("hyperego report") != std::string::npos);
  }
}

TEST_CASE("studies of one, three and four objectives, and one that has not begun") {
  const test::TemporaryDirectory directory;
  const auto kind_of = [](const ordered_json& document, const char* id) {
    return figure(document, id).at("chart").at("kind").get<std::string>();
  };
  const ReportOptions options{.tradeoffs = 6, .draws = 0, .replicates = 0, .samples = 100};
  run_problem(directory / "3", problem("dtlz2", 4, 3, 14, "random"));
  const ordered_json three = report_document(read_study_record(directory / "3"), options);
  CHECK(kind_of(three, "tradeoffs") == "ternary");
  CHECK(figure(three, "tradeoffs").at("data").at("rows").size() == 6 * 4);
  CHECK(section(three, "front").at("figures").size() == 2);
  const ordered_json& grown = figure(three, "attainment").at("data");
  CHECK(grown.at("columns").size() == 4);
  CHECK(grown.at("rows").front().at(0) == 4);  // a quarter of 14, rounded up
  CHECK(grown.at("rows").back().at(0) == 14);
  CHECK(grown.at("rows").back().size() == 4);
  std::size_t last = 0;
  for (const ordered_json& row : grown.at("rows")) last += row.at(0) == 14 ? 1 : 0;
  CHECK(last == section(three, "front").at("tables").at(0).at("rows").size());
  run_problem(directory / "4", problem("dtlz2", 5, 4, 14, "random"));
  CHECK(kind_of(report_document(read_study_record(directory / "4"), options), "tradeoffs") == "tradeoff-map");

  ordered_json external{{"name", "new"}, {"evaluator", {{"external", true}}}, {"limits", {{"trials", 9}}}};
  external["space"]["hyperparameters"] = {{{"type", "uniform_float"}, {"name", "x"}, {"lower", 0}, {"upper", 1}}};
  external["objectives"] = {{{"name", "y"}}};
  Study study(study_from_json(external, "test", directory.path()), directory / "1", OpenMode::start);
  const ordered_json empty = report_document(read_study_record(directory / "1"), options);
  CHECK(empty.at("sections").size() == 9);
  CHECK(render_html(empty).find("No trial has completed yet") != std::string::npos);
  for (int i = 0; i < 9; ++i) {
    const PendingTrial trial = study.ask(1).front();
    Outcome outcome;
    outcome.objectives = Eigen::VectorXd::Constant(1, std::pow(trial.configuration[0] - 0.3, 2));
    study.tell(trial.trial, outcome);
  }
  const ordered_json one = report_document(read_study_record(directory / "1"), options);
  CHECK(section(one, "tradeoffs").at("text").dump().find("nothing to trade off") != std::string::npos);
  CHECK(figure(one, "shapley-1").at("data").at("rows").size() == 1);
  CHECK(kind_of(one, "front") == "front");
}

TEST_CASE("a report by random forests") {
  const test::TemporaryDirectory directory;
  run_problem(directory / "run", problem("zdt1", 3, 2, 40, "random"));
  const StudyRecord record = read_study_record(directory / "run");
  const ReportOptions options{.model = ModelKind::forest, .tradeoffs = 3, .draws = 4, .replicates = 2, .samples = 200};
  const ordered_json document = report_document(record, options);
  const ordered_json by_process =
      report_document(record, {.tradeoffs = 3, .draws = 4, .replicates = 2, .samples = 200});
  for (const char* same : {"importance", "health"}) {  // a forest may see no interaction that a process sees
    CHECK(section(document, same).at("figures").size() == section(by_process, same).at("figures").size());
  }
  CHECK(section(document, "importance").at("text").dump().find("random forests") != std::string::npos);
  const ordered_json& rows = figure(document, "shapley-1").at("data").at("rows");
  CHECK(rows.at(0).at(0) == "x1");
  CHECK(rows.at(0).at(1).get<double>() > 0.3);
  CHECK(rows.at(0).at(2).get<double>() < rows.at(0).at(3).get<double>());  // an interval of the forest
  CHECK(rows != figure(by_process, "shapley-1").at("data").at("rows"));
  double moved = 0;
  for (const ordered_json& row : figure(document, "dependence-1").at("data").at("rows")) {
    CHECK(row.at(3) <= row.at(4));
    if (row.at(0) == "x1") moved = std::max(moved, row.at(2).get<double>());
  }
  CHECK(moved > 0.8);
  CHECK(figure(document, "left-out-1").at("data").at("rows").size() > 30);
  CHECK(section(document, "health").at("text").dump().find("out-of-bag R²") != std::string::npos);
}

TEST_CASE("a report tells its phases, says the same, and ends in any of them where that is asked for") {
  const test::TemporaryDirectory directory;
  run_problem(directory.path(), problem("zdt1", 3, 2, 12, "random"));
  const StudyRecord record = read_study_record(directory.path());
  ReportOptions options{.tradeoffs = 2, .draws = 1, .replicates = 1, .samples = 50};
  const std::string unwatched = report_document(record, options).dump();
  std::vector<std::string> phases;
  options.threads = 1;
  options.progress = [&](const ProgressStep& step) {
    if (phases.empty() || phases.back() != step.phase) phases.emplace_back(step.phase);
    return true;
  };
  CHECK(report_document(record, options).dump() == unwatched);
  std::string told;
  for (const std::string& phase : phases) told += phase + "; ";
  CAPTURE(told);
  CHECK(phases == std::vector<std::string>{
                      "model of f1", "model of f2", "another model of f1", "f1: game", "f1: intervals of the model",
                      "f1: intervals of another model", "f1: intervals of sampling", "f1: ablations",
                      "another model of f2", "f2: game", "f2: intervals of the model", "f2: intervals of another model",
                      "f2: intervals of sampling", "f2: ablations", "2 trade-offs: game",
                      "2 trade-offs: intervals of the model", "2 trade-offs: intervals of another model",
                      "2 trade-offs: intervals of sampling", "marginals"});
  for (const std::string& last : phases) {
    options.progress = [&](const ProgressStep& step) { return step.phase != last; };
    CHECK_THROWS_AS((void)report_document(record, options), Stopped);
  }
}
