// The commands against the outputs of independent implementations.
#include <doctest/doctest.h>

#include "program.hpp"
#include <algorithm>
#include <cmath>

using namespace hyperego::test;
using nlohmann::ordered_json;

namespace {

/// The JSON that the program prints; the test fails where it prints none.
ordered_json printed(const std::vector<std::string>& line, const std::filesystem::path& directory,
                     const std::map<std::string, std::string>& environment = {}) {
  const auto result = hyperego::test::hyperego(line, directory, environment);
  CAPTURE(result.err);
  REQUIRE(result.code == 0);
  return result.json();
}

double largest_difference(const ordered_json& a, const ordered_json& b) {
  REQUIRE(a.size() == b.size());
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double scale = std::max(1.0, std::abs(b[i].get<double>()));
    worst = std::max(worst, std::abs(a[i].get<double>() - b[i].get<double>()) / scale);
  }
  return worst;
}

std::vector<std::filesystem::path> files_in(const char* folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(shared_data() / folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

TEST_CASE("validate judges configurations as ConfigSpace does") {
  if (!have_shared("golden/spaces", "cli validate")) return;
  for (const auto& file : files_in("golden/spaces")) {
    CAPTURE(file.filename().string());
    const TemporaryDirectory directory;
    const ordered_json golden = ordered_json::parse(text_of(file));
    put(directory / "space.json", golden.at("space").dump());
    ordered_json configurations = ordered_json::array();
    std::vector<bool> expected;
    for (const ordered_json& legal : golden.at("legal")) {
      configurations.push_back(legal.contains("configuration") ? legal.at("configuration") : legal.at("config"));
      expected.push_back(true);
    }
    for (const ordered_json& judged : golden.at("judged")) {
      configurations.push_back(judged.contains("configuration") ? judged.at("configuration") : judged.at("config"));
      expected.push_back(judged.at("verdict") == "legal");
    }
    put(directory / "configs.json", configurations.dump());
    const ordered_json result =
        printed({"validate", "--space", "space.json", "--configs", "configs.json"}, directory.path());
    REQUIRE(result.at("legal").size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CAPTURE(i);
      CHECK(result.at("legal")[i].get<bool>() == expected[i]);
      CHECK(result.at("reasons")[i].is_null() == expected[i]);
    }
  }
}

TEST_CASE("shapley agrees with shapiq") {
  if (!have_shared("golden/shapley", "cli shapley")) return;
  for (const auto& file : files_in("golden/shapley")) {
    const ordered_json golden = ordered_json::parse(text_of(file));
    if (golden.at("n").get<int>() > 10) continue;  // all of them are tested below the command line
    CAPTURE(file.filename().string());
    const auto values = golden.at("values").get<std::vector<double>>();
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    for (const char* name : {"SV", "SII_2"}) {
      const std::string full = name;
      if (!golden.at("index").contains(full)) continue;
      std::vector<std::string> line{"shapley", file.string(), "--index", full.substr(0, full.find('_'))};
      if (full.find('_') != std::string::npos) line.insert(line.end(), {"--order", "2"});
      const ordered_json result = printed(line, "/");
      for (const auto& [players, value] : golden.at("index").at(full).items()) {
        if (players.empty()) {
          CHECK_FALSE(result.at("values").contains(""));
          continue;
        }
        CHECK(std::abs(result.at("values").at(players).get<double>() - value.get<double>()) <=
              1e-11 * std::max(1e-3, *high - *low));
      }
      CHECK(result.at("baseline") == golden.at("values")[0]);
    }
  }
}

TEST_CASE("indicators agree with moocore") {
  if (!have_shared("golden/indicators/indicators_m2.json", "cli indicator")) return;
  const TemporaryDirectory directory;
  for (const char* file : {"golden/indicators/indicators_m2.json", "golden/indicators/indicators_m5.json"}) {
    const ordered_json cases = read_shared(file).at("cases");
    for (std::size_t i = 0; i < cases.size(); i += 5) {
      const ordered_json& one = cases[i];
      CAPTURE(one.at("name").get<std::string>());
      put(directory / "front.json", one.at("points").dump());
      put(directory / "set.json", one.at("comparison_front").dump());
      const auto list = [](const ordered_json& numbers) {
        std::string text;
        for (const ordered_json& number : numbers) text += (text.empty() ? "" : ",") + number.dump();
        return text;
      };
      const auto value = [&](std::vector<std::string> line) {
        line.insert(line.begin(), "indicator");
        line.insert(line.begin() + 2, "front.json");
        return printed(line, directory.path()).at("value").get<double>();
      };
      const auto close = [](double a, double b, double tolerance) {
        return std::abs(a - b) <= tolerance * std::max(1e-12, std::abs(b));
      };
      CHECK(close(value({"hypervolume", "--reference=" + list(one.at("reference"))}),
                  one.at("hypervolume").get<double>(), 1e-10));
      CHECK(close(value({"igd", "--reference-set", "set.json"}), one.at("igd").get<double>(), 1e-11));
      CHECK(close(value({"igd+", "--reference-set", "set.json"}), one.at("igd_plus").get<double>(), 1e-11));
      CHECK(close(value({"epsilon", "--reference-set", "set.json"}), one.at("epsilon_additive").get<double>(), 1e-11));
      if (!one.contains("r2_exact")) continue;
      CHECK(close(value({"r2", "--reference", list(one.at("r2_ideal"))}), one.at("r2_exact").get<double>(), 1e-10));
    }
  }
}

TEST_CASE("problems agree with pymoo") {
  if (!have_shared("golden/problems", "cli problem")) return;
  const TemporaryDirectory directory;
  for (const auto& file : files_in("golden/problems")) {
    const ordered_json golden = ordered_json::parse(text_of(file));
    CAPTURE(file.filename().string());
    ordered_json points = ordered_json::array();
    for (const ordered_json& point : golden.at("points")) points.push_back(point.at("x"));
    put(directory / "points.json", points.dump());
    const std::string stem = file.stem().string();
    const ordered_json result =
        printed({"problem", "evaluate", stem.substr(0, stem.find('_')), "--points", "points.json", "--variables",
                 golden.at("n_var").dump(), "--objectives", golden.at("n_obj").dump()},
                directory.path());
    for (std::size_t i = 0; i < golden.at("points").size(); ++i) {
      CHECK(largest_difference(result.at("objectives")[i], golden.at("points")[i].at("f")) <= 1e-9);
    }
  }
}

TEST_CASE("YAHPO scenarios agree with ONNX Runtime") {
  if (!have_shared("yahpo/golden", "cli yahpo")) return;
  const TemporaryDirectory directory;
  const std::map<std::string, std::string> environment{{"HYPEREGO_YAHPO_DATA", (shared_data() / "yahpo").string()}};
  for (const auto& file : files_in("yahpo/golden")) {
    const ordered_json golden = ordered_json::parse(text_of(file));
    CAPTURE(file.filename().string());
    put(directory / "configs.json", golden.at("configs").dump());
    const std::string scenario = golden.at("scenario").get<std::string>();
    const auto evaluated = hyperego::test::hyperego({"yahpo", "evaluate", scenario, "--configs", "configs.json"},
                                                    directory.path(), environment);
    CAPTURE(evaluated.err);
    REQUIRE(evaluated.code == 0);
    const ordered_json result = evaluated.json().at("objectives");
    const ordered_json& y = golden.at("y");
    REQUIRE(result.size() == y.size());
    for (std::size_t column = 0; column < y[0].size(); ++column) {
      double low = HUGE_VAL;
      double high = -HUGE_VAL;
      double worst = 0;
      for (std::size_t row = 0; row < y.size(); ++row) {
        const double value = y[row][column].get<double>();
        low = std::min(low, value);
        high = std::max(high, value);
        worst = std::max(worst, std::abs(result[row][column].get<double>() - value));
      }
      CHECK(worst <= 5e-5 * (high - low));
    }
    const ordered_json description = printed({"yahpo", "describe", scenario}, directory.path(), environment);
    CHECK(description.at("targets").size() == y[0].size());
    CHECK(description.at("instances").size() > 3);
  }
  const ordered_json some =
      printed({"yahpo", "evaluate", "lcbench", "--configs", "one.json", "--targets", "val_cross_entropy,time"},
              (put(directory / "one.json",
                   ordered_json::array(
                       {ordered_json::parse(text_of(shared_data() / "yahpo/golden/lcbench.json")).at("configs")[0]})
                       .dump()),
               directory.path()),
              environment);
  CHECK(some.at("objectives")[0].size() == 2);
  CHECK(printed({"yahpo", "list"}, directory.path(), environment).at("scenarios").size() >= 5);
}

TEST_CASE("small values of our own, tested without the shared folder") {
  const TemporaryDirectory directory;
  put(directory / "game.json", R"({"n":2,"values":[1,2,3,6]})");
  const ordered_json values = printed({"shapley", "game.json"}, directory.path());
  CHECK(values.dump() ==
        R"({"index":"SV","order":1,"values":{"0":2.0,"1":3.0},"baseline":1.0,"empty_interaction":1.0})");
  put(directory / "front.json", "[[1,2],[2,1]]");
  CHECK(printed({"indicator", "hypervolume", "front.json", "--reference", "3,3"}, directory.path()).dump() ==
        R"({"indicator":"hypervolume","value":3.0})");
  put(directory / "points.json", "[[0,0,0],[1,0,0]]");
  CHECK(printed({"problem", "evaluate", "ZDT1", "--points", "points.json"}, directory.path()).dump() ==
        R"({"objectives":[[0.0,1.0],[1.0,0.0]]})");
  put(directory / "minus.json", "[[-2,-1]]");
  CHECK(printed({"indicator", "hypervolume", "minus.json", "--reference", "-1,-0.5"}, directory.path()).at("value") ==
        0.5);
}
