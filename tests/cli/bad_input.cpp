// Every bad input ends with its exit code and one sentence that names the place, and leaves everything as it was.
#include <doctest/doctest.h>

#include "program.hpp"
#include <algorithm>

using namespace hyperego::test;
using nlohmann::ordered_json;

namespace {

const char* const space_text = R"({"hyperparameters":[{"name":"x","type":"uniform_float","lower":0,"upper":1},
  {"name":"c","type":"categorical","choices":["a","b"]}],"conditions":[],"forbiddens":[]})";

ordered_json good_study() {
  ordered_json study{{"name", "bad"}, {"space", ordered_json::parse(space_text)}};
  study["objectives"] = {{{"name", "loss"}}};
  study["evaluator"] = {{"external", true}};
  study["optimizer"] = {{"name", "random"}};
  return study;
}

std::string study_with(const std::string& pointer, const std::string& value) {
  ordered_json study = good_study();
  study[ordered_json::json_pointer(pointer)] = ordered_json::parse(value);
  return study.dump();
}

std::string space_with(const std::string& hyperparameters, const std::string& conditions = "[]",
                       const std::string& forbiddens = "[]") {
  return study_with("/space", R"({"hyperparameters":)" + hyperparameters + R"(,"conditions":)" + conditions +
                                  R"(,"forbiddens":)" + forbiddens + "}");
}

struct BadStudy {
  std::string what;
  std::string text;
  const char* place;  ///< must be in the message
};

std::vector<BadStudy> bad_studies() {
  const std::string x = R"({"name":"x","type":"uniform_float","lower":0,"upper":1})";
  const std::string c = R"({"name":"c","type":"categorical","choices":["a","b"],"default":"a"})";
  return {
      {"malformed", "{\n  \"name\": \"x\",,\n}", "line 2, column"},
      {"empty", "", "line 1"},
      {"no object", "[]", "object"},
      {"repeated member", R"({"name":"a","name":"b"})", "twice"},
      {"not UTF-8", "{\"name\":\"\xff\"}", "s.json"},
      {"deep", std::string(200000, '['), "deep"},
      {"unknown member", study_with("/objectivez", "[]"), "did you mean \"objectives\""},
      {"unknown nested member", study_with("/objectives/0/directon", "\"minimize\""), "did you mean \"direction\""},
      {"wrong type", study_with("/workers", "\"two\""), "s.json/workers"},
      {"fraction", study_with("/limits", R"({"trials":2.5})"), "s.json/limits/trials"},
      {"boolean", study_with("/seed", "true"), "s.json/seed"},
      {"huge", study_with("/limits", R"({"trials":1e300})"), "s.json/limits/trials"},
      {"negative", study_with("/seed", "-1"), "s.json/seed"},
      {"bounds", space_with(R"([{"name":"x","type":"uniform_float","lower":1,"upper":0}])"),
       "s.json/space/hyperparameters/0/lower"},
      {"equal bounds", space_with(R"([{"name":"x","type":"uniform_float","lower":1,"upper":1}])"),
       "s.json/space/hyperparameters/0/lower"},
      {"log", space_with(R"([{"name":"x","type":"uniform_float","lower":0,"upper":1,"log":true}])"),
       "s.json/space/hyperparameters/0/lower"},
      {"duplicate hyperparameter", space_with("[" + x + "," + x + "]"), "x"},
      {"default", space_with(R"([{"name":"x","type":"uniform_float","lower":0,"upper":1,"default":2}])"), "x"},
      {"missing parent", space_with("[" + x + "]", R"([{"child":"x","parent":"y","type":"EQ","value":1}])"),
       "\"y\" is no hyperparameter of the space; expected one of \"x\""},
      {"cycle",
       space_with(
           R"([{"name":"a","type":"categorical","choices":["0","1"]},{"name":"b","type":"categorical","choices":["0","1"]}])",
           R"([{"child":"a","parent":"b","type":"EQ","value":"0"},{"child":"b","parent":"a","type":"EQ","value":"0"}])"),
       "a"},
      {"forbidden default", space_with("[" + x + "," + c + "]", "[]", R"([{"name":"c","type":"EQUALS","value":"a"}])"),
       "c"},
      {"no objective", study_with("/objectives", "[]"), "no objective"},
      {"equal objectives", study_with("/objectives", R"([{"name":"a"},{"name":"a"}])"), "\"a\""},
      {"problem", study_with("/evaluator", R"({"problem":"zdt7"})"), "zdt7"},
      {"objective of the evaluator", R"({"evaluator":{"problem":"kursawe"},"objectives":["accuracy"]})",
       "the evaluator has no objective \"accuracy\"; expected one of \"f1\", \"f2\""},
      {"optimizer", R"({"evaluator":{"problem":"kursawe"},"optimizer":{"name":"randon"}})", "did you mean \"random\""},
      {"program", study_with("/evaluator", R"({"command":["no-such-program-anywhere"]})"), "no-such-program-anywhere"},
      {"initial configuration", study_with("/initial_configurations", R"([{"x":3,"c":"a"}])"),
       "initial_configurations/0"},
      {"space file", study_with("/space", "\"absent.json\""), "absent.json"},
  };
}

}  // namespace

