#pragma once

#include <Eigen/Core>

#include "images.hpp"
#include "network.hpp"
#include "settings.hpp"
#include <filesystem>

namespace digits {

/// Fits a network to images by mini-batches in random order. It may be left after any epoch and taken up again from a
/// file, with the same result to the bit. The learning rate falls along the epochs of a whole training.
class Training {
 public:
  Training(Network& network, const Images& images, const Descent& descent, Random& random);

  /// False when the parameters stop being finite: the configuration diverges.
  [[nodiscard]] bool epoch();
  [[nodiscard]] int epochs() const { return epochs_; }

  /// Everything that the next epoch depends on. @throws std::runtime_error where the file cannot be written or read.
  void save(const std::filesystem::path& file) const;
  void load(const std::filesystem::path& file);

 private:
  void step(const Eigen::VectorXf& gradient, float learning_rate);

  Network& network_;
  const Images& images_;
  const Descent& descent_;
  Random& random_;
  Eigen::VectorXf first_, second_;  // moments of the gradient
  float power_1_ = 1;
  float power_2_ = 1;
  float steps_ = 0;
  int epochs_ = 0;
};

/// A whole training.
[[nodiscard]] bool train(Network& network, const Images& images, const Descent& descent, Random& random);

}  // namespace digits
