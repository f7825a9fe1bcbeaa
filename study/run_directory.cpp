#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/study/run_directory.hpp>
#include <hyperego/study/run_files.hpp>
#include <hyperego/study/study_difference.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace hyperego {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

/// A path that cannot be looked at (too long, no permission) holds nothing; making it says why.
bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::string canonical_text(const StudySpecification& study) { return to_json(study).dump(2) + "\n"; }

std::string line_place(const fs::path& file, std::size_t index) {
  return file.string() + ":" + std::to_string(index + 1);
}

/// The study that `path` holds, if any.
std::optional<StudySpecification> recorded_study(const fs::path& path) {
  const fs::path file = path / "study.json";
  if (!is_there(file)) return std::nullopt;
  try {
    return read_study(file, {}, StudySource::recorded);
  } catch (const InvalidInput& error) {
    if (!is_there(path / "journal.jsonl")) throw;
    throw StoreError("", std::string(error.what()) + "; the run directory is damaged, restore study.json");
  }
}

std::vector<StudyEvent> events_of(const JournalContent& content, const StudySpecification& study,
                                  const fs::path& file) {
  std::vector<StudyEvent> events;
  events.reserve(content.events.size());
  for (std::size_t i = 0; i < content.events.size(); ++i) {
    events.push_back(event_from_json(content.events[i], study, line_place(file, i)));
  }
  return events;
}

/// How many events at the end are the beginning of a batch that a crash left incomplete. Nothing of it has been
/// evaluated, and the optimizer must be asked for the batch as a whole to give the same one again.
std::size_t incomplete_batch(const std::vector<StudyEvent>& events) {
  if (events.empty()) return 0;
  const auto* last = std::get_if<SuggestedEvent>(&events.back());
  if (last == nullptr || last->trial + 1 == last->batch_first + last->batch_size) return 0;
  const auto belongs = [&](const StudyEvent& event) {
    const auto* suggested = std::get_if<SuggestedEvent>(&event);
    return suggested != nullptr && suggested->batch_first == last->batch_first;
  };
  return static_cast<std::size_t>(
      std::distance(events.rbegin(), std::find_if_not(events.rbegin(), events.rend(), belongs)));
}

bool has_trials(const fs::path& path) {
  const fs::path file = path / "journal.jsonl";
  if (!is_there(file)) return false;
  const JournalContent content = Journal::read(file);
  return std::any_of(content.events.begin(), content.events.end(), [](const ordered_json& event) {
    return event.contains("event") && event.at("event") == "suggested";
  });
}

/// Identity is that of the first command, whatever has taken its place.
bool differ_in_command(const StudySpecification& recorded, const StudySpecification& study) {
  const CommandEvaluation* before = command_of(recorded.evaluation);
  const CommandEvaluation* command = command_of(study.evaluation);
  return before != nullptr && command != nullptr && before->command != command->command;
}

/// Everything that can be refused before anything is written.
fs::path checked(fs::path path, const StudySpecification& study, OpenMode mode, const fs::path& study_file) {
  std::error_code error;
  if (fs::exists(path, error) && !fs::is_directory(path, error)) {
    throw InvalidInput(path.string(), "is not a directory; choose another one for the run");
  }
  const auto recorded = recorded_study(path);
  if (!recorded) refuse_foreign_files(path);
  const bool is_other_command =
      recorded && mode != OpenMode::resume_with_command && differ_in_command(*recorded, study);
  if (recorded && (identity(*recorded) != identity(study) || is_other_command)) {
    throw InvalidInput(path.string(), "holds another study: " + difference_message(*recorded, study, path));
  }
  const bool is_study_file = recorded && !study_file.empty() && fs::equivalent(study_file, path / "study.json", error);
  const bool differs = recorded && canonical_text(*recorded) != read_text_file(path / "study.json");
  if (differs && (is_study_file || !is_run_directory(path))) {
    throw InvalidInput(
        path.string(),
        "the run would overwrite the study file, which lies there as study.json; choose another directory with --out");
  }
  if (mode == OpenMode::start && has_trials(path)) {
    throw InvalidInput(
        path.string(),
        "holds trials of this study already; go on with --resume, or choose another directory with --out");
  }
  fs::create_directories(path / "logs", error);
  if (error) throw StoreError(path.string(), "cannot be made: " + error.message());
  return path;
}

std::string objective_text(double value) { return ordered_json(value).dump(); }

}  // namespace

