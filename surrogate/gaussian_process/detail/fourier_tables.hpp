// Hot loops over rows of complex numbers, one for each random frequency: `count` real parts, then `count` imaginary
// ones; count is a multiple of 8.
#pragma once

#include <hyperego/core/instruction_set.hpp>

#include <cstddef>
#include <cstdint>

namespace hyperego::detail {

/// row[f] = e^{i angles[f]}, absolute error below 1e-15 (1 + |angle| 1e-16) for |angle| up to 1e6.
HYPEREGO_KERNEL(void unit_phases(const double* angles, std::ptrdiff_t count, double* row))

/// row[f] = e^{i frequencies[f] x}.
HYPEREGO_KERNEL(void phases_at(const double* frequencies, double x, std::ptrdiff_t count, double* row))

/// row[f] *= signs[f].
HYPEREGO_KERNEL(void multiply_signs(const double* signs, std::ptrdiff_t count, double* row))

/// out row r = parents row parent_of[r] times factors row factor_of[r], the factor conjugated where `conjugate`.
HYPEREGO_KERNEL(void extend_phase_rows(const double* parents, const std::uint32_t* parent_of, const double* factors,
                                       const std::uint32_t* factor_of, std::ptrdiff_t rows, std::ptrdiff_t count,
                                       bool conjugate, double* out))

}  // namespace hyperego::detail
