#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "images.hpp"
#include "network.hpp"
#include "settings.hpp"
#include "training.hpp"
#include <cmath>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

using namespace digits;

namespace {

const Images& all_images() {
  static const Images images = read_images(HYPEREGO_DIGITS_FILE);
  return images;
}

nlohmann::json default_configuration() {
  return {{"pooling", "none"},   {"layers", 1},           {"units_1", 16}, {"activation", "relu"},
          {"optimizer", "adam"}, {"learning_rate", 0.01}, {"l2", 1e-4},    {"batch_size", 32}};
}

double validation_error(const Settings& settings, std::uint64_t seed) {
  const Images images = pooled(all_images(), settings.pooling);
  Random random(seed);
  Network network(images.pixels.rows(), 10, settings.architecture, random);
  REQUIRE(train(network, images.block(0, 1200), settings.descent, random));
  const Images validation = images.block(1200, 597);
  return network.error(validation.pixels, validation.labels);
}

}  // namespace

TEST_CASE("the digits are read as they were published") {
  const Images& images = all_images();
  CHECK(images.count() == 1797);
  CHECK(images.side == 8);
  CHECK(images.labels.head(10) == Eigen::VectorXi::LinSpaced(10, 0, 9));
  // Sums over the whole set, as load_digits() of scikit-learn gives them.
  CHECK(images.labels.sum() == 8070);
  CHECK(std::lround(images.pixels.cast<double>().sum() * 16) == 561718);
  CHECK(images.pixels.maxCoeff() == 1.0F);
}

TEST_CASE("a damaged digits file names its line") {
  const std::filesystem::path file = std::filesystem::temp_directory_path() / "hyperego-damaged-digits.txt";
  std::ofstream(file) << "hyperego-digits 1 2 2\n3 0ag1\n4 0ah1\n";
  CHECK_THROWS_WITH_AS((void)read_images(file), doctest::Contains("line 3"), std::runtime_error);
  std::filesystem::remove(file);
  CHECK_THROWS_WITH_AS((void)read_images(file), doctest::Contains("cannot read"), std::runtime_error);
}

TEST_CASE("pooling takes the average or the maximum of 2 x 2 pixels") {
  const Images image{.side = 2, .pixels = Eigen::Vector4f(0.0F, 0.25F, 0.5F, 1.0F), .labels = Eigen::VectorXi::Zero(1)};
  CHECK(pooled(image, Pooling::average).pixels(0) == 0.4375F);
  CHECK(pooled(image, Pooling::maximum).pixels(0) == 1.0F);
  CHECK(pooled(image, Pooling::none).pixels == image.pixels);
  CHECK(pooled(all_images(), Pooling::average).pixels.rows() == 16);
}

TEST_CASE("the gradient is that of the loss") {
  const Images images = all_images().block(0, 20);
  const float l2 = 0.01F;
  for (const Activation activation : {Activation::relu, Activation::tanh, Activation::logistic}) {
    Random random(3);
    Network network(64, 10, {.hidden = {7, 5}, .activation = activation}, random);
    // Directional derivatives: single precision is too coarse for single coordinates.
    const auto objective = [&](const Eigen::VectorXf& parameters) {
      Network moved = network;
      moved.parameters = parameters;
      return static_cast<double>(moved.loss(images.pixels, images.labels));
    };
    const Eigen::VectorXf gradient = network.gradient(images.pixels, images.labels, 0.0F);
    const Eigen::VectorXf direction = gradient.normalized();
    const float step = 1e-2F;
    const double slope =
        (objective(network.parameters + step * direction) - objective(network.parameters - step * direction)) /
        (2.0 * static_cast<double>(step));
    CHECK(slope == doctest::Approx(static_cast<double>(gradient.norm())).epsilon(0.01));
    const Eigen::VectorXf decay = network.gradient(images.pixels, images.labels, l2) - gradient;
    CHECK(decay.head(64 * 7).isApprox(l2 * network.parameters.head(64 * 7), 1e-3F));
    CHECK(decay.segment(64 * 7, 7).isZero());  // biases do not decay
  }
}

TEST_CASE("cost counts the multiply-adds of every layer") {
  Random random(1);
  CHECK(Network(64, 10, {.hidden = {16}}, random).multiply_adds() == 64 * 16 + 16 * 10);
  CHECK(Network(16, 10, {.hidden = {8, 4}}, random).multiply_adds() == 16 * 8 + 8 * 4 + 4 * 10);
}

TEST_CASE("training learns, and the same seed learns the same") {
  nlohmann::json configuration = default_configuration();
  const double adam = validation_error(settings_from_json(configuration), 1);
  CHECK(adam < 0.13);
  CHECK(adam == validation_error(settings_from_json(configuration), 1));
  CHECK(adam != validation_error(settings_from_json(configuration), 2));
  configuration["optimizer"] = "sgd";
  configuration["momentum"] = 0.9;
  CHECK(validation_error(settings_from_json(configuration), 1) < 0.2);
  configuration["learning_rate"] = 1e-4;
  configuration["momentum"] = 0.0;
  CHECK(validation_error(settings_from_json(configuration), 1) > 0.5);
}

TEST_CASE("settings follow the conditions of the space") {
  nlohmann::json configuration = default_configuration();
  CHECK(settings_from_json(configuration).architecture.hidden == std::vector<Eigen::Index>{16});
  configuration["layers"] = 2;
  CHECK_THROWS_WITH((void)settings_from_json(configuration), doctest::Contains("units_2"));
  configuration["units_2"] = 8;
  CHECK(settings_from_json(configuration).architecture.hidden == std::vector<Eigen::Index>{16, 8});
  configuration["pooling"] = "median";
  CHECK_THROWS_WITH((void)settings_from_json(configuration), doctest::Contains("pooling"));
}

TEST_CASE("a training that is left after an epoch and taken up again ends as if it had not been") {
  for (const char* rule : {"adam", "sgd"}) {
    CAPTURE(rule);
    nlohmann::json configuration = default_configuration();
    configuration["optimizer"] = rule;
    configuration["momentum"] = 0.9;
    const Settings settings = settings_from_json(configuration);
    const Images images = all_images().block(0, 200);
    const auto network_of = [&](Random& random) {
      return Network(images.pixels.rows(), 10, settings.architecture, random);
    };
    Random random(3);
    Network whole = network_of(random);
    Training training(whole, images, settings.descent, random);
    const std::filesystem::path file = std::filesystem::temp_directory_path() / "hyperego-digits-checkpoint";
    for (int epoch = 0; epoch < 5; ++epoch) {
      REQUIRE(training.epoch());
      if (epoch == 1) training.save(file);
    }
    Random other(99);
    Network resumed = network_of(other);
    Training rest(resumed, images, settings.descent, other);
    rest.load(file);
    CHECK(rest.epochs() == 2);
    while (rest.epochs() < 5) REQUIRE(rest.epoch());
    CHECK(resumed.parameters == whole.parameters);
    std::filesystem::resize_file(file, 100);
    CHECK_THROWS_AS(rest.load(file), std::runtime_error);
    std::filesystem::remove(file);
  }
}