RunDirectory::RunDirectory(fs::path path, const StudySpecification& study, OpenMode mode, const fs::path& study_file,
                           double lock_patience_s)
    : path_(checked(std::move(path), study, mode, study_file)), study_(study), lock_(path_ / "lock", lock_patience_s) {
  read_journal();
  compare_with_record();
  read_early();
}

RunDirectory::~RunDirectory() {
  std::error_code ignored;
  if (early_ && !early_wait_ && journal_->is_flushed()) fs::remove(path_ / "early.jsonl", ignored);
}

void RunDirectory::begin() {
  repair_journal();
  // A journal needs its study.json; but a change is written down before it is made.
  if (!changed_command_) write_specification();
  if (events_.empty()) journal_->append({to_json(CreatedEvent{identity(study_)}, study_)});
  if (changed_command_) {
    journal_->append({to_json(*changed_command_, study_)});
    write_specification();
  }
  open_projections();
  events_ = {};  // decisions and games are large
}

StudySpecification RunDirectory::continued(StudySpecification study, const fs::path& path, OpenMode mode) {
  CommandEvaluation* command = command_of(study.evaluation);
  if (command == nullptr) return study;
  command->began_with.clear();
  const auto recorded = recorded_study(path);
  const CommandEvaluation* before = recorded ? command_of(recorded->evaluation) : nullptr;
  if (before == nullptr) return study;
  if (command->command == before->command || mode == OpenMode::resume_with_command) {
    command->began_with = before->began_with.empty() ? before->command : before->began_with;
  }
  if (command->began_with == command->command) command->began_with.clear();
  return study;
}

/// What may differ from the recorded study and still must make sense beside the trials.
void RunDirectory::compare_with_record() {
  const auto recorded = recorded_study(path_);
  if (!recorded) return;
  const auto is_trial = [](const StudyEvent& event) {
    return std::holds_alternative<SuggestedEvent>(event) || std::holds_alternative<AddedEvent>(event);
  };
  const auto trials = static_cast<std::uint64_t>(std::count_if(events_.begin(), events_.end(), is_trial));
  const std::uint64_t limit = study_.limits.trials;
  if (limit < trials && limit != recorded->limits.trials) {
    throw InvalidInput(study_.where + "/limits/trials", std::to_string(limit) + " is less than the " +
                                                            std::to_string(trials) + " trials that " + path_.string() +
                                                            " holds already; give at least as many");
  }
  if (differ_in_command(*recorded, study_)) {
    changed_command_ = CommandEvent{command_of(study_.evaluation)->command, command_of(recorded->evaluation)->command};
  }
}

StudySpecification RunDirectory::read_specification(const fs::path& path) {
  auto study = recorded_study(path);
  if (!study)
    throw InvalidInput(path.string(), "is no run directory (it has no study.json); make one with init or run");
  return *std::move(study);
}

StudyHistory RunDirectory::read_history(const fs::path& path) {
  StudyHistory history(read_specification(path));
  const fs::path file = path / "journal.jsonl";
  if (!is_there(file)) return history;
  auto events = events_of(Journal::read(file), history.study(), file);
  events.resize(events.size() - incomplete_batch(events), StoppedEvent{});
  for (std::size_t i = 0; i < events.size(); ++i) history.apply(events[i], line_place(file, i));
  return history;
}

void RunDirectory::write_specification() const {
  const fs::path file = path_ / "study.json";
  const std::string text = canonical_text(study_);
  if (is_there(file) && read_text_file(file) == text) return;
  write_file_atomically(file, text);
}

void RunDirectory::read_journal() {
  const fs::path file = path_ / "journal.jsonl";
  auto [journal, content] = Journal::open(file);
  journal_.emplace(std::move(journal));
  has_torn_tail_ = content.has_torn_tail;
  events_ = events_of(content, study_, file);
  incomplete_ = incomplete_batch(events_);
  events_.resize(events_.size() - incomplete_, StoppedEvent{});
  sound_size_ = events_.empty() ? 0 : content.ends[events_.size() - 1];
}

void RunDirectory::repair_journal() {
  const std::string file = (path_ / "journal.jsonl").string();
  if (has_torn_tail_) {
    repairs_.push_back(file + ": the last line was incomplete (a crash while writing) and has been cut off");
  }
  if (incomplete_ > 0) {
    repairs_.push_back(file + ": " + std::to_string(incomplete_) +
                       " suggestions of an incomplete batch (a crash while writing) have been cut off");
  }
  if (has_torn_tail_ || incomplete_ > 0) journal_->cut(sound_size_);
}

