#include <hyperego/core/error.hpp>
#include <hyperego/surrogate/input_encoding.hpp>

#include <utility>
#include <variant>

namespace hyperego {

InputEncoding::InputEncoding(std::shared_ptr<const SearchSpace> space) : space_(std::move(space)) {
  if (!space_) throw InvalidInput("space", "is null; give the encoding a space");
  for (const std::size_t i : space_->searched()) {
    Player player{.hyperparameter = i, .coordinate = number_of_features(), .indicator = std::nullopt};
    kinds_.push_back((*space_)[i].is_categorical() ? FeatureKind::categorical : FeatureKind::numeric);
    if (space_->is_conditional(i)) {
      player.indicator = number_of_features();
      kinds_.push_back(FeatureKind::categorical);
    }
    players_.push_back(player);
  }
}

std::vector<std::string> InputEncoding::feature_names() const {
  std::vector<std::string> names;
  for (const Player& player : players_) {
    names.push_back((*space_)[player.hyperparameter].name);
    if (player.indicator) names.push_back((*space_)[player.hyperparameter].name + " (active)");
  }
  return names;
}

double InputEncoding::coordinate(std::size_t i, double code) const {
  const Hyperparameter& hyperparameter = (*space_)[i];
  return hyperparameter.is_categorical() ? code : hyperparameter.to_unit(code);
}

void InputEncoding::encode(const Configuration& configuration, Eigen::Ref<Eigen::VectorXd> features) const {
  if (configuration.size() != space_->size()) {
    throw InvalidInput("configuration", "has " + std::to_string(configuration.size()) + " entries in a space of " +
                                            std::to_string(space_->size()) + " hyperparameters");
  }
  for (const Player& player : players_) {
    const std::size_t i = player.hyperparameter;
    const bool set = configuration.is_set(i);
    features[player.coordinate] = coordinate(i, set ? configuration[i] : (*space_)[i].default_code);
    if (player.indicator) features[*player.indicator] = set ? 1.0 : 0.0;
  }
}

Eigen::MatrixXd InputEncoding::encode(std::span<const Configuration> configurations) const {
  Eigen::MatrixXd features(number_of_features(), static_cast<Eigen::Index>(configurations.size()));
  for (std::size_t i = 0; i < configurations.size(); ++i) {
    encode(configurations[i], features.col(static_cast<Eigen::Index>(i)));
  }
  return features;
}

Eigen::VectorXd InputEncoding::unit_gradient(const Configuration& configuration,
                                             const Eigen::VectorXd& feature_gradient) const {
  Eigen::VectorXd gradient = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(space_->size()));
  for (const Player& player : players_) {
    const std::size_t i = player.hyperparameter;
    if ((*space_)[i].is_numeric() && configuration.is_set(i)) {
      gradient[static_cast<Eigen::Index>(i)] = feature_gradient[player.coordinate];
    }
  }
  return gradient;
}

}  // namespace hyperego
