// What is said where the baseline lies outside of the trials: who it is, that gains from there are guesses, and
// intervals that admit what no trial limits. And that what cannot be told from noise is listed.
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/report/explanation/detail/summary.hpp>
#include <hyperego/report/explanation/detail/verdict.hpp>
#include <hyperego/report/explanation/explain.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

/// (a − .9)² + .3 b in the part of the unit square where both are at least `least`; c does nothing.
TrialTable trials_beyond(double least) {
  TrialTable table{std::make_shared<const SearchSpace>(std::vector<Hyperparameter>{
                       make_float("a", 0, 1), make_float("b", 0, 1), make_float("c", 0, 1)}),
                   {{.name = "y"}},
                   {},
                   Eigen::MatrixXd(40, 1)};
  for (Eigen::Index k = 0; k < 40; ++k) {
    Rng rng(5, "extrapolation", static_cast<std::uint64_t>(k));
    Configuration at = Slice(table.space).sample(rng).value();
    for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) at.set(i, least + (1 - least) * at[i]);
    table.values(k, 0) = std::pow(at[0] - 0.9, 2) + 0.3 * at[1];
    table.configurations.push_back(std::move(at));
  }
  return table;
}

ordered_json explained(double least) {
  ExplainOptions options;
  options.model = ModelKind::gp;
  options.samples = 200;
  options.replicates = 0;
  return explain(trials_beyond(least), {.objective = "y"}, options);
}

double upper_end(const ordered_json& json, const char* name) {
  return json.at("intervals").at("model").at(name).at(1).get<double>();
}

}  // namespace

TEST_CASE("where the baseline lies outside of the trials, it is said and intervals hold what no trial limits") {
  const ordered_json json = explained(0.8);
  CHECK(json.at("extrapolated") == ordered_json{"a", "b"});
  CHECK(json.at("summary").get<std::string>().find("What is gained from the baseline is extrapolated") !=
        std::string::npos);
  // From the baseline at ½ both gain .15 or more; what the trials have seen is a tenth of that.
  CHECK(json.at("values").at("b").get<double>() < 0.05);
  CHECK(upper_end(json, "a") > 0.12);
  CHECK(upper_end(json, "b") > 0.15);
  CHECK(json.at("intervals").at("draws") == 96);
  CHECK(json.at("noise") == ordered_json{"c"});
}

TEST_CASE("where the trials are all over the space nothing of it is") {
  const ordered_json json = explained(0);
  CHECK_FALSE(json.contains("extrapolated"));
  CHECK(json.at("summary").get<std::string>().find("extrapolated") == std::string::npos);
  CHECK(json.at("intervals").at("draws") == 64);
  CHECK(json.at("values").at("a").get<double>() == doctest::Approx(0.16).epsilon(0.05));
  CHECK(json.at("values").at("b").get<double>() == doctest::Approx(0.15).epsilon(0.05));
}

TEST_CASE("what does not vary is no noise") {
  TrialTable table = trials_beyond(0);
  table.values.setConstant(3);
  CHECK(explain(table, {.objective = "y"}, {.model = ModelKind::gp, .samples = 50}).at("noise").empty());
}

TEST_CASE("leaders are told from the rest by intervals, losses as gains") {
  using detail::Ranked;
  const std::vector<Ranked> gains{{5, 4, 6}, {3, 2, 5.5}, {1, 0, 2}};
  CHECK(detail::leaders_among(gains) == std::vector<std::size_t>{0, 1});
  const std::vector<Ranked> losses{{-5, -6, -4}, {-3, -5.5, -2}, {-1, -2, 0}};
  CHECK(detail::leaders_among(losses) == std::vector<std::size_t>{0, 1});
  CHECK(detail::leaders_among({{-5, -5, -5}, {-3, -3, -3}}) == std::vector<std::size_t>{0});
  CHECK(detail::leaders_among({}).empty());
}

TEST_CASE("a summary says whether nothing is told from noise, or nothing that matters") {
  ordered_json json = ordered_json::parse(R"({"game": "tunability", "order": 1, "players": ["a", "b"],
    "values": {"a": 0.001, "b": 1}, "intervals": {}, "p_values": {"a": 0.5, "b": 0.6}})");
  CHECK(detail::summary_of(json) == "With these trials no hyperparameter can be told from noise.");
  json["p_values"]["a"] = 0.02;
  CHECK(detail::summary_of(json) ==
        "With these trials no hyperparameter that gains much can be told from noise. Little to gain from a.");
}
