// Games against the values of the Python HyperSHAP on closed-form objectives (golden/hypershap/README.md).
#include <hyperego/core/blend.hpp>
#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/game/game.hpp>
#include <hyperego/shapley/game/game_aggregate.hpp>
#include <hyperego/shapley/index/interaction_index.hpp>

#include <doctest/doctest.h>

#include "hypershap_case.hpp"
#include "shared_data.hpp"
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace hyperego;
using namespace hyperego::test;

namespace {

constexpr double tolerance = 1e-9;
constexpr const char* files[] = {"nn4_a", "nn4_b", "svm6_a", "svm6_b", "gbm8_a", "gbm8_b"};

HyperShapCase load(const std::string& file) { return HyperShapCase(read_shared("golden/hypershap/" + file + ".json")); }

GameTable ablation(const HyperShapCase& golden, const Json& params, const Json& baseline) {
  const FunctionPredictor predictor(golden.space(), golden.objective(params));
  const Blends blends(golden.space(), golden.configuration(baseline),
                      {golden.configuration(golden.json().at("config_of_interest"))}, BlendTreatment::ignore);
  return play_game(predictor, blends, {.kind = GameKind::ablation});
}

GameTable sampled(const HyperShapCase& golden, GameKind kind, const Json& params, const std::string& samples) {
  const FunctionPredictor predictor(golden.space(), golden.objective(params));
  const Blends blends(golden.space(), golden.configuration(golden.json().at("baseline")),
                      golden.configurations(golden.json().at("samples").at(samples)), BlendTreatment::drop);
  return play_game(predictor, blends, {.kind = kind, .maximum = MaximumKind::sampled, .closed = false});
}

void check_index(const Json& expected, const GameTable& table, InteractionIndex index, int order) {
  const InteractionValues values = interaction_values(table.normalised(), index, order);
  double worst = 0;
  for (std::size_t i = 0; i < values.values.size(); ++i) {
    const double reference = expected.at(coalition_key(values.interactions[i])).get<double>();
    worst = std::max(worst, std::abs(values.values[i] - reference));
  }
  CHECK(worst <= tolerance);
}

void check_values(const HyperShapCase& golden, const std::string& game, const GameTable& table) {
  const std::vector<double> expected = golden.json().at("games").at(game).at("values");
  REQUIRE(expected.size() == table.values.size());
  double worst = 0;
  for (std::size_t s = 0; s < expected.size(); ++s) worst = std::max(worst, std::abs(expected[s] - table.values[s]));
  CAPTURE(game);
  CHECK(worst <= tolerance);
  check_index(golden.json().at("games").at(game).at("index").at("SV"), table, InteractionIndex::sv, 1);
  check_index(golden.json().at("games").at(game).at("index").at("FSII_2"), table, InteractionIndex::fsii, 2);
}

}  // namespace

TEST_CASE("closed-form objectives agree with the files") {
  if (!have_shared("golden/hypershap", "hypershap objectives")) return;
  for (const char* file : files) {
    const HyperShapCase golden = load(file);
    const auto objective = golden.objective(golden.json().at("params"));
    CHECK(objective(golden.configuration(golden.json().at("baseline"))) ==
          doctest::Approx(golden.json().at("objective_at_baseline").get<double>()).epsilon(1e-12));
    const std::vector<double> expected = golden.json().at("objective_on_search_samples");
    const std::vector<Configuration> samples = golden.configurations(golden.json().at("samples").at("search"));
    for (std::size_t i = 0; i < samples.size(); ++i)
      CHECK(objective(samples[i]) == doctest::Approx(expected[i]).epsilon(1e-12));
  }
}