TEST_CASE("bad studies") {
  for (const BadStudy& bad : bad_studies()) {
    CAPTURE(bad.what);
    const TemporaryDirectory directory;
    put(directory / "s.json", bad.text);
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"validate", "s.json"}, {"run", "s.json"}, {"init", "s.json", "--out", "out"}}) {
      const auto result = hyperego::test::hyperego(command, directory.path());
      CAPTURE(result.err);
      CHECK(result.code == 2);
      CHECK(result.out.empty());
      CHECK(result.complains_in_one_sentence());
      CHECK(result.err.find(bad.place) != std::string::npos);
      CHECK(result.err.size() < 1500);
    }
    CHECK_FALSE(std::filesystem::exists(directory / "runs"));
    CHECK_FALSE(std::filesystem::exists(directory / "out"));
    CHECK(text_of(directory / "s.json") == bad.text);
  }
}

TEST_CASE("bad command lines") {
  const TemporaryDirectory directory;
  put(directory / "s.json", good_study().dump());
  put(directory / "game.json", R"({"n":2,"values":[0,1,2]})");
  put(directory / "sound.json", R"({"n":2,"values":[0,1,2,4]})");
  put(directory / "front.json", "[[1,2],[2,1]]");
  put(directory / "ragged.json", "[[1,2],[2]]");
  put(directory / "space.json", space_text);
  put(directory / "text.json", R"(["x"])");
  REQUIRE(hyperego::test::hyperego({"init", "s.json", "--out", "run"}, directory.path()).code == 0);
  const std::vector<std::vector<std::string>> lines{
      {},
      {"fly"},
      {"run"},
      {"run", "s.json", "--fly"},
      {"run", "absent.json"},
      {"run", "s.json"},  // external
      {"run", "s.json", "--trials", "0"},
      {"run", "s.json", "--trials", "1e3"},
      {"run", "s.json", "--trials", "true"},
      {"run", "s.json", "--seed", "-1"},
      {"run", "s.json", "--workers", "0"},
      {"validate"},
      {"validate", "--configs", "text.json"},
      {"validate", "--space", "absent.json"},
      {"validate", "--space", "s.json"},
      {"validate", "--space", "space.json", "--configs", "text.json"},
      {"validate", "--space", "space.json", "--configs", "absent.json"},
      {"status", "absent"},
      {"status", "."},
      {"ask", "run", "--count", "0"},
      {"tell", "run", "--trial", "0", "--objectives", "[1]"},  // never asked for
      {"tell", "run", "--trial", "0"},
      {"tell", "run", "--trial", "0", "--objectives", "[1]", "--failed", "x"},
      {"shapley", "game.json"},
      {"shapley", "absent.json"},
      {"shapley", "sound.json", "--index", "SX"},
      {"shapley", "sound.json", "--index", "SII", "--order", "3"},
      {"shapley", "sound.json", "--index", "SV", "--order", "2"},
      {"indicator", "volume", "front.json"},
      {"indicator", "hypervolume", "front.json"},
      {"indicator", "hypervolume", "front.json", "--reference", "3,x"},
      {"indicator", "hypervolume", "front.json", "--reference", "3"},
      {"indicator", "hypervolume", "ragged.json", "--reference", "3,3"},
      {"indicator", "igd", "front.json"},
      {"problem"},
      {"problem", "describe", "zdt9"},
      {"problem", "evaluate", "zdt1", "--points", "text.json"},
      {"problem", "evaluate", "zdt1", "--points", "front.json"},  // outside the bounds
      {"yahpo", "describe", "lcbench"},                           // no data
      {"yahpo", "describe", "lcbenhc"},
      {"yahpo", "list", "--data", "absent"},
      {"explain", "run", "--game", "tunability"},  // no trials
      {"explain", "--game", "tunability"},
      {"explain", "run", "--game", "chess"},
      {"explain", "run", "--game", "tunability", "--baseline", R"({"x": 9, "c": "a"})"},
      {"explain", "run", "--game", "tunability", "--index", "SVV"},
      {"explain", "run", "--game", "tunability", "--aggregate", "median"},
      {"explain", "run", "--game", "optimizer_bias", "--against", "smac"},
      {"explain", "run", "--game", "tunability", "--coverage", "1"},
      {"explain", "run", "--game", "tunability", "--surrogate", "svm"},
  };
  for (const auto& line : lines) {
    std::string joined;
    for (const std::string& word : line) joined += word + " ";
    CAPTURE(joined);
    const auto result = hyperego::test::hyperego(line, directory.path());
    CAPTURE(result.err);
    CHECK(result.code == 2);
    CHECK(result.out.empty());
    CHECK(result.complains_in_one_sentence());
  }
}

