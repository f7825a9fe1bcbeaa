#include "training.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numbers>
#include <stdexcept>
#include <type_traits>

namespace digits {
namespace {

constexpr float beta_1 = 0.9F;
constexpr float beta_2 = 0.999F;

template <typename Number>
requires std::is_arithmetic_v<Number>
void put(std::ostream& stream, const Number& number) {
  stream.write(reinterpret_cast<const char*>(&number), sizeof number);
}

template <typename Number>
requires std::is_arithmetic_v<Number>
void get(std::istream& stream, Number& number) { stream.read(reinterpret_cast<char*>(&number), sizeof number); }

void put(std::ostream& stream, const Eigen::VectorXf& values) {
  stream.write(reinterpret_cast<const char*>(values.data()),
               static_cast<std::streamsize>(sizeof(float)) * values.size());
}

void get(std::istream& stream, Eigen::VectorXf& values) {
  stream.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(sizeof(float)) * values.size());
}

}  // namespace

Training::Training(Network& network, const Images& images, const Descent& descent, Random& random)
    : network_(network),
      images_(images),
      descent_(descent),
      random_(random),
      first_(Eigen::VectorXf::Zero(network.parameters.size())),
      second_(Eigen::VectorXf::Zero(network.parameters.size())) {}

void Training::step(const Eigen::VectorXf& gradient, float learning_rate) {
  if (descent_.rule == Descent::Rule::sgd) {
    first_ = descent_.momentum * first_ - learning_rate * gradient;
    network_.parameters += first_;
    return;
  }
  // Kingma and Ba 2015, algorithm 1, with the bias corrections gathered in the step size.
  first_ += (1.0F - beta_1) * (gradient - first_);
  second_ += (1.0F - beta_2) * (gradient.cwiseAbs2() - second_);
  power_1_ *= beta_1;
  power_2_ *= beta_2;
  const float size = learning_rate * std::sqrt(1.0F - power_2_) / (1.0F - power_1_);
  network_.parameters.array() -= size * first_.array() / (second_.array().sqrt() + 1e-8F);
}

bool Training::epoch() {
  const Eigen::Index batches = (images_.count() + descent_.batch_size - 1) / descent_.batch_size;
  const auto all_steps = static_cast<float>(batches * descent_.epochs);
  const std::vector<Eigen::Index> order = random_.permutation(images_.count());
  for (Eigen::Index batch = 0; batch < batches; ++batch) {
    const Eigen::Index first = batch * descent_.batch_size;
    const Eigen::Index size = std::min(descent_.batch_size, images_.count() - first);
    const auto chosen = Eigen::Map<const Eigen::Vector<Eigen::Index, Eigen::Dynamic>>(order.data() + first, size);
    const Eigen::MatrixXf pixels = images_.pixels(Eigen::all, chosen);
    const Eigen::VectorXi labels = images_.labels(chosen);
    const float cosine = std::cos(std::numbers::pi_v<float> * steps_ / all_steps);
    step(network_.gradient(pixels, labels, descent_.l2), 0.5F * (1.0F + cosine) * descent_.learning_rate);
    ++steps_;
  }
  ++epochs_;
  return network_.parameters.allFinite();
}

void Training::save(const std::filesystem::path& file) const {
  std::ofstream stream(file, std::ios::binary);
  put(stream, epochs_);
  put(stream, steps_);
  put(stream, power_1_);
  put(stream, power_2_);
  put(stream, network_.parameters);
  put(stream, first_);
  put(stream, second_);
  stream << random_;
  if (!stream.flush()) throw std::runtime_error("cannot write " + file.string());
}

void Training::load(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  get(stream, epochs_);
  get(stream, steps_);
  get(stream, power_1_);
  get(stream, power_2_);
  get(stream, network_.parameters);
  get(stream, first_);
  get(stream, second_);
  stream >> random_;
  if (!stream) throw std::runtime_error("cannot read " + file.string());
}

bool train(Network& network, const Images& images, const Descent& descent, Random& random) {
  Training training(network, images, descent, random);
  while (training.epochs() < descent.epochs) {
    if (!training.epoch()) return false;
  }
  return true;
}

}  // namespace digits
