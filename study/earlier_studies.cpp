#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/study/earlier_studies.hpp>
#include <hyperego/study/run_directory.hpp>

#include <nlohmann/json.hpp>

#include <utility>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

[[noreturn]] void refuse_study(const std::string& where, const StudySpecification& earlier, const std::string& reason) {
  throw InvalidInput(where, "cannot start from \"" + earlier.name + "\": " + reason +
                                "; name studies of the same space and objectives, or remove the directory");
}

void require_same_space(const SearchSpace& ours, const StudySpecification& earlier, const std::string& where) {
  const SearchSpace& theirs = *earlier.space;
  for (const Hyperparameter& hyperparameter : theirs.hyperparameters()) {
    const auto i = ours.find(hyperparameter.name);
    if (!i)
      refuse_study(where, earlier, "it has a hyperparameter \"" + hyperparameter.name + "\", which this study has not");
    if (ours[*i].describe() != hyperparameter.describe()) {
      refuse_study(
          where, earlier,
          "there \"" + hyperparameter.name + "\" is " + hyperparameter.describe() + ", here " + ours[*i].describe());
    }
  }
  for (const Hyperparameter& hyperparameter : ours.hyperparameters()) {
    if (!theirs.find(hyperparameter.name)) {
      refuse_study(where, earlier, "it has no hyperparameter \"" + hyperparameter.name + "\"");
    }
  }
}

void require_same_objectives(const StudySpecification& ours, const StudySpecification& earlier,
                             const std::string& where) {
  const auto words = [](Direction direction) {
    return direction == Direction::maximize ? "to be maximized" : "to be minimized";
  };
  if (ours.objectives.size() != earlier.objectives.size()) {
    refuse_study(where, earlier,
                 "it has " + std::to_string(earlier.objectives.size()) + " objectives, this study " +
                     std::to_string(ours.objectives.size()));
  }
  for (std::size_t j = 0; j < ours.objectives.size(); ++j) {
    const Objective& own = ours.objectives[j];
    const Objective& other = earlier.objectives[j];
    if (own.name != other.name) {
      refuse_study(
          where, earlier,
          "its objective " + std::to_string(j + 1) + " is \"" + other.name + "\", here it is \"" + own.name + "\"");
    }
    if (own.direction != other.direction) {
      refuse_study(where, earlier,
                   "there \"" + own.name + "\" is " + words(other.direction) + ", here " + words(own.direction));
    }
  }
  const auto differ = [](const Constraint& a, const Constraint& b) {
    return a.name != b.name || a.lower != b.lower || a.upper != b.upper;
  };
  bool differs = ours.constraints.size() != earlier.constraints.size();
  for (std::size_t i = 0; !differs && i < ours.constraints.size(); ++i) {
    differs = differ(ours.constraints[i], earlier.constraints[i]);
  }
  if (differs) refuse_study(where, earlier, "its constraints are others");
}

ordered_json kept_json(const Trial& trial, const SearchSpace& space) {
  ordered_json json{{"configuration", space.to_json(trial.configuration)}, {"objectives", ordered_json::array()}};
  for (const double value : trial.outcome.objectives) json["objectives"].push_back(value);
  if (trial.outcome.constraints.size() == 0) return json;
  json["constraints"] = ordered_json::array();
  for (const double value : trial.outcome.constraints) json["constraints"].push_back(value);
  return json;
}

ordered_json read_study_of(const std::filesystem::path& directory, const StudySpecification& study,
                           const std::string& where) {
  const StudyHistory history = [&] {
    try {
      return RunDirectory::read_history(directory);
    } catch (const InvalidInput& error) {
      throw InvalidInput(where, error.what());
    }
  }();
  const StudySpecification& earlier = history.study();
  require_same_space(*study.space, earlier, where);
  require_same_objectives(study, earlier, where);
  ordered_json json{{"directory", directory.string()}, {"name", earlier.name}, {"trials", ordered_json::array()}};
  for (const StudyHistory::Record& record : history.records()) {
    if (!record.outcome || record.outcome->status != TrialStatus::completed) continue;
    const Configuration ours =
        study.space->configuration_from_json(earlier.space->to_json(record.configuration), where);
    if (const Legality legality = study.space->check(ours); !legality) {
      refuse_study(where, earlier, "one of its trials is not legal here, where " + legality.reason);
    }
    json["trials"].push_back(kept_json({0, ours, *record.outcome}, *study.space));
  }
  return json;
}

Eigen::VectorXd numbers_at(const JsonReader& reader, std::size_t expected) {
  const std::vector<double> values = reader.numbers();
  if (values.size() != expected) reader.fail("expected " + std::to_string(expected) + " numbers");
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

}  // namespace

ordered_json read_earlier_studies(const StudySpecification& study) {
  if (study.warm_start.empty()) return nullptr;
  study.validate();
  ordered_json studies = ordered_json::array();
  for (std::size_t i = 0; i < study.warm_start.size(); ++i) {
    studies.push_back(read_study_of(study.warm_start[i], study, study.where + "/warm_start/" + std::to_string(i)));
  }
  return {{"studies", std::move(studies)}};
}

std::vector<Trial> earlier_trials(const ordered_json& kept, const StudySpecification& study, const std::string& where) {
  std::vector<Trial> trials;
  if (kept.is_null()) return trials;
  for (const JsonReader& earlier : JsonReader(kept, where).member("studies").elements()) {
    for (const JsonReader& reader : earlier.member("trials").elements()) {
      const JsonReader configuration = reader.member("configuration");
      Trial trial{
          trials.size(), study.space->legal_configuration_from_json(configuration.json(), configuration.where()), {}};
      trial.outcome.objectives = numbers_at(reader.member("objectives"), study.objectives.size());
      if (const auto constraints = reader.find("constraints")) {
        trial.outcome.constraints = numbers_at(*constraints, study.constraints.size());
      }
      trials.push_back(std::move(trial));
    }
  }
  return trials;
}

}  // namespace hyperego
