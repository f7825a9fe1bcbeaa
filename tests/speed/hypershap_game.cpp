// Our half of benchmark/peers/hypershap: reads a task from standard input, plays the tunability game on one thread and
// prints v(S), the times and (Gaussian process) the fitted model, so that a peer can be given the same function.
//
//   in:  {"space": ConfigSpace JSON, "trials": [{"configuration": {…}, "performance": y}, …], "baseline": {…},
//         "samples": [{…}, …], "surrogate": "gp", "maximum": "sampled" | "optimized"}   larger y is better
//   out: {"players": […], "values": [v(∅), …], "seconds": {"fit": …, "game": …, "processor": …}, "model": {…}}
#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/shapley/game/game.hpp>
#include <hyperego/shapley/index/interaction_index.hpp>
#include <hyperego/surrogate/forest/random_forest_surrogate.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <ctime>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace hyperego;
using Json = nlohmann::ordered_json;

struct Model {
  std::unique_ptr<Surrogate> surrogate;
  Json description;
};

/// Σ_i weights_i k(x_i, ·) as plain numbers: features of the trials, length scales, weights on the performance's scale.
Json describe_process(const GaussianProcessSurrogate& surrogate) {
  const GaussianProcess& process = surrogate.process();
  Json points = Json::array();
  for (Eigen::Index i = 0; i < process.features().cols(); ++i) {
    points.push_back(std::vector<double>(process.features().col(i).begin(), process.features().col(i).end()));
  }
  const Eigen::VectorXd weights =
      -surrogate.transform().scale() * process.kernel().signal_variance() * process.weights();
  std::vector<double> scales;
  for (Eigen::Index l = 0; l < process.number_of_features(); ++l) scales.push_back(process.kernel().length_scale(l));
  return {{"kernel", to_string(process.kernel().form())},
          {"features", surrogate.encoding().feature_names()},
          {"points", std::move(points)},
          {"length_scales", scales},
          {"weights", std::vector<double>(weights.begin(), weights.end())},
          {"constant", -surrogate.transform().centre()}};
}

Model model_of(const std::string& kind, const std::shared_ptr<const SearchSpace>& space,
               const std::vector<Configuration>& configurations, const Eigen::VectorXd& targets) {
  if (kind == "gp") {
    auto surrogate =
        std::make_unique<GaussianProcessSurrogate>(GaussianProcessSurrogate::fit(space, configurations, targets));
    Json description = describe_process(*surrogate);
    return {std::move(surrogate), std::move(description)};
  }
  if (kind == "forest") {
    auto surrogate =
        std::make_unique<RandomForestSurrogate>(RandomForestSurrogate::fit(space, configurations, targets));
    Json description = surrogate->to_json();
    return {std::move(surrogate), std::move(description)};
  }
  throw InvalidInput("surrogate", "\"" + kind + "\" is not there; use \"gp\" or \"forest\"");
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Json play(const Json& task) {
  const auto space = std::make_shared<const SearchSpace>(space_from_configspace_json(task.at("space"), "space"));
  std::vector<Configuration> configurations;
  Eigen::VectorXd targets(static_cast<Eigen::Index>(task.at("trials").size()));
  for (const Json& trial : task.at("trials")) {
    targets[static_cast<Eigen::Index>(configurations.size())] = -trial.at("performance").get<double>();
    configurations.push_back(space->configuration_from_json(trial.at("configuration"), "trials"));
  }
  std::vector<Configuration> samples;
  for (const Json& sample : task.at("samples")) samples.push_back(space->configuration_from_json(sample, "samples"));
  const auto before_fit = std::chrono::steady_clock::now();
  const Model model = model_of(task.at("surrogate").get<std::string>(), space, configurations, targets);
  const double fit = seconds_since(before_fit);
  const Blends blends(space, space->configuration_from_json(task.at("baseline"), "baseline"), std::move(samples),
                      BlendTreatment::drop);
  const GameOptions options{.maximum = task.at("maximum") == "sampled" ? MaximumKind::sampled : MaximumKind::optimized,
                            .sign = -1,
                            .closed = false,
                            .threads = 1};
  const auto before_game = std::chrono::steady_clock::now();
  const std::clock_t processor = std::clock();
  const GameTable table = play_game(*model.surrogate, blends, options);
  const auto index = interaction_values(table.values, InteractionIndex::fsii, 2);
  const double used = static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC;
  const double game = seconds_since(before_game);
  return {{"players", table.players},
          {"values", table.values},
          {"fsii", to_json(index)},
          {"seconds", {{"fit", fit}, {"game", game}, {"processor", used}}},
          {"model", model.description}};
}

}  // namespace

int main() {
  try {
    std::cout << play(Json::parse(std::cin)) << '\n';
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "peer_hypershap_game: " << error.what() << '\n';
    return 1;
  }
}
