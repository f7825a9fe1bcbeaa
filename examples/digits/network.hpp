#pragma once

#include <Eigen/Core>

#include "random.hpp"
#include <cstdint>
#include <vector>

namespace digits {

enum class Activation { relu, tanh, logistic };

struct Architecture {
  std::vector<Eigen::Index> hidden;  ///< units of each hidden layer
  Activation activation = Activation::relu;
};

/// A fully connected classifier with a softmax output. All parameters are one vector, so that a descent rule is one
/// line.
class Network {
 public:
  /// Weights uniform in ±√(6 / (inputs + outputs)) of each layer (Glorot and Bengio 2010), biases 0.
  Network(Eigen::Index inputs, Eigen::Index classes, const Architecture& architecture, Random& random);

  Eigen::VectorXf parameters;

  /// Gradient of the mean cross-entropy over the columns of `inputs`, plus l2 times every weight (not the biases).
  [[nodiscard]] Eigen::VectorXf gradient(const Eigen::MatrixXf& inputs, const Eigen::VectorXi& labels, float l2) const;

  /// Mean cross-entropy in nats.
  [[nodiscard]] float loss(const Eigen::MatrixXf& inputs, const Eigen::VectorXi& labels) const;

  /// Share of the columns that are taken for another class.
  [[nodiscard]] double error(const Eigen::MatrixXf& inputs, const Eigen::VectorXi& labels) const;

  /// Multiplications (each with its addition) that one input costs.
  [[nodiscard]] std::int64_t multiply_adds() const;

 private:
  struct Layer {
    Eigen::Index inputs, outputs;
    Eigen::Index offset;  ///< of the weights (outputs × inputs); the biases follow
  };

  /// The values of every layer, the inputs left out; the last are class probabilities.
  [[nodiscard]] std::vector<Eigen::MatrixXf> forward(const Eigen::MatrixXf& inputs) const;

  std::vector<Layer> layers_;
  Activation activation_;
};

}  // namespace digits
