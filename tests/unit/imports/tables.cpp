// Tables of every make over a space that is given.
#include "imported.hpp"

using namespace hyperego;
using namespace hyperego::test;

namespace {

const std::string described = R"({"hyperparameters": [
  {"type": "uniform_float", "name": "lr", "lower": 0.001, "upper": 1, "log": true},
  {"type": "uniform_int", "name": "n", "lower": 1, "upper": 9},
  {"type": "categorical", "name": "say \"x\", y", "choices": ["a", "1", "b,c"]},
  {"type": "categorical", "name": "flag", "choices": [true, false]},
  {"type": "constant", "name": "fixed", "value": "f"}],
  "conditions": [{"type": "EQ", "child": "n", "parent": "flag", "value": true}]})";

const std::string header = "trial,lr,n,\"say \"\"x\"\", y\",flag,loss,acc\r\n";

ImportOptions both() { return options_with({"loss", "acc=maximize"}, described); }

}  // namespace

TEST_CASE("CSV in all its forms") {
  const ImportedTrials trials =
      imported("\xEF\xBB\xBF" + header +
                   "0, 0.5 ,3,1,true,+1.5,9\r\n1,0.25,,\"b,c\",False,2,8\n\n2,1,1,a,True,,7\n3,1,1.0,a,TRUE,nan,7",
               both());
  REQUIRE(trials.trials.size() == 4);
  CHECK(trials.failures() == 2);
  CHECK(trials.objectives[1].direction == Direction::maximize);
  CHECK(trials.trials[0].configuration == Configuration(std::vector<double>{0.5, 3, 1, 0, 0}));
  CHECK_FALSE(trials.trials[1].configuration.is_set(1));
  CHECK(trials.trials[1].configuration[2] == 2);
  CHECK(trials.trials[0].outcome.objectives == Eigen::Vector2d(1.5, 9));
  CHECK(trials.trials[2].outcome.status == TrialStatus::failed);
  CHECK(trials.trials[2].outcome.message == "no finite value of loss");
  CHECK(trials.places[1].substr(trials.places[1].size() - 2) == ":3");
  CHECK(says(trials, "2 of 4 trials failed"));
}

TEST_CASE("semicolons with decimal commas, tabs, and what R and Excel write") {
  const std::string space =
      R"({"hyperparameters": [{"type": "uniform_float", "name": "x", "lower": 0, "upper": 3}, {"type": "categorical", "name": "k", "choices": ["a", "b;c", "1,5 l"]}]})";
  const ImportedTrials commas =
      imported("x;k;y\r\n0,5;a;-1,5e1\r\n2;\"b;c\";2\r\n1;1,5 l;3\r\n", options_with({"y"}, space));
  CHECK(configuration_at(commas, 0).at("x") == 0.5);
  CHECK(commas.trials[0].outcome.objectives[0] == -15);
  CHECK(configuration_at(commas, 1).at("k") == "b;c");
  CHECK(configuration_at(commas, 2).at("k") == "1,5 l");
  CHECK(imported("sep=;\nx;k;y\n0,5;a;1\n", options_with({"y"}, space)).trials.size() == 1);
  CHECK(imported("x\tk\ty\n0.5\ta\t1\n", options_with({"y"}, space)).trials.size() == 1);
  CHECK(imported("\"\",\"x\",\"k\",\"y\"\n\"1\",0.5,\"a\",NA\n", options_with({"y"}, space)).failures() == 1);
  CHECK(complaint("x,k,y\n\"0,5\",a,1\n", options_with({"y"}, space))
            .find("t:2, x: \"0,5\" is outside a float in [0, 3]") == 0);
}

