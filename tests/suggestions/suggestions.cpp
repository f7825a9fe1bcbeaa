// suggestions STUDY.json VALUES.json: asks for as many trials as there are objectives in VALUES.json, a list of lists,
// and tells those in turn. Prints a configuration a line; then, on standard error, the seconds of processor time that
// the asks took.
#include <hyperego/hyperego.hpp>

#include <nlohmann/json.hpp>

#include <cstdio>
#include <ctime>
#include <fstream>
#include <memory>

int main(int count, char** arguments) {
  if (count != 3) return 2;
  const hyperego::StudySpecification study = hyperego::read_study(arguments[1]);
  const auto optimizer = hyperego::make_optimizer(hyperego::optimization_problem(study), *study.optimizer, "optimizer");
  std::ifstream file(arguments[2]);
  std::clock_t asking = 0;
  for (const nlohmann::json& values : nlohmann::json::parse(file)) {
    const std::clock_t start = std::clock();
    const hyperego::Suggestion suggestion = optimizer->ask(1).front();
    asking += std::clock() - start;
    std::puts(study.space->to_json(suggestion.configuration).dump().c_str());
    hyperego::Trial trial{.number = suggestion.trial, .configuration = suggestion.configuration, .outcome = {}};
    trial.outcome.status = hyperego::TrialStatus::completed;
    trial.outcome.objectives.resize(static_cast<Eigen::Index>(values.size()));
    for (std::size_t i = 0; i < values.size(); ++i) {
      trial.outcome.objectives[static_cast<Eigen::Index>(i)] = values[i].get<double>();
    }
    optimizer->tell(trial);
  }
  std::fprintf(stderr, "%.6f\n", static_cast<double>(asking) / CLOCKS_PER_SEC);
}