TEST_CASE("help and version") {
  for (const std::vector<std::string>& line : {std::vector<std::string>{"--help"},
                                               {"run", "--help"},
                                               {"problem", "evaluate", "--help"},
                                               {"explain", "--help"},
                                               {"--version"}}) {
    const auto result = hyperego::test::hyperego(line);
    CHECK(result.code == 0);
    CHECK(result.err.empty());
    CHECK(result.out.find("hyperego") != std::string::npos);
  }
  CHECK(hyperego::test::hyperego({"run", "--help"}).out.find("default: runs/NAME-SEED") != std::string::npos);
}

TEST_CASE("nothing is overwritten in a directory of another study, and damage is exit 4") {
  const TemporaryDirectory directory;
  ordered_json study = good_study();
  study["evaluator"] = {{"problem", "kursawe"}};
  study.erase("space");
  study.erase("objectives");
  study["limits"] = {{"trials", 5}};
  put(directory / "s.json", study.dump());
  REQUIRE(hyperego::test::hyperego({"run", "s.json", "--out", "run"}, directory.path()).code == 0);
  const auto run = directory / "run";
  const std::string journal = text_of(run / "journal.jsonl");
  const std::string recorded = text_of(run / "study.json");

  const auto refused = [&](std::vector<std::string> line, int code) {
    const auto result = hyperego::test::hyperego(std::move(line), directory.path());
    CAPTURE(result.err);
    CHECK(result.code == code);
    CHECK(result.complains_in_one_sentence());
  };
  refused({"run", "s.json", "--out", "run"}, 2);
  refused({"init", "s.json", "--out", "run"}, 2);
  refused({"run", "s.json", "--out", "run", "--resume", "--seed", "2"}, 2);
  refused({"run", "s.json", "--out", "s.json"}, 2);
  refused({"tell", "run", "--trial", "2", "--objectives", "[1,2]"}, 2);
  CHECK(text_of(run / "journal.jsonl") == journal);
  CHECK(text_of(run / "study.json") == recorded);

  std::string damaged = journal;
  damaged[journal.size() / 2] = '\n';
  put(run / "journal.jsonl", damaged);
  for (const std::vector<std::string>& line : {std::vector<std::string>{"run", "s.json", "--out", "run", "--resume"},
                                               {"status", "run"},
                                               {"ask", "run"},
                                               {"explain", "run", "--game", "tunability"}}) {
    refused(line, 4);
  }
  CHECK(text_of(run / "journal.jsonl") == damaged);

  // Whole lines with members of the wrong type.
  for (const auto& change : {std::pair<std::string, std::string>{R"("event":"suggested")", R"("event":7)"},
                             {R"("event":"ended")", R"("event":null)"},
                             {R"("time":{)", R"("time":3,"times":{)"},
                             {R"("at":)", R"("at":"now","as":)"}}) {
    const std::string& right = change.first;
    const std::string& wrong = change.second;
    CAPTURE(wrong);
    damaged = journal;
    const std::size_t place = journal.find(right, journal.find('\n'));
    damaged.replace(place, right.size(), wrong);
    const auto number = 1 + std::count(journal.begin(), journal.begin() + static_cast<std::ptrdiff_t>(place), '\n');
    put(run / "journal.jsonl", damaged);
    for (const std::vector<std::string>& line : {std::vector<std::string>{"run", "s.json", "--out", "run", "--resume"},
                                                 {"status", "run"},
                                                 {"ask", "run"},
                                                 {"tell", "run", "--trial", "2", "--objectives", "[1,2]"},
                                                 {"report", "run"},
                                                 {"explain", "run", "--game", "tunability"}}) {
      const auto result = hyperego::test::hyperego(line, directory.path());
      CAPTURE(line[0]);
      CAPTURE(result.err);
      CHECK(result.code == 4);
      CHECK(result.complains_in_one_sentence());
      CHECK(result.err.find("journal.jsonl:" + std::to_string(number)) != std::string::npos);
    }
    CHECK(text_of(run / "journal.jsonl") == damaged);
    CHECK(text_of(run / "study.json") == recorded);
  }
  put(run / "journal.jsonl", journal);

  const hyperego::FileLock lock(run / "lock");
  refused({"run", "s.json", "--out", "run", "--resume"}, 4);
  refused({"ask", "run"}, 4);
  CHECK(hyperego::test::hyperego({"status", "run"}, directory.path()).code == 0);
}
