#pragma once

#include "images.hpp"
#include "network.hpp"
#include "settings.hpp"

namespace digits {

/// Fits the network to the images by mini-batches in random order. False when the parameters stop being finite: the
/// configuration diverges.
[[nodiscard]] bool train(Network& network, const Images& images, const Descent& descent, Random& random);

}  // namespace digits
