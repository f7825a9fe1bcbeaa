#pragma once

#include <Eigen/Core>
#include <nlohmann/json.hpp>

namespace hyperego::test {

inline Eigen::VectorXd to_vector(const nlohmann::ordered_json& array) {
  Eigen::VectorXd vector(static_cast<Eigen::Index>(array.size()));
  for (std::size_t i = 0; i < array.size(); ++i) vector(static_cast<Eigen::Index>(i)) = array[i].get<double>();
  return vector;
}

inline Eigen::MatrixXd to_matrix(const nlohmann::ordered_json& rows) {
  Eigen::MatrixXd matrix(static_cast<Eigen::Index>(rows.size()),
                         rows.empty() ? 0 : static_cast<Eigen::Index>(rows[0].size()));
  for (std::size_t i = 0; i < rows.size(); ++i)
    matrix.row(static_cast<Eigen::Index>(i)) = to_vector(rows[i]).transpose();
  return matrix;
}

}  // namespace hyperego::test