TEST_CASE("sampled games agree with HyperSHAP") {
  if (!have_shared("golden/hypershap", "hypershap sampled games")) return;
  for (const char* file : files) {
    CAPTURE(file);
    const HyperShapCase golden = load(file);
    const Json& params = golden.json().at("params");
    for (const GameKind kind : {GameKind::tunability, GameKind::mistunability, GameKind::sensitivity}) {
      const GameTable table = sampled(golden, kind, params, "search");
      check_values(golden, std::string(to_string(kind)), table);
      if (golden.json().contains("valid_samples_per_coalition")) {
        CHECK(table.legal == golden.json().at("valid_samples_per_coalition").get<std::vector<std::uint32_t>>());
      } else {
        CHECK(table.lowest_legal_share() == 1);
      }
    }
  }
}

TEST_CASE("ablation agrees with HyperSHAP") {
  if (!have_shared("golden/hypershap", "hypershap ablation")) return;
  for (const char* file : files) {
    CAPTURE(file);
    const HyperShapCase golden = load(file);
    const Json& params = golden.json().at("params");
    check_values(golden, "ablation", ablation(golden, params, golden.json().at("baseline")));

    std::vector<GameTable> tables;
    for (const Json& baseline : golden.json().at("baselines")) tables.push_back(ablation(golden, params, baseline));
    check_values(golden, "ablation_multibaseline_avg", aggregate_games(tables, GameAggregate::mean));
    check_values(golden, "ablation_multibaseline_min", aggregate_games(tables, GameAggregate::min));
    check_values(golden, "ablation_multibaseline_max", aggregate_games(tables, GameAggregate::max));
    check_values(golden, "ablation_multibaseline_var", aggregate_games(tables, GameAggregate::variance));
  }
}

TEST_CASE("illegal blends of an ablation are known") {
  if (!have_shared("golden/hypershap", "hypershap illegal ablation blends")) return;
  for (const char* file : {"svm6_a", "svm6_b"}) {
    const HyperShapCase golden = load(file);
    const FunctionPredictor predictor(golden.space(), golden.objective(golden.json().at("params")));
    const Blends blends(golden.space(), golden.configuration(golden.json().at("baseline")),
                        {golden.configuration(golden.json().at("config_of_interest"))}, BlendTreatment::drop);
    const GameTable table = play_game(predictor, blends, {.kind = GameKind::ablation});
    CHECK(table.without_legal_sample ==
          golden.json().at("ablation_coalitions_giving_an_invalid_configuration").get<std::vector<Coalition>>());
    CHECK_FALSE(table.statuses.empty());
  }
}

TEST_CASE("multi-data games agree with HyperSHAP") {
  if (!have_shared("golden/hypershap", "hypershap multi-data games")) return;
  for (const char* file : files) {
    CAPTURE(file);
    const HyperShapCase golden = load(file);
    std::vector<GameTable> tunabilities;
    std::vector<GameTable> ablations;
    for (const Json& params : golden.json().at("params_multidata")) {
      tunabilities.push_back(sampled(golden, GameKind::tunability, params, "search"));
      ablations.push_back(ablation(golden, params, golden.json().at("baseline")));
    }
    check_values(golden, "multidata_tunability", aggregate_games(tunabilities, GameAggregate::mean));
    check_values(golden, "multidata_ablation", aggregate_games(ablations, GameAggregate::mean));
  }
}

TEST_CASE("optimizer bias agrees with HyperSHAP") {
  if (!have_shared("golden/hypershap", "hypershap optimizer bias")) return;
  for (const char* file : files) {
    CAPTURE(file);
    const HyperShapCase golden = load(file);
    const Json& params = golden.json().at("params");
    const GameTable studied = sampled(golden, GameKind::tunability, params, "optimizer");
    const std::vector<GameTable> ensemble{sampled(golden, GameKind::tunability, params, "ensemble_0"),
                                          sampled(golden, GameKind::tunability, params, "ensemble_1")};
    check_values(golden, "optimizer_bias", optimizer_bias(studied, ensemble));

    Coalition untuned = 0;
    for (const std::string name : golden.json().at("restricted_optimizer_never_tunes")) {
      untuned |= Coalition{1} << golden.space()->index_of(name);
    }
    check_values(golden, "optimizer_bias_restricted", optimizer_bias(never_tuning(studied, untuned), ensemble));
  }
}
