#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/value_index.hpp>
#include <hyperego/study/earlier_studies.hpp>
#include <hyperego/study/run_directory.hpp>

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

[[noreturn]] void refuse_study(const std::string& where, const StudySpecification& earlier, const std::string& reason,
                               const std::string& remedy =
                                   "name studies of the same hyperparameters and objectives, "
                                   "or remove the directory") {
  throw InvalidInput(where, "cannot start from \"" + earlier.name + "\": " + reason + "; " + remedy);
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "\"" : ", \"") + name + "\"";
  return text;
}

/// Where hyperparameters stand, by name.
std::unordered_map<std::string_view, std::size_t> places_of(const SearchSpace& space) {
  std::unordered_map<std::string_view, std::size_t> places;
  places.reserve(space.size());
  for (std::size_t i = 0; i < space.size(); ++i) places.emplace(space[i].name, i);
  return places;
}

void require_same_hyperparameters(const SearchSpace& ours, const StudySpecification& earlier,
                                  const std::string& where) {
  const SearchSpace& theirs = *earlier.space;
  const auto our_places = places_of(ours);
  const auto their_places = places_of(theirs);
  std::vector<std::string> gone;
  std::vector<std::string> added;
  for (const Hyperparameter& hyperparameter : theirs.hyperparameters()) {
    if (!our_places.contains(hyperparameter.name)) gone.push_back(hyperparameter.name);
  }
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (!ours.is_conditional(i) && !their_places.contains(ours[i].name)) added.push_back(ours[i].name);
  }
  const std::string of = gone.size() > 1 ? "it has hyperparameters " : "it has a hyperparameter ";
  if (!gone.empty() && !added.empty()) {
    refuse_study(where, earlier, of + listed(gone) + ", which this study has not, and none " + listed(added),
                 "give what was renamed its old name, or remove the directory");
  }
  if (!gone.empty()) refuse_study(where, earlier, of + listed(gone) + ", which this study has not");
  if (!added.empty()) {
    refuse_study(where, earlier,
                 "it has no hyperparameter " + listed(added) + ", and what its trials used in that place is not known");
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

struct Carried {
  Configuration configuration;
  std::string reason;  ///< why it is not legal here; empty where it is
};

/// The same values in another space, which knows all names of the first.
class Translation {
 public:
  Translation(const SearchSpace& theirs, const SearchSpace& ours) : theirs_(theirs), ours_(ours) {
    const auto places = places_of(ours);
    for (const Hyperparameter& hyperparameter : theirs.hyperparameters()) {
      const std::size_t j = places.at(hyperparameter.name);
      place_.push_back(j);
      const auto* ordinal = std::get_if<OrdinalDomain>(&ours[j].domain);
      const auto* categorical = std::get_if<CategoricalDomain>(&ours[j].domain);
      if (ordinal != nullptr) values_.emplace(j, ordinal->sequence);
      if (categorical != nullptr) values_.emplace(j, categorical->choices);
    }
  }

  [[nodiscard]] Carried operator()(const Configuration& configuration) const {
    Carried carried{Configuration(ours_.size()), {}};
    for (std::size_t i = 0; i < theirs_.size(); ++i) {
      if (!configuration.is_set(i)) continue;
      const std::size_t j = place_[i];
      const std::optional<double> code = code_of(j, theirs_[i].value_of(configuration[i]));
      if (!code) return {{}, "\"" + ours_[j].name + "\" is not " + ours_[j].describe()};
      carried.configuration.set(j, *code);
    }
    carried.reason = ours_.check(carried.configuration).reason;
    return carried;
  }

 private:
  [[nodiscard]] std::optional<double> code_of(std::size_t j, const Value& value) const {
    const auto listed = values_.find(j);
    if (listed == values_.end()) return ours_[j].code_of(value);
    const std::optional<std::size_t> place = listed->second.find(value);
    return place ? std::optional(static_cast<double>(*place)) : std::nullopt;
  }

  const SearchSpace& theirs_;
  const SearchSpace& ours_;
  std::vector<std::size_t> place_;                      // ours, of each of theirs
  std::unordered_map<std::size_t, ValueIndex> values_;  // of ours that list theirs
};

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
  require_same_hyperparameters(*study.space, earlier, where);
  require_same_objectives(study, earlier, where);
  ordered_json json{{"directory", directory.string()},
                    {"name", earlier.name},
                    {"trials", ordered_json::array()},
                    {"left_out", ordered_json::array()}};
  const Translation carried_over(*earlier.space, *study.space);
  std::map<std::string, std::size_t> left_out;
  for (const StudyHistory::Record& record : history.records()) {
    if (!record.outcome || record.outcome->status != TrialStatus::completed) continue;
    if (record.fidelity) {
      ++left_out["it was evaluated below full fidelity"];
      continue;
    }
    const Carried carried = carried_over(record.configuration);
    if (carried.reason.empty()) {
      json["trials"].push_back(kept_json({0, carried.configuration, *record.outcome}, *study.space));
    } else {
      ++left_out[carried.reason];
    }
  }
  for (const auto& [reason, trials] : left_out) json["left_out"].push_back({{"reason", reason}, {"trials", trials}});
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

std::vector<std::string> remarks_on(const ordered_json& kept) {
  std::vector<std::string> remarks;
  if (kept.is_null()) return remarks;
  for (const ordered_json& study : kept.at("studies")) {
    const std::size_t taken = study.at("trials").size();
    std::size_t left = 0;
    std::string reasons;
    for (const ordered_json& group : study.value("left_out", ordered_json::array())) {
      const auto trials = group.at("trials").get<std::size_t>();
      left += trials;
      reasons +=
          (reasons.empty() ? ": " : "; ") + std::to_string(trials) + " where " + group.at("reason").get<std::string>();
    }
    std::string remark = "warm start: " + std::to_string(taken) + " of the " + std::to_string(taken + left) +
                         " completed trials of \"" + study.at("name").get<std::string>() + "\" in " +
                         study.at("directory").get<std::string>() + (taken == 1 ? " is" : " are") + " taken over";
    if (left > 0) remark += ", " + std::to_string(left) + (left == 1 ? " is" : " are") + " not legal here" + reasons;
    remarks.push_back(std::move(remark));
  }
  return remarks;
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
