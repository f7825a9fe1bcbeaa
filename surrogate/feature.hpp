#pragma once

namespace hyperego {

/// What a row of a feature matrix means to a kernel.
enum class FeatureKind {
  numeric,     ///< a number, by convention in [0, 1]; distance is |x − x'|
  categorical  ///< an index; distance is 0 where equal and 1 where not (Hamming)
};

}  // namespace hyperego
