#include <hyperego/core/error.hpp>
#include <hyperego/core/option.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>

using namespace hyperego;
using nlohmann::ordered_json;

namespace option_test {
namespace {

struct Cake {
  int layers = 2;
  std::optional<double> sugar = 0.5;
  bool glazed = true;
  enum class Shape { round, square } shape = Shape::round;
  std::vector<double> cuts = {0.5};
};

std::vector<Option> options_of(Cake& cake) {
  return {option("layers", cake.layers, {1, 9}, "number of *layers*").only_where([&cake] { return cake.glazed; }, "no"),
          option("sugar", cake.sugar, {0, 1, true}, "share"), option("glazed", cake.glazed, "whether it shines"),
          word_option("shape", cake.shape, {{"round", Cake::Shape::round}, {"square", Cake::Shape::square}}, "form"),
          option("cuts", cake.cuts, {0, 1}, "where").unless_given("in halves")};
}

std::string complaint(const ordered_json& json) {
  Cake cake;
  try {
    read_options({json, "c"}, options_of(cake));
  } catch (const InvalidInput& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("options are read by their description") {
  Cake cake;
  const ordered_json json{{"layers", 3}, {"sugar", nullptr}, {"shape", "square"}, {"cuts", {0, 1}}};
  read_options({json, "c"}, options_of(cake));
  CHECK(cake.layers == 3);
  CHECK_FALSE(cake.sugar);
  CHECK(cake.shape == Cake::Shape::square);
  CHECK(cake.cuts == std::vector<double>{0, 1});
  CHECK(complaint({{"layrs", 3}}) == "c/layrs: unknown member; did you mean \"layers\"?");
  CHECK(complaint({{"layers", 10}}) == "c/layers: expected a whole number in [1, 9], found 10");
  CHECK(complaint({{"sugar", 0}}) == "c/sugar: expected a number above 0 and up to 1, found 0");
  CHECK(complaint({{"shape", "squar"}}) ==
        "c/shape: \"squar\" is not one of \"round\", \"square\"; did you mean \"square\"?");
  CHECK(complaint({{"cuts", {0.5, 2}}}) == "c/cuts/1: expected a number in [0, 1], found 2");
  CHECK(complaint({{"cuts", ordered_json::array()}}) == "c/cuts: is empty; give at least one number");
  CHECK(complaint({{"glazed", false}, {"layers", 3}}) == "c/layers: no");
}

TEST_CASE("options are checked, written and described by the same description") {
  CHECK_NOTHROW(check_options_of(Cake{}));
  CHECK_THROWS_WITH_AS(check_options_of(Cake{.layers = 0}), "layers: expected a whole number in [1, 9], found 0",
                       InvalidInput);
  CHECK_THROWS_WITH_AS(check_options_of(Cake{.sugar = NAN}, "c"), "c/sugar: expected a finite number, found NaN",
                       InvalidInput);
  CHECK(json_of_options(Cake{.sugar = {}}).dump() ==
        R"({"layers":2,"sugar":null,"glazed":true,"shape":"round","cuts":[0.5]})");
  const ordered_json properties = schema_properties(describe<Cake>());
  CHECK(properties.at("layers").dump() ==
        R"({"description":"Number of layers.","type":"integer","minimum":1,"maximum":9,"default":2})");
  CHECK(properties.at("sugar").dump() ==
        R"({"description":"Share.","type":["number","null"],"exclusiveMinimum":0,"maximum":1,"default":0.5})");
  CHECK(properties.at("shape").at("enum") == ordered_json({"round", "square"}));
  CHECK(properties.at("cuts").at("description") == "Where. Unless given: in halves.");
}

}  // namespace option_test
