#pragma once

#include <Eigen/Core>

#include <filesystem>

namespace digits {

/// Grey images and what they show. One image a column, rows of the image one after the other, grey in [0, 1].
struct Images {
  Eigen::Index side = 0;
  Eigen::MatrixXf pixels;  ///< side² × number of images
  Eigen::VectorXi labels;  ///< digit, 0 … 9

  [[nodiscard]] Eigen::Index count() const { return labels.size(); }
  /// Images [first, first + count).
  [[nodiscard]] Images block(Eigen::Index first, Eigen::Index count) const;
};

/// Reads digits.txt (format: README.md beside it). @throws std::runtime_error naming the file and the line.
[[nodiscard]] Images read_images(const std::filesystem::path& file);

enum class Pooling { none, average, maximum };

/// Half the side: every 2 × 2 pixels become their average or maximum.
[[nodiscard]] Images pooled(const Images& images, Pooling pooling);

}  // namespace digits
