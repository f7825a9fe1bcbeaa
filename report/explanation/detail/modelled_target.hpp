#pragma once

#include <hyperego/report/explanation/explain_options.hpp>
#include <hyperego/report/explanation/trial_models.hpp>

#include <Eigen/Core>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace hyperego::detail {

/// The model of what is explained, its value in every trial (minimised), and what it is in words.
struct ModelledTarget {
  TargetModel model;
  Eigen::VectorXd observed;
  nlohmann::ordered_json description;
};

/// @param notes receives what was noticed while the models were fitted
/// @throws InvalidInput for objectives that there are not, and weights that do not fit.
[[nodiscard]] ModelledTarget modelled_target(TrialModels& models, const ExplainTarget& target, MoreOpinions more,
                                             std::vector<std::string>& notes);

}  // namespace hyperego::detail
