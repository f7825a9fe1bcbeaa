#include <hyperego/study/study_difference.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

std::string short_json(const ordered_json& value) {
  constexpr std::size_t most = 80;
  std::string text = value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // not inside a character
  return text.substr(0, end) + "…";
}

/// A member's name within a JSON pointer.
std::string escaped(const std::string& name) {
  std::string text;
  for (const char c : name) text += c == '~' ? std::string("~0") : c == '/' ? std::string("~1") : std::string(1, c);
  return text;
}

std::optional<JsonDifference> difference_at(const ordered_json& before, const ordered_json& after,
                                            const std::string& pointer);

std::optional<JsonDifference> difference_of_objects(const ordered_json& before, const ordered_json& after,
                                                    const std::string& pointer) {
  for (const auto& [name, value] : before.items()) {
    const std::string place = pointer + "/" + escaped(name);
    const auto other = after.find(name);
    if (other == after.end()) return JsonDifference{place, short_json(value), "not given"};
    if (auto difference = difference_at(value, *other, place)) return difference;
  }
  for (const auto& [name, value] : after.items()) {
    if (!before.contains(name)) return JsonDifference{pointer + "/" + escaped(name), "not given", short_json(value)};
  }
  return std::nullopt;
}

std::optional<JsonDifference> difference_of_arrays(const ordered_json& before, const ordered_json& after,
                                                   const std::string& pointer) {
  for (std::size_t i = 0; i < std::max(before.size(), after.size()); ++i) {
    const std::string place = pointer + "/" + std::to_string(i);
    if (i >= after.size()) return JsonDifference{place, short_json(before[i]), "not given"};
    if (i >= before.size()) return JsonDifference{place, "not given", short_json(after[i])};
    if (auto difference = difference_at(before[i], after[i], place)) return difference;
  }
  return std::nullopt;
}

std::optional<JsonDifference> difference_at(const ordered_json& before, const ordered_json& after,
                                            const std::string& pointer) {
  if (before.is_object() && after.is_object()) return difference_of_objects(before, after, pointer);
  if (before.is_array() && after.is_array()) return difference_of_arrays(before, after, pointer);
  if (before.dump() == after.dump()) return std::nullopt;
  return JsonDifference{pointer, short_json(before), short_json(after)};
}

/// The program that a study has now is what people know it by; the one it began with is history.
StudySpecification with_present_command(StudySpecification study) {
  if (CommandEvaluation* command = command_of(study.evaluation)) command->began_with.clear();
  return study;
}

/// Whether a new study could take the trials over: they mean the same, and every hyperparameter has its values.
bool warm_start_serves(const StudySpecification& recorded, const StudySpecification& study) {
  const ordered_json before = identity_json(recorded);
  const ordered_json after = identity_json(study);
  for (const char* member : {"objectives", "constraints"}) {
    if (before.at(member).size() != after.at(member).size()) return false;
    for (std::size_t i = 0; i < before.at(member).size(); ++i) {
      for (const char* part : {"name", "direction", "lower", "upper"}) {
        if (before.at(member)[i].value(part, ordered_json()) != after.at(member)[i].value(part, ordered_json()))
          return false;
      }
    }
  }
  if (recorded.space->size() != study.space->size()) return false;
  std::unordered_map<std::string_view, std::size_t> kinds;
  for (const Hyperparameter& hyperparameter : study.space->hyperparameters())
    kinds.emplace(hyperparameter.name, hyperparameter.domain.index());
  for (const Hyperparameter& hyperparameter : recorded.space->hyperparameters()) {
    const auto same = kinds.find(hyperparameter.name);
    if (same == kinds.end() || same->second != hyperparameter.domain.index()) return false;
  }
  return true;
}

}  // namespace

std::optional<JsonDifference> first_difference(const ordered_json& before, const ordered_json& after) {
  return difference_at(before, after, "");
}

std::string difference_message(const StudySpecification& recorded, const StudySpecification& study,
                               const std::filesystem::path& directory) {
  StudySpecification compared = with_present_command(recorded);
  const ordered_json wanted = identity_json(with_present_command(study));
  const auto difference = first_difference(identity_json(compared), wanted);
  if (!difference) return "it began with another one; choose another directory with --out";
  std::string message =
      difference->pointer + " is " + difference->old_value + " there and " + difference->new_value + " here; ";
  CommandEvaluation* command = command_of(compared.evaluation);
  const CommandEvaluation* ours = command_of(study.evaluation);
  if (command != nullptr && ours != nullptr) {
    command->command = ours->command;
    if (identity_json(compared) == wanted) {
      return message +
             "where the program still measures the same, go on with --accept-command, else choose another "
             "directory with --out";
    }
  }
  message += "choose another directory with --out";
  if (warm_start_serves(recorded, study)) {
    message += ", where \"warm_start\": [" + ordered_json(directory.string()).dump() + "] would take its trials over";
  }
  return message;
}

}  // namespace hyperego