void RunDirectory::open_projections() {
  std::string decisions;
  std::string games;
  for (const StudyEvent& event : events_) {
    const auto* suggested = std::get_if<SuggestedEvent>(&event);
    if (suggested == nullptr) continue;
    decisions += suggested->decision->dump() + "\n";
    if (!suggested->game->is_null()) games += suggested->game->dump() + "\n";
  }
  const auto open = [&](const char* name, const std::string& text, std::ofstream& stream) {
    const fs::path file = path_ / name;
    const bool was_there = is_there(file);
    if (!was_there || read_text_file(file) != text) {
      write_file_atomically(file, text);
      if (was_there) repairs_.push_back(file.string() + ": did not match the journal and has been made anew from it");
    }
    stream.open(file, std::ios::app | std::ios::binary);
    if (!stream) throw StoreError(file.string(), "cannot be opened for writing");
  };
  open("decisions.jsonl", decisions, decisions_);
  open("games.jsonl", games, games_);
}

void RunDirectory::read_early() {
  const fs::path file = path_ / "early.jsonl";
  if (!is_there(file)) return;
  auto [journal, content] = Journal::open(file);
  early_.emplace(std::move(journal));
  early_wait_ = true;
  const auto events = events_of(content, study_, file);
  for (const StudyEvent& event : events) {
    if (const auto* ended = std::get_if<EndedEvent>(&event)) early_events_.push_back(*ended);
  }
}

void RunDirectory::append(const std::vector<StudyEvent>& events, Durability durability) {
  std::vector<ordered_json> lines;
  lines.reserve(events.size());
  for (const StudyEvent& event : events) lines.push_back(to_json(event, study_));
  journal_->append(lines, durability);
  bool has_suggestions = false;
  for (const StudyEvent& event : events) {
    const auto* suggested = std::get_if<SuggestedEvent>(&event);
    if (suggested == nullptr) continue;
    has_suggestions = true;
    decisions_ << suggested->decision->dump() << '\n';
    if (!suggested->game->is_null()) games_ << suggested->game->dump() << '\n';
  }
  if (!has_suggestions) return;
  decisions_.flush();
  games_.flush();
  if (!decisions_ || !games_)
    throw StoreError(path_.string(), "decisions.jsonl or games.jsonl cannot be written; is the disk full?");
}

void RunDirectory::keep_early(const EndedEvent& event) {
  if (!early_) early_.emplace(Journal::open(path_ / "early.jsonl").first);
  early_->append({to_json(event, study_)}, Durability::with_next);
  early_wait_ = true;
}

void RunDirectory::early_are_told() {
  constexpr std::uintmax_t most_bytes = 1 << 16;
  early_events_.clear();
  early_wait_ = false;
  if (!early_ || early_->size() < most_bytes) return;
  journal_->flush();
  early_->cut(0);
}

void RunDirectory::flush() {
  journal_->flush();
  if (early_ && early_wait_) early_->flush();  // the journal has the others
}

void RunDirectory::write_front(const StudyHistory& history) const {
  ordered_json front = ordered_json::array();
  for (const std::uint64_t trial : history.front()) {
    ordered_json point = ordered_json::array();
    for (const double value : history.pooled_objectives(trial)) point.push_back(value);
    front.push_back(std::move(point));
  }
  write_file_atomically(path_ / "front.json", front.dump() + "\n");
  write_file_atomically(path_ / "front.csv", front_csv(history));
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos && !text.empty() && text.front() != ' ' &&
      text.back() != ' ') {
    return text;
  }
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string front_csv(const StudyHistory& history) {
  const SearchSpace& space = *history.study().space;
  std::string text = "trial";
  for (const Hyperparameter& hyperparameter : space.hyperparameters()) text += "," + csv_field(hyperparameter.name);
  for (const Objective& objective : history.study().objectives) text += "," + csv_field(objective.name);
  text += "\n";
  for (const std::uint64_t trial : history.front()) {
    const StudyHistory::Record& record = history.records()[trial];
    text += std::to_string(trial);
    for (std::size_t i = 0; i < space.size(); ++i) {
      text += ",";
      if (record.configuration.is_set(i)) text += csv_field(to_string(space[i].value_of(record.configuration[i])));
    }
    for (const double value : history.pooled_objectives(trial)) text += "," + objective_text(value);
    text += "\n";
  }
  return text;
}

}  // namespace hyperego
