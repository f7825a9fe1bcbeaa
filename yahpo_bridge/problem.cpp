#include <hyperego/core/error.hpp>
#include <hyperego/yahpo_bridge/problem.hpp>

#include <algorithm>

namespace hyperego {

YahpoProblem::YahpoProblem(std::shared_ptr<const YahpoScenario> scenario, const std::string& instance,
                           const std::vector<std::string>& targets, const std::map<std::string, Value>& fidelities)
    : scenario_(std::move(scenario)), instance_(instance), fixed_(scenario_->space().size()) {
  const SearchSpace& whole = scenario_->space();
  const std::size_t number = scenario_->instance_index(instance);
  if (!scenario_->instance_parameter().empty()) {
    fixed_.set(whole.index_of(scenario_->instance_parameter()), static_cast<double>(number));
  }
  std::vector<std::string> known;
  for (const YahpoFidelity& fidelity : scenario_->fidelities()) {
    known.push_back(fidelity.name);
    const auto chosen = fidelities.find(fidelity.name);
    const Value& value = chosen == fidelities.end() ? fidelity.full : chosen->second;
    fix(fidelity.name, value);
  }
  for (const auto& [name, value] : fidelities) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw InvalidInput("YAHPO scenario " + scenario_->name(),
                         "fidelity \"" + name + "\" is not known" + expected_name(name, known));
    }
  }
  if (targets.empty()) {
    objectives_ = scenario_->targets();
    for (std::size_t i = 0; i < objectives_.size(); ++i) columns_.push_back(static_cast<Eigen::Index>(i));
  }
  for (const std::string& target : targets) {
    const std::size_t i = scenario_->target_index(target);
    objectives_.push_back(scenario_->targets()[i]);
    columns_.push_back(static_cast<Eigen::Index>(i));
  }
  for (const Hyperparameter& hyperparameter : space().hyperparameters()) {
    whole_of_searched_.push_back(whole.index_of(hyperparameter.name));
  }
}

void YahpoProblem::fix(const std::string& fidelity, const Value& value) {
  const std::size_t i = scenario_->space().index_of(fidelity);
  const Hyperparameter& domain = scenario_->space()[i];
  const auto code = domain.code_of(value);
  if (!code) throw InvalidInput("fidelity " + fidelity, to_string(value) + " is outside " + domain.describe());
  fixed_.set(i, *code);
}

YahpoProblem YahpoProblem::at(const std::string& fidelity, const Value& value) const {
  YahpoProblem problem = *this;
  problem.fix(fidelity, value);
  return problem;
}

Configuration YahpoProblem::completed(const Configuration& configuration) const {
  if (configuration.size() != whole_of_searched_.size()) {
    throw InvalidInput("YAHPO scenario " + scenario_->name(),
                       "a configuration of " + std::to_string(whole_of_searched_.size()) +
                           " hyperparameters is needed, not one of " + std::to_string(configuration.size()));
  }
  Configuration whole = fixed_;
  for (std::size_t i = 0; i < configuration.size(); ++i) {
    if (configuration.is_set(i)) whole.set(whole_of_searched_[i], configuration[i]);
  }
  return whole;
}

Eigen::VectorXd YahpoProblem::evaluate(const Configuration& configuration) const {
  return evaluate(std::span<const Configuration>(&configuration, 1)).row(0).transpose();
}

Eigen::MatrixXd YahpoProblem::evaluate(std::span<const Configuration> configurations) const {
  std::vector<Configuration> whole;
  whole.reserve(configurations.size());
  for (const Configuration& configuration : configurations) whole.push_back(completed(configuration));
  return scenario_->evaluate(whole)(Eigen::all, columns_);
}

}  // namespace hyperego
