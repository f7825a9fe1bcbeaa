#include <hyperego/study/detail/process.hpp>
#include <hyperego/study/detail/result_file.hpp>
#include <hyperego/study/resource_shortage.hpp>

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace hyperego::detail {
namespace {

namespace fs = std::filesystem;

fs::path temporary_folder(const std::string& name) {
  std::error_code error;
  const fs::path parent = fs::temp_directory_path(error);
  std::string pattern = ((error ? fs::path("/tmp") : parent) / ("hyperego-" + name + "-XXXXXX")).string();
  if (::mkdtemp(pattern.data()) == nullptr) fail_to_get(pattern, "no folder for the result of a program", errno);
  return pattern;
}

}  // namespace

ResultFile::ResultFile(const std::optional<fs::path>& directory, const std::string& name) {
  if (directory) {
    // No folder for each trial: making it would lengthen every flush of the journal.
    path_ = fs::absolute(*directory) / (name + ".result");
    std::error_code ignored;
    fs::remove_all(path_, ignored);  // of a run that was killed
  } else {
    folder_ = temporary_folder(name);
    path_ = folder_ / "result.json";
  }
}

ResultFile::~ResultFile() {
  std::error_code ignored;
  fs::remove_all(folder_.empty() ? path_ : folder_, ignored);
}

std::optional<std::string> ResultFile::read(std::size_t limit) const {
  // A pipe put in its place must not be waited for.
  const OwnedDescriptor file(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  std::string text;
  char block[1 << 14];
  while (text.size() <= limit) {
    const ssize_t count = ::read(file.get(), block, std::min(sizeof block, limit + 1 - text.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    text.append(block, static_cast<std::size_t>(count));
  }
  if (text.find_first_not_of(" \t\r\n\f\v") == std::string::npos) return std::nullopt;
  return text;
}

}  // namespace hyperego::detail