TEST_CASE("bad tables are refused with the place") {
  const auto refused = [](const std::string& text) { return complaint(text, both()); };
  CHECK(refused("") == "t: is empty; expected a header with the names of hyperparameters and objectives");
  CHECK(refused(header) == "t: holds no trials");
  CHECK(refused(header + "0,0.5,3,1,true,1.5\n") == "t:2: has 6 cells where the header has 7");
  CHECK(refused(header + "0,5,3,1,true,1,1\n").find("t:2, lr: \"5\" is outside a float in [0.001, 1]") == 0);
  CHECK(refused(header + "\n0,.5,3,2,true,1,1\n").find("t:3, say \"x\", y: \"2\" is outside") == 0);
  CHECK(refused(header + "0,0.5,,a,true,1,1\n").find("t:2: ") == 0);    // active and missing
  CHECK(refused(header + "0,0.5,3,a,false,1,1\n").find("t:2: ") == 0);  // inactive and set
  CHECK(refused(header + "0,0.5,3,a,true,x,1\n") ==
        "t:2, loss: \"x\" is no number; mend the cell, or empty it for a failed trial");
  CHECK(refused(header + "0,\"0.5\n").find("t:2: a quotation begins here") == 0);
  CHECK(refused("lr,n,flag,loss,acc\n1,1,true,1,1\n").find("there is no column for hyperparameter \"say \"x\", y\"") !=
        std::string::npos);
  CHECK(refused("lr,lr\n1,1\n") == "t:1: column \"lr\" is there twice; rename one of them");
  CHECK(refused("lr n loss\n1 2 3\n").find("t:1: has one column only, \"lr n loss\"; expected columns divided by") ==
        0);
  CHECK(refused("\"lr\" \"n\"\n1 2\n").find("t:1: text follows the end of a quotation") == 0);
  CHECK(refused("0.5,3\n0.1,2\n").find("t:1: expected a header") == 0);
  CHECK(refused("lr\n\xFF\n").find("t:2: is no UTF-8 text") == 0);
  CHECK(refused("PAR1abc").find("t: is a Parquet file; write it as CSV first: python3 -c ") == 0);
}

TEST_CASE("states: failed, not ended, unknown") {
  const std::string space =
      R"({"hyperparameters": [{"type": "uniform_float", "name": "x", "lower": 0, "upper": 3}, {"type": "uniform_float", "name": "z", "lower": 0, "upper": 3}]})";
  const ImportedTrials trials = imported(
      "x,z,y,State\n1,1,1,finished\n2,1,2,crashed\n3,,3,FAIL\n1,2,4,running\n2,2,5,\n1,1,,timeout\n9,9,1,killed\n",
      options_with({"y"}, space));
  REQUIRE(trials.trials.size() == 4);
  CHECK(trials.trials[1].outcome.status == TrialStatus::failed);
  CHECK(trials.trials[1].outcome.objectives.size() == 0);
  CHECK(trials.trials[1].outcome.message == "State crashed");
  CHECK(trials.trials[3].outcome.status == TrialStatus::timed_out);
  CHECK(says(trials, "1 trial has not ended and is left out"));
  CHECK(says(trials, "2 trials failed before all their hyperparameters had values"));
  CHECK(complaint("x,z,y,state\n1,1,1,fine\n", options_with({"y"}, space))
            .find("t:2, state: \"fine\" is no state that is known") == 0);
  CHECK(imported("x,z,y,state\n1,1,1,fine\n", options_with({"y"}, space, {"state"})).trials.size() == 1);
}

TEST_CASE("what is not finite has failed") {
  const ImportedTrials trials = imported("x,k,y\n.1,a,inf\n.2,b,-Infinity\n.3,a,1\n", options_with({"y"}));
  CHECK(trials.failures() == 2);
  CHECK(trials.trials[0].outcome.objectives.size() == 0);
}

TEST_CASE("prefixes of other programs") {
  CHECK(imported("run_id,status,metrics.val,params.lr,params.n,tags.a\nr,FINISHED,.5,.1,3,x\n", options_with({}))
            .objectives[0]
            .name == "val");
  CHECK(imported("config/lr,config/model/n,loss,done\n.1,3,1,True\n", options_with({})).space->find("model/n"));
  const ImportedTrials optuna =
      imported("number,value,params_lr,params_n,duration,state\n0,1,.1,3,0 days 00:00:02,COMPLETE\n1,,.2,4,,FAIL\n",
               options_with({}));
  CHECK(optuna.objectives[0].name == "value");
  CHECK(optuna.trials[0].outcome.seconds == 2);
  CHECK(optuna.space->size() == 2);
  CHECK(complaint("params_lr,params_n,loss\n.1,3,1\n",
                  options_with(
                      {}, R"({"hyperparameters": [{"type": "uniform_float", "name": "lr", "lower": 0, "upper": 3}]})"))
            .find("\"n\" among its hyperparameters, which the space has not") != std::string::npos);
}

