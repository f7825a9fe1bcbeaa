#include <hyperego/core/error.hpp>
#include <hyperego/core/journal.hpp>
#include <hyperego/study/output_file.hpp>
#include <hyperego/study/run_files.hpp>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace hyperego {
namespace {

namespace fs = std::filesystem;

/// The file that is meant, links followed. What cannot be followed is left to the attempt to write it.
fs::path meant(const fs::path& file) {
  std::error_code error;
  fs::path target = fs::weakly_canonical(file, error);
  return error ? file : target;
}

bool is_stream(const fs::path& file) {
  std::error_code ignored;
  const fs::file_type type = fs::status(file, ignored).type();
  return type == fs::file_type::character || type == fs::file_type::fifo || type == fs::file_type::socket;
}

void write_stream(const fs::path& file, std::string_view content) {
  errno = 0;
  std::ofstream stream(file, std::ios::binary);
  stream << content << std::flush;
  if (!stream) throw StoreError(file.string(), "cannot be written: " + std::generic_category().message(errno));
}

}  // namespace

void check_output(const fs::path& file, const OutputKind& kind, Overwrite overwrite) {
  if (is_stream(file)) return;
  const fs::path target = meant(file);
  std::error_code error;
  if (fs::is_directory(target, error)) throw InvalidInput(file.string(), "is a folder; name a file in it");
  if (const auto run = run_directory_owning(target)) {
    throw InvalidInput(file.string(), "belongs to the run directory " + run->string() +
                                          " and would be lost; choose another file (--force does not help here)");
  }
  if (overwrite == Overwrite::any_file || !fs::exists(target, error)) return;
  if (fs::is_regular_file(target, error) && fs::file_size(target, error) == 0 && !error) return;
  if (fs::is_regular_file(target, error) && kind.recognises(target)) return;
  throw InvalidInput(file.string(), "is there already and is not " + kind.name + "; " + kind.remedy);
}

void write_output(const fs::path& file, std::string_view content, const OutputKind& kind, Overwrite overwrite) {
  check_output(file, kind, overwrite);
  if (is_stream(file)) return write_stream(file, content);
  write_file_atomically(meant(file), content);
}

std::string beginning_of(const fs::path& file) {
  constexpr std::size_t most = std::size_t{1} << 16U;
  std::string text(most, '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(text.data(), static_cast<std::streamsize>(most));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

}  // namespace hyperego
