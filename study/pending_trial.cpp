#include <hyperego/study/pending_trial.hpp>

#include <nlohmann/json.hpp>

#include <cmath>

namespace hyperego {

using nlohmann::ordered_json;

ordered_json fidelity_json(const PendingTrial& trial, const StudySpecification& study) {
  if (!study.fidelity) return nullptr;
  const double value = trial.fidelity.value_or(study.fidelity->full);
  return {{study.fidelity->name, study.fidelity->integer ? ordered_json(std::llround(value)) : ordered_json(value)}};
}

ordered_json to_json(const PendingTrial& trial, const StudySpecification& study) {
  ordered_json json{
      {"trial", trial.trial}, {"configuration", study.space->to_json(trial.configuration)}, {"seed", trial.seed}};
  if (study.fidelity) json["fidelity"] = fidelity_json(trial, study);
  if (trial.continues) json["continues"] = *trial.continues;
  return json;
}

}  // namespace hyperego
