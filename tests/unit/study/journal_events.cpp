// Journals whose lines are whole JSON objects, but not what they should be: refused with the line, and nothing is
// changed.
#include <hyperego/core/error.hpp>
#include <hyperego/study/evaluators.hpp>
#include <hyperego/study/runner.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "temporary_directory.hpp"
#include <fstream>
#include <map>
#include <sstream>

using namespace hyperego;
using hyperego::test::TemporaryDirectory;
using nlohmann::ordered_json;

namespace {

/// A search with everything that a journal can hold: games, fitted parameters, constraints, messages.
StudySpecification eventful() {
  StudySpecification study;
  study.name = "eventful";
  study.space = std::make_shared<const SearchSpace>(std::vector{
      make_float("x", 0, 1), make_float("y", 0, 1), make_categorical("c", {std::string("a"), std::string("b")})});
  study.objectives = {{.name = "f"}, {.name = "g"}};
  study.constraints = {{.name = "k", .upper = 1.2}};
  study.optimizer = std::make_shared<const ordered_json>(ordered_json{{"name", "hpi-parego"},
                                                                      {"initial_trials", 5},
                                                                      {"game_samples", 8},
                                                                      {"schedule", {0.8}},
                                                                      {"hypervolume_share", 0}});
  study.limits.trials = 9;
  return study;
}

void play(const std::filesystem::path& directory) {
  Study study(eventful(), directory, OpenMode::start);
  for (std::uint64_t trial = 0; trial < 9; ++trial) {
    const auto asked = study.ask(1);
    REQUIRE(asked.size() == 1);
    const Configuration& c = asked[0].configuration;
    Outcome outcome;
    outcome.objectives = Eigen::Vector2d(c[0] + 0.1 * c[1], 1 - c[0]);
    outcome.constraints = Eigen::VectorXd::Constant(1, c[0] + c[1]);
    outcome.message = "noted";
    if (trial == 3) outcome = {.status = TrialStatus::failed, .message = "no luck"};
    study.tell(trial, outcome, 1);
  }
  study.stop({"trials", "all 9 trials are done"});
}

/// Every file by its name.
std::map<std::string, std::string> content_of(const std::filesystem::path& directory) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    files[entry.path().filename().string()] = text.str();
  }
  return files;
}

void collect_pointers(const ordered_json& json, const ordered_json::json_pointer& here,
                      std::vector<ordered_json::json_pointer>& pointers) {
  if (json.is_object()) {
    for (const auto& [name, member] : json.items()) {
      pointers.push_back(here / name);
      collect_pointers(member, here / name, pointers);
    }
  } else if (json.is_array()) {
    for (std::size_t i = 0; i < json.size(); ++i) {
      pointers.push_back(here / i);
      collect_pointers(json[i], here / i, pointers);
    }
  }
}

bool are_of_one_type(const ordered_json& a, const ordered_json& b) {
  return a.type() == b.type() || (a.is_number() && b.is_number());
}

/// Opening the directory to go on is refused, naming the line, and leaves every file as it is.
void check_refused(const std::filesystem::path& directory, std::size_t line) {
  const auto before = content_of(directory);
  std::string complaint;
  try {
    const Study study(eventful(), directory, OpenMode::resume);
  } catch (const StoreError& error) {
    complaint = error.what();
  } catch (const std::exception& error) {
    complaint = std::string("no StoreError: ") + error.what();
  }
  CAPTURE(complaint);
  CHECK(complaint.find("journal.jsonl:" + std::to_string(line)) != std::string::npos);
  CHECK(complaint.find("no StoreError") == std::string::npos);
  CHECK((content_of(directory) == before));
}

void write_lines(const std::filesystem::path& file, const std::vector<ordered_json>& events, const std::string& end) {
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  for (const ordered_json& event : events) stream << event.dump() << '\n';
  stream << end;
}

}  // namespace

TEST_CASE("a member of any event that has another type is an error that names its line, and nothing is changed") {
  const TemporaryDirectory directory;
  const auto path = directory / "run";
  play(path);
  const std::vector<ordered_json> events = Journal::read(path / "journal.jsonl").events;
  // What a crash would leave is there as well: to be cut off only where the rest is sound.
  const std::string torn = "{\"event\":\"sto";
  std::map<std::string, std::size_t> chosen;  // the last line of each kind, and the first ones
  for (std::size_t i = 0; i < events.size(); ++i) {
    std::string kind = events[i].at("event").get<std::string>();
    if (events[i].contains("status")) kind += events[i].at("status").get<std::string>();
    chosen[kind] = i;
  }
  REQUIRE(chosen.size() == 5);
  REQUIRE(events[chosen.at("suggested")].at("game").is_object());
  const std::vector<ordered_json> values{nullptr, true, 7.5, "text", ordered_json::array(), ordered_json::object()};
  std::size_t refused = 0;
  for (const auto& [name, last] : chosen) {
    const std::string& kind = name;  // lambdas of C++20 do not capture structured bindings in clang 14
    const std::size_t index = last;
    CAPTURE(kind);
    std::vector<ordered_json::json_pointer> pointers;
    collect_pointers(events[index], ordered_json::json_pointer(), pointers);
    for (const auto& pointer : pointers) {
      const std::string place = pointer.to_string();
      CAPTURE(place);
      // The digest vouches for all of the decision; one look at each of its members is enough.
      if (place.rfind("/decision/", 0) == 0 && place.find('/', 10) != std::string::npos) continue;
      for (const ordered_json& value : values) {
        if (are_of_one_type(events[index].at(pointer), value)) continue;
        // Null is what is absent, or a value that was not finite.
        const bool may_be_absent = place == "/message" || place == "/time" || place.rfind("/time/", 0) == 0 ||
                                   place == "/version" || place == "/instruction_set" || place == "/constraints" ||
                                   place == "/surrogate" || place.rfind("/surrogate/", 0) == 0 || place == "/game" ||
                                   place.rfind("/game/values/", 0) == 0;
        if (value.is_null() && may_be_absent) continue;
        CAPTURE(value.dump());
        auto altered = events;
        altered[index].at(pointer) = value;
        write_lines(path / "journal.jsonl", altered, torn);
        check_refused(path, index + 1);
        ++refused;
      }
    }
  }
  MESSAGE(refused, " journals refused");
  CHECK(refused > 300);
  write_lines(path / "journal.jsonl", events, torn);
  {
    const Study study(eventful(), path, OpenMode::resume);
    CHECK(study.history().ended() == 9);
  }
  CHECK_FALSE(Journal::read(path / "journal.jsonl").has_torn_tail);
}

TEST_CASE("parameters of a model for another number of features are damage") {
  const TemporaryDirectory directory;
  const auto path = directory / "run";
  play(path);
  auto events = Journal::read(path / "journal.jsonl").events;
  for (std::size_t i = events.size(); i-- > 0;) {
    if (!events[i].contains("surrogate") || !events[i].at("surrogate").is_object()) continue;
    auto& fits = events[i].at("surrogate").at("fits");
    REQUIRE_FALSE(fits.empty());
    fits.front().at("parameters").at("log_length_scales").push_back(0.5);
    write_lines(path / "journal.jsonl", events, "");
    check_refused(path, i + 1);
    return;
  }
  FAIL("no line with fitted parameters");
}
