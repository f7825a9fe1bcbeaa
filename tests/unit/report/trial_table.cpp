#include <hyperego/core/error.hpp>
#include <hyperego/report/record/study_record.hpp>
#include <hyperego/report/record/trial_table.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "temporary_directory.hpp"
#include <fstream>

using namespace hyperego;
using hyperego::test::TemporaryDirectory;

namespace {

ImportedTrials imported_table(const std::string& text) {
  const TemporaryDirectory directory;
  std::ofstream(directory / "t") << text;
  return import_trials(directory / "t", {.objectives = {{"loss"}, {"acc", Direction::maximize}}});
}

}  // namespace

TEST_CASE("the completed trials of a table") {
  const ImportedTrials imported = imported_table("lr,loss,acc\n.1,1,9\n.2,,8\n.3,3,7\n");
  const TrialTable table = trials_of_import(imported);
  REQUIRE(table.configurations.size() == 2);
  CHECK(table.values.rows() == 2);
  CHECK(table.values(1, 0) == 3);
  CHECK(table.minimised()(0, 1) == -9);
  CHECK(table.objective_index("acc") == 1);
  CHECK_THROWS_AS((void)table.objective_index("ac"), InvalidInput);
  CHECK(table.notes == imported.notes);
  CHECK_THROWS_AS((void)trials_of_import(imported_table("lr,loss,acc\n.1,,9\n.2,nan,8\n")), InvalidInput);
}

TEST_CASE("a record for a report of a table") {
  const StudyRecord record = study_record_of(imported_table("lr,loss,acc,duration\n.1,1,9,2\n.2,,8,3\n.3,3,7,4\n"));
  CHECK(record.entries.size() == 3);
  CHECK(record.ended == std::vector<std::uint64_t>{0, 1, 2});
  CHECK(record.entries[2].elapsed_s == 9);
  CHECK(record.history.count(TrialStatus::failed) == 1);
  CHECK(record.history.study().limits.trials == 3);
  CHECK_FALSE(record.notes.empty());
  CHECK(record.entries[0].decision->at("phase") == "imported");
}
