#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace hyperego;

namespace {

std::string complaint(const auto& action) {
  try {
    action();
  } catch (const InvalidInput& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("malformed text is named by line and column") {
  const std::string message = complaint([] { (void)parse_json("{\n  \"a\": 1,\n  b\n}", "study.json"); });
  CHECK(message.find("study.json: malformed JSON at line 3, column 3") == 0);
  CHECK_FALSE(complaint([] { (void)parse_json("", "x"); }).empty());
  CHECK_FALSE(complaint([] { (void)parse_json("{} {}", "x"); }).empty());
  CHECK(complaint([] { (void)parse_json("[1e999]", "x"); }) ==
        "x: malformed JSON at line 1, column 6: the number '1e999' is too large; give one below 1.8e308");
  CHECK_FALSE(complaint([] { (void)parse_json("\"\xff\"", "x"); }).empty());
}

TEST_CASE("repeated members and deep nesting are refused") {
  CHECK(complaint([] { (void)parse_json(R"({"a":1,"a":2})", "x"); }) ==
        "x: member \"a\" is given twice; remove one of them");
  CHECK(parse_json(R"({"a":{"a":1},"b":{"a":2}})", "x").size() == 2);
  CHECK_FALSE(complaint([] { (void)parse_json(std::string(100000, '['), "x"); }).empty());
}

TEST_CASE("order and content survive") {
  const auto json = parse_json(R"({"z":[1,2.5,"t",null,true,[]],"a":{}})", "x");
  CHECK(json.dump() == R"({"z":[1,2.5,"t",null,true,[]],"a":{}})");
}

TEST_CASE("typed access is strict") {
  const auto json =
      parse_json(R"({"i":3,"w":3.0,"f":2.5,"big":1e300,"neg":-1,"b":true,"huge":18446744073709551615})", "x");
  const JsonReader reader(json, "x");
  CHECK(reader.member("i").integer() == 3);
  CHECK(reader.member("w").integer() == 3);
  for (const char* name : {"f", "big", "b", "huge"}) {
    CHECK_THROWS_AS((void)reader.member(name).integer(), InvalidInput);
  }
  CHECK_THROWS_AS((void)reader.member("neg").integer(0, 10), InvalidInput);
  CHECK_THROWS_AS((void)reader.member("b").number(), InvalidInput);
  CHECK_THROWS_AS((void)reader.member("i").boolean(), InvalidInput);
  CHECK(complaint([&] { (void)reader.member("absent"); }) == "x: member \"absent\" is missing");
  CHECK(complaint([&] {
          reader.allow_members({"i", "w", "f", "bog", "neg", "b", "huge"});
        }) == "x/big: unknown member; did you mean \"bog\"?");
}
