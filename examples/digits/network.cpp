#include "network.hpp"

#include <cmath>

namespace digits {
namespace {

using Weights = Eigen::Map<Eigen::MatrixXf>;
using ConstWeights = Eigen::Map<const Eigen::MatrixXf>;
using Biases = Eigen::Map<Eigen::VectorXf>;
using ConstBiases = Eigen::Map<const Eigen::VectorXf>;

void activate(Activation activation, Eigen::MatrixXf& values) {
  switch (activation) {
    case Activation::relu:
      values = values.cwiseMax(0.0F);
      break;
    case Activation::tanh:
      values = values.array().tanh();
      break;
    case Activation::logistic:
      values = (1.0F + (-values.array()).exp()).inverse();
      break;
  }
}

/// delta ← delta · activation'(z), written in the activated value.
void times_slope(Activation activation, const Eigen::MatrixXf& activated, Eigen::MatrixXf& delta) {
  const auto y = activated.array();
  switch (activation) {
    case Activation::relu:
      delta.array() *= (y > 0.0F).cast<float>();
      break;
    case Activation::tanh:
      delta.array() *= 1.0F - y.square();
      break;
    case Activation::logistic:
      delta.array() *= y * (1.0F - y);
      break;
  }
}

void softmax(Eigen::MatrixXf& scores) {
  scores.rowwise() -= scores.colwise().maxCoeff().eval();
  scores = scores.array().exp();
  scores.array().rowwise() /= scores.colwise().sum().array().eval();
}

}  // namespace

Network::Network(Eigen::Index inputs, Eigen::Index classes, const Architecture& architecture, Random& random)
    : activation_(architecture.activation) {
  std::vector<Eigen::Index> outputs = architecture.hidden;
  outputs.push_back(classes);
  Eigen::Index offset = 0;
  for (const Eigen::Index units : outputs) {
    layers_.push_back({.inputs = inputs, .outputs = units, .offset = offset});
    offset += (inputs + 1) * units;
    inputs = units;
  }
  parameters = Eigen::VectorXf::Zero(offset);
  for (const Layer& layer : layers_) {
    const float bound = std::sqrt(6.0F / static_cast<float>(layer.inputs + layer.outputs));
    for (Eigen::Index i = 0; i < layer.inputs * layer.outputs; ++i) {
      parameters[layer.offset + i] = bound * (2.0F * random.uniform() - 1.0F);
    }
  }
}

std::vector<Eigen::MatrixXf> Network::forward(const Eigen::MatrixXf& inputs) const {
  std::vector<Eigen::MatrixXf> values;
  values.reserve(layers_.size());
  for (const Layer& layer : layers_) {
    const ConstWeights weights(parameters.data() + layer.offset, layer.outputs, layer.inputs);
    const ConstBiases biases(weights.data() + weights.size(), layer.outputs);
    Eigen::MatrixXf z = weights * (values.empty() ? inputs : values.back());
    z.colwise() += biases;
    if (values.size() + 1 < layers_.size()) {
      activate(activation_, z);
    } else {
      softmax(z);
    }
    values.push_back(std::move(z));
  }
  return values;
}

Eigen::VectorXf Network::gradient(const Eigen::MatrixXf& inputs, const Eigen::VectorXi& labels, float l2) const {
  const std::vector<Eigen::MatrixXf> values = forward(inputs);
  Eigen::VectorXf gradient(parameters.size());
  Eigen::MatrixXf delta = values.back();
  for (Eigen::Index i = 0; i < labels.size(); ++i) delta(labels[i], i) -= 1.0F;
  delta /= static_cast<float>(labels.size());
  for (std::size_t l = layers_.size(); l-- > 0;) {
    const Layer& layer = layers_[l];
    const ConstWeights weights(parameters.data() + layer.offset, layer.outputs, layer.inputs);
    Weights by_weights(gradient.data() + layer.offset, layer.outputs, layer.inputs);
    Biases by_biases(by_weights.data() + by_weights.size(), layer.outputs);
    by_weights.noalias() = delta * (l > 0 ? values[l - 1] : inputs).transpose();
    by_weights += l2 * weights;
    by_biases = delta.rowwise().sum();
    if (l > 0) {
      delta = (weights.transpose() * delta).eval();
      times_slope(activation_, values[l - 1], delta);
    }
  }
  return gradient;
}

float Network::loss(const Eigen::MatrixXf& inputs, const Eigen::VectorXi& labels) const {
  const Eigen::MatrixXf probabilities = forward(inputs).back();
  float sum = 0;
  for (Eigen::Index i = 0; i < labels.size(); ++i) sum -= std::log(probabilities(labels[i], i));
  return sum / static_cast<float>(labels.size());
}

double Network::error(const Eigen::MatrixXf& inputs, const Eigen::VectorXi& labels) const {
  const Eigen::MatrixXf probabilities = forward(inputs).back();
  Eigen::Index wrong = 0;
  for (Eigen::Index i = 0; i < labels.size(); ++i) {
    Eigen::Index taken = 0;
    probabilities.col(i).maxCoeff(&taken);
    wrong += taken == labels[i] ? 0 : 1;
  }
  return static_cast<double>(wrong) / static_cast<double>(labels.size());
}

std::int64_t Network::multiply_adds() const {
  std::int64_t sum = 0;
  for (const Layer& layer : layers_) sum += layer.inputs * layer.outputs;
  return sum;
}

}  // namespace digits
