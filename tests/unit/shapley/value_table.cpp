#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/shapley/coalitions/value_table.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <sstream>

using namespace hyperego;

namespace {

ValueTable read(const std::string& text) {
  std::istringstream input(text);
  return read_value_table(input, "GAME.json");
}

}  // namespace

TEST_CASE("a table comes back bit by bit") {
  Rng rng(1, "value table");
  ValueTable table{5, std::vector<double>(32)};
  for (double& value : table.values) value = rng.normal() * std::pow(10, 40 * rng.uniform() - 20);
  std::ostringstream output;
  write_value_table(output, table);
  const ValueTable back = read(output.str());
  CHECK_EQ(back.players, 5);
  CHECK_EQ(back.values, table.values);
}

TEST_CASE("members in any order, others are skipped, integers are numbers") {
  const ValueTable table =
      read(R"({"name": "g", "extra": {"n": 7, "values": [true, [1]]}, "values": [0, -1, 2.5, 3e0], "n": 2})");
  CHECK_EQ(table.players, 2);
  CHECK_EQ(table.values, std::vector<double>{0, -1, 2.5, 3});
  CHECK_EQ(table(0b10), 2.5);
}

TEST_CASE("errors name the file, the place and what is wrong") {
  const auto refuses = [](const std::string& text, const std::string& message) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(static_cast<void>(read(text)), doctest::Contains(message.c_str()), InvalidInput);
  };
  refuses(R"({"n":2,"values":[1,2,3]})", "GAME.json /values: has 3 numbers, but 2 players have 2^2 = 4 coalitions");
  refuses(R"({"n":1,"values":[1,"2"]})", "GAME.json /values/1: is a string; expected a number");
  refuses(R"({"n":1,"values":[1,null]})", "GAME.json /values/1: is null");
  refuses(R"({"n":1,"values":[1,[2]]})", "GAME.json /values/1: is an array");
  refuses(R"({"n":1,"values":[1,NaN]})", "GAME.json: is not JSON at byte");
  refuses(R"({"n":1,"values":[1,1e999]})", "GAME.json /values/1: holds a number beyond the range of a double");
  refuses(R"({"n":1,"values":[1,2)", "is not JSON");
  refuses(R"({"n":1,"values":3})", "/values: is a number; expected an array");
  refuses(R"({"n":1})", "/values: is missing");
  refuses(R"({"values":[1,2]})", "/n: is missing");
  refuses(R"({"n":1.5,"values":[1,2]})", "/n: is 1.5; expected a whole number");
  refuses(R"({"n":-1,"values":[1,2]})", "/n: is -1; expected at least one player");
  refuses(R"({"n":0,"values":[1]})", "/n: is 0");
  refuses(R"({"n":"2","values":[1]})", "/n: is a string");
  refuses(R"({"n":[2],"values":[1]})", "/n: is an array");
  refuses(R"({"n":40,"values":[1]})", "8192 GiB of memory; use an estimator");
  refuses(R"({"n":1,"n":1,"values":[1,2]})", "/n: appears twice");
  refuses(R"({"n":1,"values":[1,2],"values":[1,2]})", "/values: appears twice");
  refuses("[1,2]", "expected an object");
  refuses("3", "expected an object");
  refuses("", "is not JSON");
  CHECK_THROWS_WITH_AS(static_cast<void>(read_value_table(std::filesystem::path("/does/not/exist.json"))),
                       "/does/not/exist.json: cannot be read", InvalidInput);
}

TEST_CASE("tabulating a game asks for every coalition once") {
  std::size_t asked = 0;
  const ValueTable table = tabulate(13, [&](std::span<const Coalition> coalitions) {
    std::vector<double> values;
    for (const Coalition coalition : coalitions) values.push_back(static_cast<double>(coalition));
    asked += coalitions.size();
    return values;
  });
  CHECK_EQ(asked, 8192);
  CHECK_EQ(table(4100), 4100);
  const auto bad = [](std::span<const Coalition> coalitions) {
    return std::vector<double>(coalitions.size(), std::nan(""));
  };
  CHECK_THROWS_WITH_AS(static_cast<void>(tabulate(2, bad)), doctest::Contains("v({}) is nan"), InvalidInput);
  const auto few = [](std::span<const Coalition>) { return std::vector<double>(1); };
  CHECK_THROWS_WITH_AS(static_cast<void>(tabulate(2, few)), doctest::Contains("returned 1 values for 4"), InvalidInput);
  CHECK_THROWS_WITH_AS(static_cast<void>(tabulate(31, bad)), doctest::Contains("16 GiB"), InvalidInput);
}
