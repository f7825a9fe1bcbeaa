#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace hyperego {

/// A kind of file that the program writes where its user says.
struct OutputKind {
  std::string name;  ///< with its article: "a report of hyperego"
  /// Whether a file is an earlier output of this kind. It is told from the beginning of the file, see beginning_of().
  std::function<bool(const std::filesystem::path& file)> recognises;
  /// What the user can do where a file is in the way.
  std::string remedy = "choose another file, or replace this one with --force";
};

/// What an output may take the place of.
enum class Overwrite {
  own_kind,  ///< nothing, an empty file, or an earlier output of the same kind
  any_file   ///< any file but those of a run directory
};

/// Everything that decides whether a file may be written, at any time before write_output() and by it again.
/// Links and `..` are followed to the file that is meant. Devices and pipes are always written.
/// @throws InvalidInput naming the file where it is a folder, belongs to a run directory (by its name there, whether it
/// is there or not), or is there and may not be replaced.
void check_output(const std::filesystem::path& file, const OutputKind& kind, Overwrite overwrite = Overwrite::own_kind);

/// Writes a file for which check_output() finds nothing: atomically, so that a reader or a crash sees the old one or
/// the new one. @throws what check_output() throws; StoreError naming the file that cannot be written.
void write_output(const std::filesystem::path& file, std::string_view content, const OutputKind& kind,
                  Overwrite overwrite = Overwrite::own_kind);

/// The first 64 KiB of a file, or less; nothing where it cannot be read.
[[nodiscard]] std::string beginning_of(const std::filesystem::path& file);

}  // namespace hyperego