TEST_CASE("JSON by records, lines and every orient that keeps names") {
  const std::string space =
      R"({"hyperparameters": [{"type": "uniform_float", "name": "x", "lower": 0, "upper": 3}, {"type": "categorical", "name": "k", "choices": ["a", "b"]}]})";
  const ImportOptions options = options_with({"y"}, space);
  for (
      const std::string& text :
      {std::string(R"([{"x": 1.5, "k": "a", "y": 2}, {"x": 1, "k": "b", "y": null}])"),
       std::string("{\"x\": 1.5, \"k\": \"a\", \"y\": 2}\n{\"x\": 1, \"k\": \"b\", \"y\": NaN}\n"),
       std::string("{\"x\": 1.5, \"k\": \"a\", \"y\": 2}\n{\"x\": 1, \"k\": \"b\", \"y\": -Infinity}\n{\"x\": 2,"),
       std::string(R"({"columns": ["x", "k", "y"], "index": [0, 1], "data": [[1.5, "a", 2], [1, "b", null]]})"),
       std::string(
           R"({"schema": {"fields": []}, "data": [{"index": 0, "x": 1.5, "k": "a", "y": 2}, {"index": 1, "x": 1, "k": "b", "y": null}]})"),
       std::string(R"({"0": {"x": 1.5, "k": "a", "y": 2}, "1": {"x": 1, "k": "b", "y": null}})"),
       std::string(R"({"x": {"0": 1.5, "1": 1}, "k": {"0": "a", "1": "b"}, "y": {"0": 2, "1": null}})"),
       std::string(
           R"([{"configuration": {"x": 1.5, "k": "a"}, "objectives": {"y": 2}}, {"configuration": {"x": 1, "k": "b"}, "objectives": {"y": null}}])"),
       std::string(
           R"([{"params": {"x": "1.5", "k": "a"}, "y": "2", "datetime": {"elapsed": 3}}, {"params": {"x": "1", "k": "b"}, "y": ""}])")}) {
    CAPTURE(text);
    const ImportedTrials trials = imported(text, options);
    REQUIRE(trials.trials.size() == 2);
    CHECK(trials.failures() == 1);
    CHECK(configuration_at(trials, 0) == nlohmann::ordered_json{{"x", 1.5}, {"k", "a"}});
    CHECK(trials.trials[0].outcome.objectives[0] == 2);
  }
}

TEST_CASE("bad JSON") {
  const ImportOptions options = options_with({"y"}, described);
  for (const std::string& text :
       {std::string("{}"), std::string("[{}]"), std::string("[]"), std::string("[1]"), std::string("{\"a\": 1}"),
        std::string("[{\"a\": NaNa}]"), std::string("[{\"a\": 1, \"a\": 2}]"),
        std::string("{\"a\": {\"0\": 1}, \"b\": {}}"), std::string("{\"columns\": [\"a\"], \"data\": [[1, 2]]}"),
        std::string("{\"data\": 1, \"schema\": 1}"), std::string("{\"data\": [1], \"configs\": {}}"),
        std::string("{\"hyperego\": 1, \"space\": {}}"), std::string("{\"a\": 1}\n[\n"),
        std::string("{\"op_code\": 0}"), std::string("{\"op_code\": 5, \"trial_id\": 1e99}\n"),
        std::string("\xEF\xBB\xBF["), std::string(R"([{"configuration": {"lr": 5}, "objectives": {"a": 1}}])")}) {
    CAPTURE(text);
    CHECK(complaint(text, options) != "none");
  }
}
