#pragma once

#include <filesystem>
#include <optional>

namespace hyperego {

/// Whether a folder is a run directory, whole or damaged.
[[nodiscard]] bool is_run_directory(const std::filesystem::path& folder);

/// The run directory that `file` belongs to, by its name there: the files that hold a study and all below logs/ and
/// slurm/, whether they are there or not; report.html and files of other names are not among them. Links and `..` are
/// followed, the case of letters makes no difference.
[[nodiscard]] std::optional<std::filesystem::path> run_directory_owning(const std::filesystem::path& file);

/// A new study must not take the place of what others have written.
/// @throws InvalidInput naming `folder` where a file that a study would write is there and holds something.
void refuse_foreign_files(const std::filesystem::path& folder);

}  // namespace hyperego
