#include <hyperego/core/error.hpp>
#include <hyperego/moo/front/hypervolume.hpp>
#include <hyperego/report/document/comparison.hpp>
#include <hyperego/report/document/detail/hypervolume_curve.hpp>
#include <hyperego/report/document/detail/sections.hpp>
#include <hyperego/report/document/document.hpp>
#include <hyperego/report/page/html.hpp>
#include <hyperego/study/outcome_json.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "report_study.hpp"
#include "shared_data.hpp"
#include "temporary_directory.hpp"
#include <map>

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
  ordered_json study = problem("zdt1", 3, 2, 30, "hpi-parego");
  study["optimizer"]["most_fitted"] = 20;  // about which later decisions leave a note
  run_problem(directory / "run", study);
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

namespace {

/// Where in `columns` a table has the lower and the upper end of intervals and the value that they belong to.
struct Bounded {
  std::size_t value, low, high;
};

std::vector<Bounded> bounded(const ordered_json& columns) {
  const auto place = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(columns.begin(), columns.end(), name) - columns.begin());
  };
  std::vector<Bounded> found;
  for (const std::string& kind : {std::string(), std::string("model "), std::string("sampling ")}) {
    for (const char* value : {"mean", "predicted", "value"}) {
      const Bounded at{place(value), place(kind + "low"), place(kind + "high")};
      if (std::max({at.value, at.low, at.high}) >= columns.size()) continue;
      found.push_back(at);
      break;  // "value" is that of the hyperparameter where there is a mean
    }
  }
  return found;
}

struct Within {
  std::size_t rows = 0, inside = 0;
};

Within within_of(const ordered_json& table) {
  Within within;
  for (const Bounded& at : bounded(table.at("columns"))) {
    for (const ordered_json& row : table.at("rows")) {
      if (!row.at(at.low).is_number()) continue;
      ++within.rows;
      within.inside += row.at(at.value) >= row.at(at.low) && row.at(at.value) <= row.at(at.high) ? 1 : 0;
    }
  }
  return within;
}

/// The quartiles of what was observed of an objective.
std::pair<double, double> middle_half(const ordered_json& document, const std::string& objective) {
  const ordered_json& trials = document.at("shared").at("trials");
  const ordered_json& columns = trials.at("columns");
  const auto column = static_cast<std::size_t>(std::find(columns.begin(), columns.end(), objective) - columns.begin());
  std::vector<double> values;
  for (const ordered_json& row : trials.at("rows")) values.push_back(row.at(column).get<double>());
  std::sort(values.begin(), values.end());
  return {values[values.size() / 4], values[values.size() * 3 / 4]};
}

double average_dependence(const ordered_json& dependence) {
  double sum = 0;
  for (const ordered_json& row : dependence.at("data").at("rows")) sum += row.at(2).get<double>();
  return sum / static_cast<double>(dependence.at("data").at("rows").size());
}

/// How many tables have intervals; checks that at least 95 % of the values lie in theirs, table by table.
std::size_t tables_with_values_within(const ordered_json& document) {
  std::size_t tables = 0;
  for (const ordered_json& one : document.at("sections")) {
    for (const ordered_json& two : one.at("figures")) {
      if (!two.at("data").is_object()) continue;
      const Within within = within_of(two.at("data"));
      tables += within.rows > 0 ? 1 : 0;
      CAPTURE(two.at("id").get<std::string>());
      CHECK(static_cast<double>(within.inside) >= 0.95 * static_cast<double>(within.rows));
    }
  }
  return tables;
}

}  // namespace

TEST_CASE("in every table with intervals the values lie in theirs, on whatever scale the model sees them") {
  const test::TemporaryDirectory directory;
  // Both objectives of DTLZ1 have a long tail, which the model transforms; one logarithm is modelled in the second
  // study.
  for (const bool is_log : {false, true}) {
    ordered_json study = problem("dtlz1", 4, 2, 30, "random");
    if (is_log) study["objectives"] = {{{"name", "f1"}}, {{"name", "f2"}, {"transform", "log"}}};
    const auto run = directory / (is_log ? "log" : "own");
    run_problem(run, study);
    for (const ModelKind model : {ModelKind::gp, ModelKind::forest}) {
      CAPTURE(is_log);
      CAPTURE(to_string(model));
      const ordered_json document = report_document(
          read_study_record(run), {.model = model, .tradeoffs = 3, .draws = 20, .replicates = 2, .samples = 200});
      // Trade-offs; and importance, dependence and left-out predictions of each objective.
      CHECK(tables_with_values_within(document) == 7);
      for (const int j : {1, 2}) {
        const auto [low, high] = middle_half(document, "f" + std::to_string(j));
        const double level = average_dependence(figure(document, "dependence-" + std::to_string(j)));
        CHECK(level > low);
        CHECK(level < high);
      }
    }
  }
}

TEST_CASE("the same where accuracies near 100 % are the targets") {
  if (!test::have_shared("yahpo/lcbench", "report/values within")) return;
  const test::TemporaryDirectory directory;
  run_problem(directory / "run", {{"name", "lcbench"},
                                  {"evaluator",
                                   {{"yahpo", "lcbench"},
                                    {"instance", "167152"},
                                    {"objectives", {"val_accuracy", "val_cross_entropy"}},
                                    {"data", (test::shared_data() / "yahpo").string()}}},
                                  {"optimizer", {{"name", "random"}}},
                                  {"limits", {{"trials", 40}}},
                                  {"seed", 3}});
  const StudyRecord record = read_study_record(directory / "run");
  CHECK(tables_with_values_within(
            report_document(record, {.tradeoffs = 3, .draws = 20, .replicates = 2, .samples = 200})) == 7);
}

TEST_CASE("what was learned: front, best values, what matters, what does not") {
  const test::TemporaryDirectory directory;
  run_problem(directory / "run", problem("zdt1", 3, 2, 30, "parego"));
  const StudyRecord record = read_study_record(directory / "run");
  const ordered_json learned = report_document(record, {.tradeoffs = 3, .draws = 20, .samples = 200}).at("learned");
  REQUIRE(learned.size() == 4);
  CHECK(learned[0].get<std::string>().find(std::to_string(record.history.front().size()) +
                                           " trials are on the front of 30 completed trials") == 0);
  CHECK(learned[1].get<std::string>().find("The best values are f1 0 (trial ") == 0);
  CHECK(learned[2].get<std::string>().find("What matters most: for f1 x1, which gains 0.5") == 0);
  CHECK(report_document(record, {.explanations = false}).at("learned").size() == 2);
}

TEST_CASE("left-out predictions speak of what was observed, on whatever scale the model sees it") {
  const test::TemporaryDirectory directory;
  run_problem(directory / "run", problem("convexdtlz2", 4, 2, 40, "random"));
  const ordered_json document =
      report_document(read_study_record(directory / "run"), {.tradeoffs = 2, .draws = 2, .replicates = 1});
  for (const char* id : {"left-out-1", "left-out-2"}) {
    const ordered_json& rows = figure(document, id).at("data").at("rows");
    std::size_t inside = 0;
    for (const ordered_json& row : rows) inside += row.at(1) >= row.at(3) && row.at(1) <= row.at(4) ? 1 : 0;
    CHECK(3 * inside > 2 * rows.size());  // of intervals that should hold 90 %
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
