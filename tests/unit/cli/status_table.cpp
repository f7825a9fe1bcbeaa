#include "cli/status_table.hpp"

#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/json_reader.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

SearchSpace space_of(int hyperparameters) {
  ordered_json json{{"hyperparameters", ordered_json::array()}};
  for (int i = 1; i <= hyperparameters; ++i) {
    json["hyperparameters"].push_back(
        {{"name", "x" + std::to_string(i)}, {"type", "uniform_float"}, {"lower", 0}, {"upper", 1}});
  }
  return space_from_configspace_json(json, "space");
}

ordered_json status_of(int trials, int hyperparameters) {
  ordered_json status{{"name", "s"}, {"seed", 1}, {"hypervolume", nullptr}, {"reference", nullptr}};
  status["trials"] = {{"limit", trials}, {"ended", trials}};
  for (const char* state : {"waiting", "running", "completed", "infeasible", "failed", "timed_out", "lost"}) {
    status["trials"][state] = 0;
  }
  status["stopped"] = nullptr;
  status["last_failure"] = nullptr;
  status["front"] = ordered_json::array();
  for (int t = 0; t < trials; ++t) {
    ordered_json configuration = ordered_json::object();
    // The first member lacks x1, which is still the first of the space.
    for (int i = t == 0 ? 2 : 1; i <= hyperparameters; ++i) configuration["x" + std::to_string(i)] = 0.125;
    status["front"].push_back({{"trial", t}, {"configuration", configuration}, {"objectives", {{"loss", 0.25}}}});
  }
  return status;
}

std::size_t widest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, line.size());
  return widest;
}

}  // namespace

TEST_CASE("the front in the order of the space") {
  const std::string text = cli::status_table(status_of(3, 3), space_of(3), std::nullopt);
  CHECK(text.find("trial  loss  x1     x2     x3\n0      0.25  -      0.125  0.125\n") != std::string::npos);
}

TEST_CASE("a wide front is turned, or what does not fit is left out and said to be") {
  const std::string turned = cli::status_table(status_of(3, 20), space_of(20), 40);
  CHECK(turned.find("trial  0      1      2\nloss   0.25   0.25   0.25\nx1     -      0.125  0.125\n") !=
        std::string::npos);
  CHECK(turned.find("x20    0.125") != std::string::npos);
  CHECK(widest_line(turned) <= 40);
  const std::string narrow = cli::status_table(status_of(30, 20), space_of(20), 40);
  CHECK(narrow.find("trial  loss  x1     x2     x3     x4\n") != std::string::npos);
  CHECK(narrow.find("6 of 22 columns fit here") != std::string::npos);
  CHECK(cli::status_table(status_of(30, 20), space_of(20), std::nullopt).find("x20") != std::string::npos);
}

TEST_CASE("a traceback keeps its lines") {
  ordered_json status = status_of(0, 1);
  status["last_failure"] = "it ended with exit status 1: Traceback:\n  File \"x.py\"\nValueError";
  const std::string text = cli::status_table(status, space_of(1), 80);
  CHECK(text.find("last failure:\n  it ended with exit status 1: Traceback:\n    File \"x.py\"\n  ValueError\n") !=
        std::string::npos);
}
