#include "training.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace digits {
namespace {

/// Moves parameters along one gradient after the other.
class Step {
 public:
  Step(const Descent& descent, Eigen::Index size)
      : descent_(descent), first_(Eigen::VectorXf::Zero(size)), second_(Eigen::VectorXf::Zero(size)) {}

  void operator()(const Eigen::VectorXf& gradient, float learning_rate, Eigen::VectorXf& parameters) {
    if (descent_.rule == Descent::Rule::sgd) {
      first_ = descent_.momentum * first_ - learning_rate * gradient;
      parameters += first_;
      return;
    }
    // Kingma and Ba 2015, algorithm 1, with the bias corrections gathered in the step size.
    first_ += (1.0F - beta_1) * (gradient - first_);
    second_ += (1.0F - beta_2) * (gradient.cwiseAbs2() - second_);
    power_1_ *= beta_1;
    power_2_ *= beta_2;
    const float step = learning_rate * std::sqrt(1.0F - power_2_) / (1.0F - power_1_);
    parameters.array() -= step * first_.array() / (second_.array().sqrt() + 1e-8F);
  }

 private:
  static constexpr float beta_1 = 0.9F;
  static constexpr float beta_2 = 0.999F;
  const Descent& descent_;
  Eigen::VectorXf first_, second_;
  float power_1_ = 1;
  float power_2_ = 1;
};

}  // namespace

bool train(Network& network, const Images& images, const Descent& descent, Random& random) {
  Step step(descent, network.parameters.size());
  const Eigen::Index batches = (images.count() + descent.batch_size - 1) / descent.batch_size;
  const auto steps = static_cast<float>(batches * descent.epochs);
  float done = 0;
  for (int epoch = 0; epoch < descent.epochs; ++epoch) {
    const std::vector<Eigen::Index> order = random.permutation(images.count());
    for (Eigen::Index batch = 0; batch < batches; ++batch) {
      const Eigen::Index first = batch * descent.batch_size;
      const Eigen::Index size = std::min(descent.batch_size, images.count() - first);
      const auto chosen = Eigen::Map<const Eigen::Vector<Eigen::Index, Eigen::Dynamic>>(order.data() + first, size);
      const Eigen::MatrixXf pixels = images.pixels(Eigen::all, chosen);
      const Eigen::VectorXi labels = images.labels(chosen);
      const float cosine = std::cos(std::numbers::pi_v<float> * done / steps);
      step(network.gradient(pixels, labels, descent.l2), 0.5F * (1.0F + cosine) * descent.learning_rate,
           network.parameters);
      ++done;
    }
    if (!network.parameters.allFinite()) return false;
  }
  return true;
}

}  // namespace digits
