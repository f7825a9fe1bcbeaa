#pragma once

#include <hyperego/core/blend.hpp>
#include <hyperego/core/coalition.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process.hpp>
#include <hyperego/surrogate/input_encoding.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <span>

namespace hyperego::detail {

/// Σ_i w_i k(x_i, ·) at blends, x_i the training points; the posterior mean (standardised) where the weights are the
/// process's own. predictions(j, i) belongs to sample `first` + i under coalitions[j].
///
/// The players are split into two halves. A blend is then a pair of sub-coalitions, and its kernel row is the product
/// (product form) of one row of either half's table, so that all predictions of a sample are one matrix product of the
/// tables; in the joint form the tables hold squared distances, which add. A row costs one multiplication for each
/// training point, and rows with the same sources are made once: O(n (2^h + 2^(d−h) + 2^d)) for the complete list of
/// coalitions, the last term being a matrix product.
void predict_blends(const GaussianProcess& process, const Eigen::VectorXd& weights, const InputEncoding& encoding,
                    const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                    Eigen::Ref<Eigen::MatrixXd> predictions);

}  // namespace hyperego::detail
