#include <hyperego/core/error.hpp>
#include <hyperego/moo/hypervolume.hpp>
#include <hyperego/report/comparison.hpp>
#include <hyperego/report/detail/hypervolume_curve.hpp>
#include <hyperego/report/detail/sections.hpp>
#include <hyperego/report/document.hpp>
#include <hyperego/report/html.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "report_study.hpp"
#include "temporary_directory.hpp"

using namespace hyperego;
using hyperego::test::run_problem;
using nlohmann::ordered_json;

namespace {

ordered_json problem(const char* name, int variables, int objectives, int trials, const char* optimizer) {
  return {{"name", name},
          {"evaluator", {{"problem", name}, {"variables", variables}, {"objectives", objectives}}},
          {"optimizer", {{"name", optimizer}}},
          {"limits", {{"trials", trials}}},
          {"seed", 3}};
}

const ordered_json& section(const ordered_json& document, const std::string& id) {
  for (const ordered_json& one : document.at("sections")) {
    if (one.at("id") == id) return one;
  }
  throw InvalidInput(id, "no such section");
}

const ordered_json& figure(const ordered_json& document, const std::string& id) {
  for (const ordered_json& one : document.at("sections")) {
    for (const ordered_json& two : one.at("figures")) {
      if (two.at("id") == id) return two;
    }
  }
  throw InvalidInput(id, "no such figure");
}

/// "section: figure (kind) …": what a document consists of.
std::string outline(const ordered_json& document) {
  std::string text;
  for (const ordered_json& one : document.at("sections")) {
    text += one.at("id").get<std::string>() + ":";
    for (const ordered_json& two : one.at("figures")) text += " " + two.at("id").get<std::string>();
    for (const ordered_json& two : one.at("tables")) text += " [" + two.at("id").get<std::string>() + "]";
    text += "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("a report of a small study") {
  const test::TemporaryDirectory directory;
  run_problem(directory / "run", problem("zdt1", 3, 2, 30, "hpi-parego"));
  const StudyRecord record = read_study_record(directory / "run");
  const ordered_json document = report_document(record, {.tradeoffs = 5, .draws = 4, .replicates = 2});
  CHECK(outline(document) ==
        "outcome: [objectives] [states] [space]\n"
        "front: front attainment [front]\n"
        "progress: hypervolume-trials hypervolume-time\n"
        "tradeoffs: tradeoffs\n"
        "importance: shapley-1 interactions-1 graph-1 coalitions-1 ablation-1 shapley-2 interactions-2 graph-2 "
        "coalitions-2 ablation-2\n"
        "decisions: frozen weights games [decisions]\n"
        "marginals: parallel dependence-1 surface-1 dependence-2 surface-2\n"
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
    CHECK(render_html(document).size() < 1'300'000);
  }
  SUBCASE("without models there are the same sections") {
    const ordered_json quick = report_document(record, {.explanations = false, .refreshing = true});
    CHECK(quick.at("refreshing") == true);
    CHECK(outline(quick) ==
          "outcome: [objectives] [states] [space]\n"
          "front: front attainment [front]\n"
          "progress: hypervolume-trials hypervolume-time\n"
          "tradeoffs:\n"
          "importance:\n"
          "decisions: frozen weights games [decisions]\n"
          "marginals: parallel\n"
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
  CHECK(section(three, "front").at("figures").size() == 1);
  run_problem(directory / "4", problem("dtlz2", 5, 4, 14, "random"));
  CHECK(kind_of(report_document(read_study_record(directory / "4"), options), "tradeoffs") == "tradeoff-map");

  ordered_json external{{"name", "new"}, {"evaluator", {{"external", true}}}, {"limits", {{"trials", 9}}}};
  external["space"]["hyperparameters"] = {{{"type", "uniform_float"}, {"name", "x"}, {"lower", 0}, {"upper", 1}}};
  external["objectives"] = {{{"name", "y"}}};
  Study study(study_from_json(external, "test", directory.path()), directory / "1", OpenMode::start);
  const ordered_json empty = report_document(read_study_record(directory / "1"), options);
  CHECK(empty.at("sections").size() == 8);
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

TEST_CASE("several studies side by side") {
  const test::TemporaryDirectory directory;
  run_problem(directory / "a", problem("zdt1", 3, 2, 16, "random"));
  run_problem(directory / "b", problem("zdt1", 4, 2, 12, "random"));
  run_problem(directory / "c", problem("dtlz2", 4, 3, 8, "random"));
  std::vector<StudyRecord> records;
  records.push_back(read_study_record(directory / "a"));
  records.push_back(read_study_record(directory / "b"));
  const ordered_json document = comparison_document(records, {"a", "b"});
  CHECK(outline(document) == "outcome: [summary]\nprogress: curves-trials curves-time\nfront: fronts\n");
  const Eigen::VectorXd reference =
      records[0].history.reference()->minimised.cwiseMax(records[1].history.reference()->minimised);
  const ordered_json& rows = section(document, "outcome").at("tables").at(0).at("rows");
  for (std::size_t k = 0; k < 2; ++k) {
    CHECK(rows.at(k).at(6).get<double>() ==
          doctest::Approx(hypervolume(records[k].history.archive().front_points(), reference)));
  }
  CHECK(render_html(document).find("curves-trials") != std::string::npos);
  records.push_back(read_study_record(directory / "c"));
  CHECK_THROWS_AS((void)comparison_document(records, {"a", "b", "c"}), InvalidInput);
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
