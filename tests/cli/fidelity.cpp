// A program that trains by epochs, from a checkpoint, through the whole of hyperego.
#include <doctest/doctest.h>

#include "program.hpp"

using namespace hyperego::test;
using nlohmann::ordered_json;

namespace {

/// Reports every epoch; its error falls towards (x − 0.3)², its size is 1 − x.
constexpr auto training_program = R"(#!/bin/sh
awk -v x="$HYPEREGO_X" -v all="$HYPEREGO_EPOCHS" -v from="$HYPEREGO_CHECKPOINT_FROM" -v to="$HYPEREGO_CHECKPOINT_TO" 'BEGIN {
  epoch = 0
  if (from != "") { getline epoch < (from "/epoch") }
  print epoch, all >> "trace"
  while (epoch < all) {
    epoch++
    error = (x - 0.3) * (x - 0.3) + 0.5 / epoch
    printf "{\"report\": {\"epochs\": %d, \"error\": %.12g, \"size\": %.12g}}\n", epoch, error, 1 - x
    fflush()
  }
  if (to != "") { print epoch > (to "/epoch") }
  printf "{\"error\": %.12g, \"size\": %.12g}\n", error, 1 - x
}'
)";

ordered_json training_study() {
  return {{"name", "training"},
          {"space",
           {{"hyperparameters",
             {{{"type", "uniform_float"}, {"name", "x"}, {"lower", 0}, {"upper", 1}},
              {{"type", "uniform_float"}, {"name", "y"}, {"lower", 0}, {"upper", 1}}}}}},
          {"objectives", {{{"name", "error"}, {"reference", 2}}, {{"name", "size"}, {"reference", 1}}}},
          {"fidelity",
           {{"name", "epochs"}, {"range", {1, 27}}, {"integer", true}, {"log", true}, {"training", "continues"}}},
          {"evaluator", {{"command", {"./train"}}}},
          {"optimizer", {{"name", "hpi-parego"}, {"acquisition", {{"random_candidates", 100}, {"starts", 2}}}}},
          {"limits", {{"cost", 4}}}};
}

void write_program(const TemporaryDirectory& directory, const ordered_json& study) {
  put(directory / "train", training_program);
  std::filesystem::permissions(directory / "train", std::filesystem::perms::owner_all);
  put(directory / "s.json", study.dump());
}

std::vector<ordered_json> events(const std::filesystem::path& run, const char* kind) {
  std::vector<ordered_json> found;
  for (const ordered_json& event : hyperego::Journal::read(run / "journal.jsonl").events) {
    if (event.at("event") == kind) found.push_back(event);
  }
  return found;
}

}  // namespace

TEST_CASE("a study trains by epochs from checkpoints within its cost") {
  const TemporaryDirectory directory;
  write_program(directory, training_study());
  const auto result = hyperego::test::hyperego({"run", "s.json", "--out", "run"}, directory.path());
  CAPTURE(result.err);
  REQUIRE(result.code == 0);
  const ordered_json status = result.json();
  CHECK(status.at("stopped").at("reason") == "cost");
  const ordered_json& cost = status.at("fidelity").at("cost");
  CHECK(cost.at("limit") == 4);
  CHECK(cost.at("spent").get<double>() >= 4);
  CHECK(cost.at("spent").get<double>() < 5);
  CHECK(status.at("fidelity").at("trials").size() > 1);  // fidelities
  CHECK(result.err.find("full evaluations") != std::string::npos);
  // The front knows full evaluations alone.
  std::map<std::uint64_t, ordered_json> suggested;
  for (const ordered_json& event : events(directory / "run", "suggested")) suggested[event.at("trial")] = event;
  for (const ordered_json& point : status.at("front")) {
    CHECK_FALSE(suggested.at(point.at("trial").get<std::uint64_t>()).contains("fidelity"));
  }
  // Every program began where the trial before it had left off.
  std::istringstream trace(text_of(directory / "trace"));
  std::map<std::uint64_t, int> reached;
  for (const auto& [trial, event] : suggested) {
    int from = 0;
    int to = 0;
    REQUIRE((trace >> from >> to));
    CHECK(from == (event.contains("continues") ? reached.at(event.at("continues").get<std::uint64_t>()) : 0));
    CHECK(to == event.value("fidelity", 27.0));
    reached[trial] = to;
  }
  CHECK_FALSE(std::filesystem::exists(directory / "run" / "checkpoints"));
  CHECK(hyperego::test::hyperego({"status", "run", "--pretty"}, directory.path()).out.find("trials by epochs: ") !=
        std::string::npos);
  CHECK(hyperego::test::hyperego({"explain", "run", "--game", "tunability", "--objective", "error"}, directory.path())
            .code == 0);
  CHECK(hyperego::test::hyperego({"report", "run"}, directory.path()).code == 0);
}

TEST_CASE("the same study gives the same journal, and a cut one goes on to the same end") {
  const TemporaryDirectory directory;
  write_program(directory, training_study());
  for (const char* name : {"a", "b"}) {
    REQUIRE(hyperego::test::hyperego({"run", "s.json", "--out", name}, directory.path()).code == 0);
  }
  const std::string whole = timeless_journal(directory / "a");
  CHECK(whole == timeless_journal(directory / "b"));
  const std::string journal = text_of(directory / "a" / "journal.jsonl");
  put(directory / "b" / "journal.jsonl", journal.substr(0, journal.size() / 2));
  REQUIRE(hyperego::test::hyperego({"run", "s.json", "--out", "b", "--resume"}, directory.path()).code == 0);
  // Checkpoints were removed at the end of the first run: those trials say that they began anew.
  CHECK(events(directory / "b", "ended").size() == events(directory / "a", "ended").size());
}

TEST_CASE("checkpoints are kept where the study says so") {
  const TemporaryDirectory directory;
  ordered_json study = training_study();
  study["evaluator"]["keep_checkpoints"] = true;
  study["limits"] = {{"trials", 3}};
  write_program(directory, study);
  REQUIRE(hyperego::test::hyperego({"run", "s.json", "--out", "run"}, directory.path()).code == 0);
  for (const char* trial : {"0", "1", "2"}) {
    CHECK(std::filesystem::exists(directory / "run" / "checkpoints" / trial / "epoch"));
  }
}

TEST_CASE("optimizers that know no fidelity evaluate in full") {
  const TemporaryDirectory directory;
  ordered_json study = training_study();
  study["optimizer"] = {{"name", "random"}};
  study["limits"] = {{"cost", 3}};
  write_program(directory, study);
  const auto result = hyperego::test::hyperego({"run", "s.json", "--out", "run"}, directory.path());
  CAPTURE(result.err);
  REQUIRE(result.code == 0);
  CHECK(result.json().at("trials").at("ended") == 3);
  CHECK(result.json().at("fidelity").at("completed_in_full") == 3);
}
