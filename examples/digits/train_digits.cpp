// Trains a small classifier of handwritten digits and says how well it does and what it costs: the program that
// study.json tunes.
//
//   echo '{"trial":0,"configuration":{…},"seed":1}' | train_digits [DIGITS.TXT]
//
// The last line of the output is {"error": share of validation images taken for another digit, "inference_cost":
// multiply-adds an image}. The same configuration and seed give the same line.
//
// With "fidelity": {"epochs": 6} it trains for that many epochs of the schedule, and says after each what it has
// reached; with "checkpoint": {"from": FOLDER, "to": FOLDER} it goes on from there and leaves its state here.
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

bool has_checkpoint(const nlohmann::json& request, const char* end) {
  return request.contains("checkpoint") && !request.at("checkpoint").at(end).is_null();
}

std::filesystem::path checkpoint(const nlohmann::json& request, const char* end) {
  return std::filesystem::path(request.at("checkpoint").at(end).get<std::string>()) / "training";
}

/// At once, so that whoever listens may end a training that leads nowhere.
void report(int epochs, const nlohmann::ordered_json& values) {
  nlohmann::ordered_json line{{"epochs", epochs}};
  line.update(values);
  std::cout << nlohmann::ordered_json{{"report", line}}.dump() << std::endl;
}

nlohmann::ordered_json run(const nlohmann::json& request, const std::filesystem::path& data) {
  const digits::Settings settings = digits::settings_from_json(request.at("configuration"));
  const digits::Images images = digits::pooled(digits::read_images(data), settings.pooling);
  const digits::Images training = images.block(0, training_images);
  const digits::Images validation = images.block(training_images, images.count() - training_images);

  digits::Random random(request.at("seed").get<std::uint64_t>());
  digits::Network network(images.pixels.rows(), classes, settings.architecture, random);
  digits::Training descent(network, training, settings.descent, random);
  const auto result = [&]() -> nlohmann::ordered_json {
    return {{"error", network.error(validation.pixels, validation.labels)},
            {"inference_cost", network.multiply_adds()}};
  };
  const bool is_part = request.contains("fidelity");
  const int epochs = is_part ? request.at("fidelity").at("epochs").get<int>() : settings.descent.epochs;
  if (has_checkpoint(request, "from")) descent.load(checkpoint(request, "from"));
  while (descent.epochs() < epochs) {
    if (!descent.epoch()) return {{"status", "failed"}, {"info", "training diverged"}};
    if (is_part) report(descent.epochs(), result());
  }
  if (has_checkpoint(request, "to")) descent.save(checkpoint(request, "to"));
  std::cout << "training error " << network.error(training.pixels, training.labels) << '\n';
  return result();
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
