#include "settings.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <stdexcept>
#include <string>

namespace digits {
namespace {

template <typename Enum>
Enum choice(const nlohmann::json& configuration, const std::string& name, const std::map<std::string, Enum>& choices) {
  const auto found = choices.find(configuration.at(name).get<std::string>());
  if (found == choices.end()) throw std::runtime_error(name + ": unknown choice " + configuration.at(name).dump());
  return found->second;
}

}  // namespace

Settings settings_from_json(const nlohmann::json& configuration) {
  Settings settings;
  settings.pooling =
      choice<Pooling>(configuration, "pooling",
                      {{"none", Pooling::none}, {"average", Pooling::average}, {"maximum", Pooling::maximum}});
  Architecture& architecture = settings.architecture;
  architecture.activation =
      choice<Activation>(configuration, "activation",
                         {{"relu", Activation::relu}, {"tanh", Activation::tanh}, {"logistic", Activation::logistic}});
  architecture.hidden = {configuration.at("units_1").get<Eigen::Index>()};
  if (configuration.at("layers").get<int>() >= 2) {
    architecture.hidden.push_back(configuration.at("units_2").get<Eigen::Index>());
  }
  Descent& descent = settings.descent;
  descent.rule =
      choice<Descent::Rule>(configuration, "optimizer", {{"sgd", Descent::Rule::sgd}, {"adam", Descent::Rule::adam}});
  if (descent.rule == Descent::Rule::sgd) descent.momentum = configuration.at("momentum").get<float>();
  descent.learning_rate = configuration.at("learning_rate").get<float>();
  descent.l2 = configuration.at("l2").get<float>();
  descent.batch_size = configuration.at("batch_size").get<Eigen::Index>();
  return settings;
}

}  // namespace digits
