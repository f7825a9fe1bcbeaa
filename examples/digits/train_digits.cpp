// Trains a small classifier of handwritten digits and says how well it does and what it costs: the program that
// study.json tunes.
//
//   echo '{"trial":0,"configuration":{…},"seed":1}' | train_digits [DIGITS.TXT]
//
// The last line of the output is {"error": share of validation images taken for another digit, "inference_cost":
// multiply-adds an image}. The same configuration and seed give the same line.
#include <nlohmann/json.hpp>

#include "images.hpp"
#include "network.hpp"
#include "settings.hpp"
#include "training.hpp"
#include <exception>
#include <iostream>

namespace {

// The file keeps its 13 writers apart, so that the last third was written by people whom the network has never seen.
constexpr Eigen::Index training_images = 1200;
constexpr Eigen::Index classes = 10;

nlohmann::ordered_json run(const nlohmann::json& request, const std::filesystem::path& data) {
  const digits::Settings settings = digits::settings_from_json(request.at("configuration"));
  const digits::Images images = digits::pooled(digits::read_images(data), settings.pooling);
  const digits::Images training = images.block(0, training_images);
  const digits::Images validation = images.block(training_images, images.count() - training_images);

  digits::Random random(request.at("seed").get<std::uint64_t>());
  digits::Network network(images.pixels.rows(), classes, settings.architecture, random);
  if (!digits::train(network, training, settings.descent, random)) {
    return {{"status", "failed"}, {"info", "training diverged"}};
  }
  std::cout << "training error " << network.error(training.pixels, training.labels) << '\n';
  return {{"error", network.error(validation.pixels, validation.labels)}, {"inference_cost", network.multiply_adds()}};
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const nlohmann::json request = nlohmann::json::parse(std::cin);
    std::cout << run(request, argc > 1 ? argv[1] : HYPEREGO_DIGITS_FILE).dump() << '\n';
    return 0;
  } catch (const std::exception& problem) {
    std::cerr << "train_digits: " << problem.what() << '\n';
    return 2;
  }
}
