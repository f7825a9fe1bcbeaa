#include <hyperego/core/hyperparameter.hpp>
#include <hyperego/imports/table/cell_codes.hpp>
#include <hyperego/imports/table/column_names.hpp>
#include <hyperego/imports/table/timestamp.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

using namespace hyperego;

namespace {

Cell text(const std::string& value) { return Value(value); }

}  // namespace

TEST_CASE("what counts as missing") {
  for (const char* word : {"", "  ", "NA", "NaN", "nan", "None", "null", "N/A", "#N/A", "<NA>", "NaT", "NULL"}) {
    CAPTURE(word);
    CHECK(is_missing(text(word)));
  }
  for (const char* word : {"0", "none of them", "nano", "Nat", "-", "false", "inf"}) {
    CAPTURE(word);
    CHECK(is_missing(text(word)) == (std::string(word) == "Nat"));  // in any case
  }
  CHECK(is_missing(Cell()));
  CHECK(is_missing(Value(std::numeric_limits<double>::quiet_NaN())));
  CHECK_FALSE(is_missing(Value(false)));
}

TEST_CASE("numbers as people write them") {
  CHECK(number_of(std::string_view("+1.5")) == 1.5);
  CHECK(number_of(std::string_view(" .5 ")) == 0.5);
  CHECK(number_of(std::string_view("1e-04")) == 1e-4);
  CHECK(std::isinf(number_of(std::string_view("-inf")).value()));
  CHECK(number_of(std::string_view("1e400")) == std::numeric_limits<double>::infinity());
  CHECK(number_of(std::string_view("-1e400")) == -std::numeric_limits<double>::infinity());
  CHECK(number_of(std::string_view("1e-400")) == 0);
  for (const char* word : {"", "+", "+-1", "1,5", "1.5x", "0x10", "1 000", "93%"}) {
    CAPTURE(word);
    CHECK_FALSE(number_of(std::string_view(word)));
  }
  CHECK_FALSE(number_of(Cell(Value(true))));
}

TEST_CASE("the value of a domain that a cell is written like") {
  const auto kind = make_categorical("kind", {std::string("None"), std::string("1"), std::string("a")});
  CHECK(CellCodes(kind).code_of(text("None")) == 0);  // a choice of that name, not something missing
  CHECK(CellCodes(kind).code_of(text("1")) == 1);
  CHECK(CellCodes(kind).code_of(Value(std::int64_t{1})) == 1);
  CHECK_FALSE(CellCodes(kind).code_of(text("b")));
  const auto flag = make_categorical("flag", {true, false});
  CHECK(CellCodes(flag).code_of(text("True")) == 0);
  CHECK(CellCodes(flag).code_of(text("FALSE")) == 1);
  CHECK(CellCodes(make_integer("n", 1, 9)).code_of(text("4.0")) == 4);
  CHECK_FALSE(CellCodes(make_integer("n", 1, 9)).code_of(text("4.5")));
  CHECK_FALSE(CellCodes(make_float("x", 0, 1)).code_of(text("nan")));
  CHECK_FALSE(CellCodes(make_float("x", 0, 1)).code_of(Value(std::numeric_limits<double>::quiet_NaN())));
  const auto steps = make_ordinal("steps", {0.1, 0.15, 0.2});
  CHECK(CellCodes(steps).code_of(text("0.15000000000000002")) == 1);
  CHECK_FALSE(CellCodes(steps).code_of(text("0.1501")));
}

TEST_CASE("cells are found among any number of values") {
  std::vector<Value> names;
  std::vector<Value> numbers;
  for (int i = 0; i < 100'000; ++i) {
    names.emplace_back("name" + std::to_string(i));
    numbers.emplace_back(std::int64_t{i});
  }
  // Looking through them would take minutes.
  const CellCodes by_name(make_categorical("kind", names));
  const CellCodes by_number(make_ordinal("size", numbers));
  const CellCodes by_step(make_quantised("share", {.lower = 0, .upper = 1, .q = 1e-12}));
  for (int i = 0; i < 100'000; ++i) {
    REQUIRE(by_name.code_of(text("name" + std::to_string(i))) == i);
    REQUIRE(by_number.code_of(text(std::to_string(i) + ".0")) == i);
    REQUIRE_FALSE(by_name.code_of(text("none" + std::to_string(i))));
  }
  CHECK(by_step.code_of(text("0.25")) == 25e10);
  CHECK_FALSE(by_step.code_of(text("0.2500000000003")));
}

TEST_CASE("moments and durations") {
  const auto moment = [](const char* words) { return timestamp_of(text(words)); };
  CHECK(moment("1970-01-02 00:00:01.5") == 86401.5);
  CHECK(moment("1970-01-01T01:00:00+01:00") == 0);
  CHECK(moment("2024-05-01T10:00:00.000Z").value() - moment("2024-05-01 09:59:00").value() == 60);
  CHECK(moment("1700000000.5") == 1700000000.5);
  for (const char* words : {"", "yesterday", "2024-13-01 00:00:00", "2024-05-01"}) {
    CAPTURE(words);
    CHECK_FALSE(moment(words));
  }
  CHECK(duration_of(text("0 days 00:00:01.25")) == 1.25);
  CHECK(duration_of(text("1 days 00:01:00")) == 86460);
  CHECK(duration_of(text("0:02:03")) == 123);
  CHECK(duration_of(text("7.4")) == 7.4);
  CHECK_FALSE(duration_of(text("long")));
}

TEST_CASE("words for how a trial ended") {
  CHECK(status_named("COMPLETE") == TrialStatus::completed);
  CHECK(status_named(" finished ") == TrialStatus::completed);
  CHECK(status_named("StatusType.CRASHED") == TrialStatus::failed);
  CHECK(status_named("PRUNED") == TrialStatus::failed);
  CHECK(status_named("TIMEOUT") == TrialStatus::timed_out);
  CHECK(status_named("running") == TrialStatus::running);
  CHECK_FALSE(status_named("fine"));
}

TEST_CASE("names of results") {
  for (const char* name :
       {"loss", "val_loss", "Accuracy", "test-error", "f1", "mean.score", "val_acc_best", "best loss epoch"})
    CHECK(sounds_like_result(name));
  for (const char* name : {"lr", "loss_weight", "cost", "train_epochs", "error_tolerance", "flossing", ""})
    CHECK_FALSE(sounds_like_result(name));
}
