#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/core/search_space.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace hyperego {

/// A sub-space: some hyperparameters free, the others frozen at given values. The full space is the slice with all of
/// them free.
///
/// Frozen means frozen: everything that is sampled, projected or reached as a neighbour lies on the slice. A frozen
/// conditional hyperparameter is set only where its condition holds, and then always to its frozen value.
class Slice {
 public:
  /// The full space.
  explicit Slice(std::shared_ptr<const SearchSpace> space);
  /// free[i] for each of the d hyperparameters; `frozen` holds a legal code for each that is not free (constants may be
  /// left out).
  /// @throws InvalidInput where lengths differ or a frozen value is missing or illegal.
  Slice(std::shared_ptr<const SearchSpace> space, std::vector<bool> free, Configuration frozen);

  [[nodiscard]] const SearchSpace& space() const { return *space_; }
  [[nodiscard]] const std::shared_ptr<const SearchSpace>& shared_space() const { return space_; }
  [[nodiscard]] bool is_free(std::size_t i) const { return free_[i]; }
  /// The searched hyperparameters that are free, ascending.
  [[nodiscard]] std::vector<std::size_t> free() const;
  /// Whether every searched hyperparameter is free.
  [[nodiscard]] bool is_full() const { return full_; }
  [[nodiscard]] double frozen_code(std::size_t i) const { return frozen_[i]; }

  /// The nearest configuration on the slice: free hyperparameters keep their values (defaults where they become
  /// active), frozen ones take theirs. May be forbidden.
  [[nodiscard]] Configuration project(const Configuration& configuration) const;
  /// Whether `configuration` lies on the slice and is legal but for forbidden clauses, which are not judged here.
  [[nodiscard]] bool contains(const Configuration& configuration) const;

  /// The configuration at unit coordinates `unit` (length d; those of frozen hyperparameters are ignored). May be
  /// forbidden.
  [[nodiscard]] Configuration decode(const Eigen::Ref<const Eigen::VectorXd>& unit) const;
  /// One legal configuration, uniform in the unit cube. Where `attempts` draws were all forbidden (relations may leave
  /// next to nothing of the cube), the end of a random walk through legal configurations that starts at the defaults
  /// and redraws one hyperparameter a step; nothing where the defaults are forbidden on this slice.
  [[nodiscard]] std::optional<Configuration> sample(Rng& rng, int attempts = 1000) const;

  /// Legal configurations that differ from `configuration` (on the slice) in one free hyperparameter (and in what that
  /// activates or deactivates): every other choice of a categorical (100 drawn ones of more), one step up and down of
  /// an ordinal, and for integers and floats `steps` normal steps of standard deviation `spread` in unit coordinates
  /// (integers move by at least one).
  [[nodiscard]] std::vector<Configuration> neighbours(const Configuration& configuration, Rng& rng, int steps = 2,
                                                      double spread = 0.1) const;

  /// `configuration` with hyperparameter i set to `code`: what becomes inactive is unset, what becomes active takes its
  /// frozen value, or its default where it is free. May be forbidden. @throws InvalidInput where i is frozen.
  [[nodiscard]] Configuration with(const Configuration& configuration, std::size_t i, double code) const;

 private:
  [[nodiscard]] std::optional<Configuration> wander(Rng& rng) const;

  std::shared_ptr<const SearchSpace> space_;
  std::vector<bool> free_;
  Configuration frozen_;
  bool full_ = true;
};

}  // namespace hyperego
