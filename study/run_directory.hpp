#pragma once

#include <hyperego/core/journal.hpp>
#include <hyperego/study/journal_events.hpp>
#include <hyperego/study/specification.hpp>
#include <hyperego/study/study_history.hpp>

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

namespace hyperego {

/// How a run directory is opened.
enum class OpenMode {
  start,               ///< a directory that is new, empty, or holds the same study without any trial
  resume,              ///< the same, or one with trials of the same study
  resume_with_command  ///< the same, and its evaluator may start another program from now on
};

/// The folder of one study: study.json, journal.jsonl, decisions.jsonl, games.jsonl, front.json, front.csv, logs/ and
/// the lock. The journal is the only truth; decisions, games and fronts are made from it and repaired when a directory
/// is opened. One process at a time.
class RunDirectory {
 public:
  /// Makes or opens `path` for `study`, locks it and reads what it holds. Nothing that is there is changed before
  /// begin(). `study_file`, where given, is never overwritten. Waits `lock_patience_s` seconds for a lock that another
  /// process holds.
  /// @throws InvalidInput where the directory holds another study (the first difference is named), more trials than the
  /// study's changed limit, or trials without `resume`, or other files in our place.
  /// @throws StoreError where it is locked, damaged or not writable.
  RunDirectory(std::filesystem::path path, const StudySpecification& study, OpenMode mode,
               const std::filesystem::path& study_file = {}, double lock_patience_s = 0);

  /// `study` as it goes on in `path`: a program that took another's place there is remembered as doing so, and with
  /// OpenMode::resume_with_command this one takes the place of the one that is recorded.
  [[nodiscard]] static StudySpecification continued(StudySpecification study, const std::filesystem::path& path,
                                                    OpenMode mode);
  /// The study of an existing run directory. @throws InvalidInput where there is none.
  [[nodiscard]] static StudySpecification read_specification(const std::filesystem::path& path);
  /// Reads an existing run directory without locking or changing it.
  /// @throws InvalidInput where there is none; StoreError where it is damaged.
  [[nodiscard]] static StudyHistory read_history(const std::filesystem::path& path);

  ~RunDirectory();
  RunDirectory(const RunDirectory&) = delete;
  RunDirectory& operator=(const RunDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path logs() const { return path_ / "logs"; }
  [[nodiscard]] std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }
  /// The change that begin() writes down, where the program is another one than before.
  [[nodiscard]] const std::optional<CommandEvent>& changed_command() const { return changed_command_; }
  /// What the journal held when it was opened, in order; nothing once the study has begun.
  [[nodiscard]] const std::vector<StudyEvent>& events() const { return events_; }
  /// What the journal holds makes sense: cuts what a crash left incomplete, makes decisions and games anew where they
  /// differ from it, rewrites study.json where limits and the like do, and makes ready for writing. Once.
  /// @throws StoreError where writing fails.
  void begin();
  /// What begin() repaired, one sentence each.
  [[nodiscard]] const std::vector<std::string>& repairs() const { return repairs_; }

  // After begin() only.

  /// @throws StoreError where writing fails; the journal is then as before.
  void append(const std::vector<StudyEvent>& events, Durability durability = Durability::now);
  void append(const StudyEvent& event, Durability durability = Durability::now) {
    append(std::vector<StudyEvent>{event}, durability);
  }
  /// Brings everything appended and kept so far to the disk.
  void flush();

  /// Writes front.json (objectives of the front in raw direction, one row each, by trial) and front.csv (trial,
  /// configuration, objectives).
  void write_front(const StudyHistory& history) const;

  /// Results that were finished ahead of their turn in a synchronous batch are kept beside the journal, in
  /// early.jsonl, until it comes: safe from the death of the process at once, from that of the machine with the next
  /// flush().
  void keep_early(const EndedEvent& event);
  /// Those that were there when the directory was opened. They may have been told since they were written.
  [[nodiscard]] const std::vector<EndedEvent>& early() const { return early_events_; }
  /// All that were kept have been told. The file may hold them a while longer, for it must not lose what the journal
  /// has not yet brought to the disk, and waiting for that would cost a flush a batch.
  void early_are_told();

 private:
  void compare_with_record();
  void write_specification() const;
  void read_journal();
  void read_early();
  void repair_journal();
  void open_projections();

  std::filesystem::path path_;
  StudySpecification study_;
  FileLock lock_;
  std::optional<Journal> journal_;
  std::size_t incomplete_ = 0;     // suggestions of a batch that a crash left incomplete
  std::uintmax_t sound_size_ = 0;  // of the journal, up to what is sound
  bool has_torn_tail_ = false;
  std::optional<Journal> early_;
  bool early_wait_ = false;  // for their turn, some of them
  std::ofstream decisions_;
  std::ofstream games_;
  std::optional<CommandEvent> changed_command_;
  std::vector<StudyEvent> events_;
  std::vector<EndedEvent> early_events_;
  std::vector<std::string> repairs_;
};

/// A front as a table: "trial", the hyperparameters (empty where inactive), the objectives in raw direction.
[[nodiscard]] std::string front_csv(const StudyHistory& history);

/// A field of a CSV file (RFC 4180), quoted where it has to be.
[[nodiscard]] std::string csv_field(const std::string& text);

}  // namespace hyperego
