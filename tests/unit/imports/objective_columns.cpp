#include "imported.hpp"

using namespace hyperego;
using namespace hyperego::test;

namespace {

const std::string space_ab =
    R"({"hyperparameters": [{"type": "uniform_float", "name": "a", "lower": 0, "upper": 1}, {"type": "uniform_int", "name": "b", "lower": 0, "upper": 9}]})";

}  // namespace

TEST_CASE("an objective is never guessed") {
  const std::string two = "a,b,err,size\n.1,1,.5,3\n.2,2,.4,4\n";
  const std::string refused = complaint(two, options_with({}, space_ab));
  CHECK(refused.find(
            "t: \"err\" or \"size\" could be the objective, and none is guessed; name it, as with --objective err") ==
        0);
  CHECK(complaint("a,b,err,duration\n.1,1,.5,3\n", options_with({}, space_ab)).find("\"err\" or \"duration\"") !=
        std::string::npos);
  // Without a space every column of numbers could be it.
  CHECK(complaint("a,b,err\n.1,1,.5\n", options_with({})).find("\"a\", \"b\" or \"err\"") != std::string::npos);
  CHECK(complaint("a,b,note\n.1,1,x\n", options_with({}, space_ab))
            .find("no column of numbers that could be an objective; the other columns are \"note\"") !=
        std::string::npos);

  CHECK(imported(two, options_with({"size"}, space_ab)).objectives.front().name == "size");
  const ImportedTrials both = imported(two, options_with({"size=maximize", "err"}, space_ab));
  REQUIRE(both.objectives.size() == 2);
  CHECK(both.objectives[0].direction == Direction::maximize);
  CHECK(both.objectives[1].direction == Direction::minimize);
  CHECK(both.trials[1].outcome.objectives == Eigen::Vector2d(4, 0.4));
  CHECK(says(both, "\"err\" is taken as to be minimized"));
  CHECK_FALSE(says(both, "\"size\" is taken"));
  CHECK(imported(two, options_with({}, space_ab, {"size"})).objectives.front().name == "err");
}

TEST_CASE("one that is left is it, and bookkeeping is none") {
  const ImportedTrials trials =
      imported(",trial,a,b,err,seed,state,datetime_start,user_attrs_x\n0,0,.1,1,.5,3,COMPLETE,2024-01-01 10:00:00,7\n",
               options_with({}, space_ab));
  CHECK(trials.objectives.front().name == "err");
  CHECK(says(trials, "\"err\" is the objective: no other column can be it"));
  CHECK(says(
      trials,
      "columns \"(unnamed)\", \"trial\", \"seed\", \"state\", \"datetime_start\" and \"user_attrs_x\" are neither"));
  // A name that is bookkeeping elsewhere is a hyperparameter where the space says so, or an objective where the user
  // does.
  const std::string seed = R"({"hyperparameters": [{"type": "uniform_int", "name": "seed", "lower": 0, "upper": 9}]})";
  CHECK(configuration_at(imported("seed,y\n3,1\n", options_with({}, seed)), 0).at("seed") == 3);
  CHECK(imported("a,b,duration,y\n.1,1,7,1\n", options_with({"duration"}, space_ab)).trials[0].outcome.objectives[0] ==
        7);
}

TEST_CASE("objectives that cannot be") {
  const std::string table = "a,b,err\n.1,1,.5\n";
  CHECK(complaint(table, options_with({"er"}, space_ab))
            .find("no column \"er\" to be an objective; did you mean \"err\"?") != std::string::npos);
  CHECK(complaint(table, options_with({"a"}, space_ab)).find("\"a\" is a hyperparameter, so it is no objective") !=
        std::string::npos);
  CHECK(complaint(table, options_with({"err", "err"}, space_ab)) == "--objective: \"err\" is named twice");
  CHECK(complaint(table, options_with({}, space_ab, {"bb"})).find("--ignore: ") == 0);
  CHECK_THROWS_AS((void)objective_choice("err=max", "x"), InvalidInput);
  CHECK_THROWS_AS((void)objective_choice("=maximize", "x"), InvalidInput);
  CHECK(objective_choice("f(x)=y", "x").name == "f(x)=y");
}

TEST_CASE("without a space nothing that sounds like a result becomes a hyperparameter") {
  CHECK(complaint("lr,val_loss,err\n.1,2,3\n.2,3,4\n", options_with({"err"}))
            .find("t: \"val_loss\" sounds like a result") == 0);
  CHECK(imported("lr,val_loss,err\n.1,2,3\n.2,3,4\n", options_with({"err"}, {}, {"val_loss"})).space->size() == 1);
  CHECK(imported("lr,loss,err\n.1,hinge,3\n.2,log,4\n", options_with({"err"})).space->size() == 2);
}

TEST_CASE("a per cent sign is answered with the fix") {
  CHECK(complaint("a,b,err\n.1,1,5.5%\n", options_with({}, space_ab))
            .find("t:2, err: \"5.5%\" has a per cent sign; take the signs away and read that, as in: sed 's/%//g' ") ==
        0);
  CHECK(complaint("a,b,err\n10%,1,5\n", options_with({}, space_ab)).find("t:2, a: \"10%\" has a per cent sign") == 0);
}
