#pragma once

#include <nlohmann/json_fwd.hpp>

#include "images.hpp"
#include "network.hpp"

namespace digits {

/// How the parameters follow the gradient.
struct Descent {
  enum class Rule { sgd, adam } rule = Rule::adam;
  float learning_rate = 1e-2F;  ///< at the start; falls to 0 along half a cosine
  float momentum = 0;           ///< of sgd
  float l2 = 0;                 ///< weight of ½‖W‖² in the loss
  Eigen::Index batch_size = 32;
  int epochs = 30;
};

/// One configuration of study.json.
struct Settings {
  Pooling pooling = Pooling::none;
  Architecture architecture;
  Descent descent;
};

/// @throws std::runtime_error or nlohmann::json::exception naming the hyperparameter that is missing or unknown.
[[nodiscard]] Settings settings_from_json(const nlohmann::json& configuration);

}  // namespace digits
