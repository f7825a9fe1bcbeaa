#include <hyperego/core/error.hpp>
#include <hyperego/moo/front/hypervolume.hpp>
#include <hyperego/report/document/comparison.hpp>
#include <hyperego/report/page/html.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "report_document.hpp"
#include "report_study.hpp"
#include "temporary_directory.hpp"
#include <vector>

using namespace hyperego;
using hyperego::test::outline;
using hyperego::test::problem;
using hyperego::test::run_problem;
using hyperego::test::section;
using nlohmann::ordered_json;

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
