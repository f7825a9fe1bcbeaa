#include <hyperego/core/instruction_set.hpp>
#include <hyperego/core/journal.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/version.hpp>
#include <hyperego/imports/trials/imported_study.hpp>
#include <hyperego/report/record/study_record.hpp>
#include <hyperego/study/run_directory.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

/// A text member, empty where there is none.
std::string text_of(const ordered_json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

void keep(StudyRecord& record, const StudyEvent& event) {
  if (const auto* suggested = std::get_if<SuggestedEvent>(&event)) {
    record.entries.push_back({suggested->decision, suggested->game, 0});
  } else if (const auto* ended = std::get_if<EndedEvent>(&event)) {
    record.entries[ended->trial.number].elapsed_s = ended->elapsed_s;
    record.ended.push_back(ended->trial.number);
  } else if (const auto* added = std::get_if<AddedEvent>(&event)) {
    record.entries.push_back({decision_of(*added, *record.history.study().space),
                              std::make_shared<const ordered_json>(nullptr), added->elapsed_s});
    record.ended.push_back(added->trial.number);
  }
}

StudyRecord empty_record(StudySpecification study) {
  auto specification = std::make_shared<const ordered_json>(to_json(study));
  return {.history = StudyHistory(std::move(study)),
          .entries = {},
          .ended = {},
          .specification = std::move(specification),
          .version = {},
          .instruction_set = {}};
}

}  // namespace

StudyRecord read_study_record(const std::filesystem::path& directory) {
  StudyRecord record = empty_record(RunDirectory::read_specification(directory));
  record.running = FileLock::is_held(directory / "lock");
  const std::filesystem::path file = directory / "journal.jsonl";
  if (!std::filesystem::exists(file)) return record;
  const JournalContent content = Journal::read(file);
  for (std::size_t i = 0; i < content.events.size(); ++i) {
    const ordered_json& json = content.events[i];
    const std::string where = file.string() + ":" + std::to_string(i + 1);
    const StudyEvent event = event_from_json(json, record.history.study(), where);
    record.history.apply(event, where);
    keep(record, event);
    if (std::holds_alternative<CreatedEvent>(event)) {
      record.version = text_of(json, "version");
      record.instruction_set = text_of(json, "instruction_set");
    }
    if (const auto time = JsonReader(json, where).find("time")) {
      record.last_event = std::max(record.last_event, time->number_or("at", 0, -1e300, 1e300));
    }
  }
  return record;
}

StudyRecord study_record_of(const ImportedTrials& imported) {
  StudyRecord record = empty_record(study_of(imported));
  for (const StudyEvent& event : events_of(imported, record.history.study())) {
    record.history.apply(event);
    keep(record, event);
  }
  record.version = version();
  record.instruction_set = to_string(instruction_set());
  record.notes = imported.notes;
  return record;
}

}  // namespace hyperego
