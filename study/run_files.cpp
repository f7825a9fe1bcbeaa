#include <hyperego/core/error.hpp>
#include <hyperego/study/run_files.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>

namespace hyperego {
namespace {

namespace fs = std::filesystem;

constexpr std::array file_names{"study.json", "journal.jsonl", "decisions.jsonl", "games.jsonl", "early.jsonl",
                                "front.json", "front.csv",     "warm_start.json", "lock"};
constexpr std::array folder_names{"logs", "slurm", "checkpoints"};

bool is_found(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

/// On some file systems JOURNAL.JSONL is the journal as well.
template <typename Names>
bool is_among(const std::string& name, const Names& names) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view known) {
    return name.size() == known.size() && edit_distance(name, known) == 0;
  });
}

}  // namespace

bool is_run_directory(const fs::path& folder) {
  return is_found(folder / "journal.jsonl") || (is_found(folder / "study.json") && is_found(folder / "lock"));
}

std::optional<fs::path> run_directory_owning(const fs::path& file) {
  std::error_code error;
  fs::path target = fs::weakly_canonical(file, error);
  if (error) target = fs::absolute(file, error).lexically_normal();
  fs::path below = target.filename();
  for (fs::path folder = target.parent_path();; folder = folder.parent_path()) {
    const bool is_file = std::distance(below.begin(), below.end()) == 1;
    const std::string first = below.empty() ? std::string{} : below.begin()->string();
    const bool is_named = is_file ? is_among(first, file_names) : is_among(first, folder_names);
    if (is_named && is_run_directory(folder)) return folder;
    if (folder == folder.parent_path()) return std::nullopt;
    below = folder.filename() / below;
  }
}

void refuse_foreign_files(const fs::path& folder) {
  const auto refuse = [&](const char* name) {
    std::error_code error;
    if (!is_found(folder / name) || fs::is_empty(folder / name, error) || error) return;
    throw InvalidInput(folder.string(), std::string("holds ") + name +
                                            " but no study.json, so it is not known whose it is; choose another "
                                            "directory");
  };
  std::for_each(file_names.begin(), file_names.end(), refuse);
  std::for_each(folder_names.begin(), folder_names.end(), refuse);
}

}  // namespace hyperego
