#include <hyperego/core/error.hpp>
#include <hyperego/core/value.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

using namespace hyperego;

TEST_CASE("values are the same by number, never across kinds") {
  CHECK(same_value(Value(std::int64_t{2}), Value(2.0)));
  CHECK(same_value(Value(2.0), Value(std::int64_t{2})));
  CHECK_FALSE(same_value(Value(std::int64_t{2}), Value(2.5)));
  CHECK_FALSE(same_value(Value(true), Value(std::int64_t{1})));
  CHECK_FALSE(same_value(Value(true), Value(1.0)));
  CHECK_FALSE(same_value(Value(std::string("1")), Value(std::int64_t{1})));
  CHECK(same_value(Value(std::string("a")), Value(std::string("a"))));
  const std::int64_t odd = (std::int64_t{1} << 53) + 1;
  CHECK_FALSE(same_value(Value(odd), Value(static_cast<double>(odd))));
  CHECK_FALSE(same_value(Value(std::numeric_limits<std::int64_t>::max()), Value(0x1.0p63)));
}

TEST_CASE("values as text read back") {
  CHECK(to_string(Value(0.1)) == "0.1");
  CHECK(to_string(Value(0.0001)) == "0.0001");
  CHECK(to_string(Value(1e-6)) == "1e-06");
  CHECK(to_string(Value(2.0)) == "2");
  CHECK(to_string(Value(std::int64_t{-3})) == "-3");
  CHECK(to_string(Value(true)) == "true");
  CHECK(to_string(Value(std::string("sgd"))) == "sgd");
  for (const double x : {1e-300, 123456.789, -99999999999999.9, 0.00010000000000000009, 1e22, 5e-324})
    CHECK(std::strtod(to_string(Value(x)).c_str(), nullptr) == x);
}

TEST_CASE("values from JSON keep their kind") {
  using nlohmann::ordered_json;
  CHECK(std::get<bool>(value_from_json(ordered_json(true), "x")));
  CHECK(std::get<std::int64_t>(value_from_json(ordered_json(7), "x")) == 7);
  CHECK(std::get<double>(value_from_json(ordered_json(7.0), "x")) == 7);
  CHECK(std::get<double>(value_from_json(ordered_json(18446744073709551615U), "x")) == 0x1.0p64);
  CHECK(std::get<std::string>(value_from_json(ordered_json("a"), "x")) == "a");
  CHECK_THROWS_WITH_AS((void)value_from_json(ordered_json::array(), "space.json/x"),
                       "space.json/x: expected a boolean, a number or a string, found array", InvalidInput);
}
