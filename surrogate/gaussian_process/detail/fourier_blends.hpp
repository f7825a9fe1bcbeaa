#pragma once

#include <hyperego/core/blend.hpp>
#include <hyperego/core/coalition.hpp>
#include <hyperego/surrogate/gaussian_process/detail/fourier_features.hpp>
#include <hyperego/surrogate/input_encoding.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <span>

namespace hyperego::detail {

/// predictions(j, i) += the random function at the blend of sample `first` + i under coalitions[j].
///
/// A feature is a product over hyperparameters, so the half-tables of predict_blends() work here as well, on complex
/// numbers: Re[A B] = Re A Re B − Im A Im B makes every feature two terms of a matrix product.
void add_fourier_blends(const FourierFeatures& function, const InputEncoding& encoding, const Blends& blends,
                        std::size_t first, std::span<const Coalition> coalitions,
                        Eigen::Ref<Eigen::MatrixXd> predictions);

}  // namespace hyperego::detail
