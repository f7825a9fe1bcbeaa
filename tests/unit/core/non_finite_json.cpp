#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/non_finite_json.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

double value_in(const std::string& text) {
  const ordered_json json = parse_json_with_non_finite(R"({"before": [1, -2.5e3, "NaN"], "x": )" + text + "}", "j");
  CHECK(json.at("before").dump() == R"([1,-2500.0,"NaN"])");
  return json.at("x").get<double>();
}

}  // namespace

TEST_CASE("values that are not finite are read in every spelling that programs use") {
  for (const char* nan : {"NaN", "nan", "-nan", "NAN"}) CHECK(std::isnan(value_in(nan)));
  for (const char* infinity : {"Infinity", "inf", "+inf", "INF", "1e999", "1E+400"}) {
    CAPTURE(infinity);
    CHECK(value_in(infinity) == HUGE_VAL);
  }
  for (const char* infinity : {"-Infinity", "-inf", "-1e999"}) CHECK(value_in(infinity) == -HUGE_VAL);
  CHECK(value_in("1.7976931348623157e308") == 1.7976931348623157e308);
  CHECK(value_in("1e-999") == 0);
}

TEST_CASE("whatever is no value stays a complaint, at its own place") {
  for (const char* text : {"nano", "infer", "+1", "NaN5", "[NaN", "{\"a\": nan, \"a\": 1}", "\"\xff\"", "", "-"}) {
    CAPTURE(text);
    CHECK_THROWS_AS((void)parse_json_with_non_finite(text, "j"), InvalidInput);
  }
  const ordered_json strings = parse_json_with_non_finite(R"({"NaN": "inf \" NaN", "b": "\\"})", "j");
  CHECK(strings.at("NaN") == "inf \" NaN");
  try {
    (void)parse_json_with_non_finite(R"({"a": Infinity, "b": x})", "j");
    FAIL("no complaint");
  } catch (const InvalidInput& error) {
    CHECK(std::string(error.what()).find("column 22") != std::string::npos);
  }
}

TEST_CASE("a complaint about a value that is not finite shows it") {
  const ordered_json json = parse_json_with_non_finite(R"({"a": -inf})", "j");
  CHECK_THROWS_WITH((void)JsonReader(json, "j").member("a").number(), doctest::Contains("found -Infinity"));
}
