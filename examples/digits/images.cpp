#include "images.hpp"

#include <fstream>
#include <stdexcept>
#include <string>

namespace digits {
namespace {

constexpr int levels = 17;  // 0 … 16 black pixels of the original in one cell

int level_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'g') return 10 + (c - 'a');
  return -1;
}

[[noreturn]] void fail(const std::filesystem::path& file, Eigen::Index line, const std::string& message) {
  throw std::runtime_error(file.string() + ", line " + std::to_string(line) + ": " + message);
}

}  // namespace

Images Images::block(Eigen::Index first, Eigen::Index count) const {
  return {.side = side, .pixels = pixels.middleCols(first, count), .labels = labels.segment(first, count)};
}

Images read_images(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::string magic;
  Eigen::Index version = 0;
  Eigen::Index count = 0;
  Eigen::Index side = 0;
  in >> magic >> version >> count >> side;
  if (!in || magic != "hyperego-digits" || version != 1 || count < 1 || side < 2) {
    fail(file, 1, "expected \"hyperego-digits 1 COUNT SIDE\"");
  }
  Images images{.side = side, .pixels = Eigen::MatrixXf(side * side, count), .labels = Eigen::VectorXi(count)};
  for (Eigen::Index i = 0; i < count; ++i) {
    std::string cells;
    in >> images.labels[i] >> cells;
    if (!in || images.labels[i] < 0 || images.labels[i] > 9) fail(file, i + 2, "expected a digit and its image");
    if (static_cast<Eigen::Index>(cells.size()) != side * side) fail(file, i + 2, "the image has another size");
    for (Eigen::Index p = 0; p < side * side; ++p) {
      const int level = level_of(cells[static_cast<std::size_t>(p)]);
      if (level < 0) fail(file, i + 2, "a grey level is one of 0-9a-g");
      images.pixels(p, i) = static_cast<float>(level) / static_cast<float>(levels - 1);
    }
  }
  return images;
}

Images pooled(const Images& images, Pooling pooling) {
  if (pooling == Pooling::none) return images;
  const Eigen::Index half = images.side / 2;
  Images result{.side = half, .pixels = Eigen::MatrixXf(half * half, images.count()), .labels = images.labels};
  for (Eigen::Index row = 0; row < half; ++row) {
    for (Eigen::Index column = 0; column < half; ++column) {
      const Eigen::Index corner = 2 * row * images.side + 2 * column;
      const auto a = images.pixels.row(corner).array();
      const auto b = images.pixels.row(corner + 1).array();
      const auto c = images.pixels.row(corner + images.side).array();
      const auto d = images.pixels.row(corner + images.side + 1).array();
      auto cell = result.pixels.row(row * half + column).array();
      if (pooling == Pooling::average) {
        cell = (a + b + c + d) / 4.0F;
      } else {
        cell = a.max(b).max(c.max(d));
      }
    }
  }
  return result;
}

}  // namespace digits
