#pragma once

#include <hyperego/report/explanation/trial_models.hpp>

#include <optional>
#include <span>
#include <string>

namespace hyperego::detail {

/// Studies whose games are to be aggregated must search the same hyperparameters and, unless one `objective` is named,
/// have the same objectives; the directions of what is explained must agree.
/// @throws InvalidInput with what differs and the remedy.
void require_alike(std::span<const TrialModels> studies, const std::optional<std::string>& objective);

}  // namespace hyperego::detail
