#pragma once

#include <utility>

namespace hyperego {

/// A number, vector, matrix or prediction on the *model scale*: that of T(y), on which a model is fitted and its
/// posterior is normal (TargetTransform). A bare number is on the target's own scale.
///
/// There is no conversion and no arithmetic, so the two scales cannot be mixed by accident. from_model() of the
/// transform or the surrogate leads back to the own scale; on_model_scale() hands the bare numbers to arithmetic that
/// stays on this one, as that of an acquisition does.
template <typename T>
class ModelScale {
 public:
  explicit ModelScale(T value) : value_(std::move(value)) {}

  [[nodiscard]] const T& on_model_scale() const& { return value_; }
  [[nodiscard]] T on_model_scale() && { return std::move(value_); }

 private:
  T value_;
};

}  // namespace hyperego
