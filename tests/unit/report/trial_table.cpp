#include <hyperego/core/error.hpp>
#include <hyperego/report/record/trial_table.hpp>

#include <doctest/doctest.h>

#include "temporary_directory.hpp"
#include <fstream>

using namespace hyperego;
using hyperego::test::TemporaryDirectory;

namespace {

std::shared_ptr<const SearchSpace> space() {
  std::vector<Hyperparameter> hyperparameters{
      make_float("lr", 0.001, 1, true), make_integer("n", 1, 9),
      make_categorical("say \"x\", y", {std::string("a"), std::string("1"), std::string("b,c")}),
      make_categorical("flag", {true, false}), make_constant("fixed", std::string("f"))};
  const SearchSpace::ChildCondition condition{
      1, Comparison{.relation = Comparison::Relation::equals, .parent = 3, .codes = {0}}};
  return std::make_shared<const SearchSpace>(std::move(hyperparameters), std::vector{condition});
}

TrialTable read(const std::string& text, std::vector<std::string> maximized = {}, std::size_t* left_out = nullptr) {
  const TemporaryDirectory directory;
  std::ofstream(directory / "t") << text;
  return read_trial_table(directory / "t", space(), maximized, left_out);
}

const std::string header = "trial,lr,n,\"say \"\"x\"\", y\",flag,loss,acc\r\n";

}  // namespace

TEST_CASE("CSV in all its forms") {
  std::size_t left_out = 0;
  const TrialTable table =
      read("\xEF\xBB\xBF" + header + "0,0.5,3,1,true,1.5,9\r\n1,0.25,,\"b,c\",False,2,8\n\n2,1,1,a,True,,7", {"acc"},
           &left_out);
  REQUIRE(table.configurations.size() == 2);
  CHECK(left_out == 1);
  REQUIRE(table.objectives.size() == 2);
  CHECK(table.objectives[1].direction == Direction::maximize);
  CHECK(table.configurations[0] == Configuration(std::vector<double>{0.5, 3, 1, 0, 0}));
  CHECK_FALSE(table.configurations[1].is_set(1));
  CHECK(table.configurations[1][2] == 2);
  CHECK(table.values(1, 0) == 2);
  CHECK(table.minimised()(0, 1) == -9);
}

TEST_CASE("JSON") {
  const TrialTable table =
      read(R"([{"configuration":{"lr":0.5,"n":3,"say \"x\", y":"a","flag":true,"fixed":"f"},"objectives":{"loss":1}},
      {"configuration":{"lr":0.5,"n":4,"say \"x\", y":"a","flag":true,"fixed":"f"},"objectives":{"loss":null}}])");
  CHECK(table.configurations.size() == 1);
  CHECK(table.values(0, 0) == 1);
}

TEST_CASE("bad tables") {
  for (const std::string& text :
       {std::string(), header + "0,0.5,3,1,true,1.5\n", header + "0,5,3,1,true,1,1\n", header + "0,0.5,3,2,true,1,1\n",
        header + "0,0.5,,a,true,1,1\n",  // active and missing
        header + "0,0.5,3,a,false,1,1\n", header + "0,0.5,3,a,true,x,1\n", header + "0,0.5,3,a,true,nan,1\n",
        header + "0,\"0.5\n", std::string("lr,n,flag,loss\n"), std::string("lr,lr\n"),
        std::string("lr,n,flag,\"say \"\"x\"\", y\"\n"), std::string("{}"), std::string("[{}]"), std::string("[]"),
        std::string(R"([{"configuration":{"lr":5},"objectives":{"a":1}}])")}) {
    CAPTURE(text);
    CHECK_THROWS_AS((void)read(text), InvalidInput);
  }
  CHECK_THROWS_AS((void)read(header, {"los"}), InvalidInput);
}
