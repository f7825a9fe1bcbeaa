#include <hyperego/study/detail/evaluation_marks.hpp>
#include <hyperego/study/detail/marked_processes.hpp>

#include <fstream>
#include <random>
#include <sys/stat.h>
#include <utility>

namespace hyperego::detail {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t stem_length = 17;

std::string random_stem() {
  constexpr auto digits = "0123456789abcdef";
  std::random_device source;
  std::string stem;
  while (stem.size() + 1 < stem_length) stem += digits[source() % 16];
  return stem + ".";
}

/// A copied run directory is another one.
std::string identity_of(const fs::path& directory) {
  struct stat status {};
  if (::stat(directory.c_str(), &status) != 0) return "-";
  return std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}

}  // namespace

EvaluationMarks::EvaluationMarks(std::optional<fs::path> logs, std::function<void(const std::string&)> note)
    : note_(std::move(note)) {
  if (logs) file_ = *logs / "processes";
}

std::string EvaluationMarks::next() {
  const std::lock_guard lock(mutex_);
  if (guardian_ == nullptr) begin();
  return stem_ + std::to_string(count_++) + "/";
}

void EvaluationMarks::begin() {
  if (stem_.empty()) {
    end_those_of_before();
    stem_ = random_stem();
    remember();
  }
  guardian_ = std::make_unique<Guardian>(stem_);
}

void EvaluationMarks::end_those_of_before() const {
  if (!file_) return;
  std::ifstream file(*file_);
  std::string stem;
  std::string identity;
  if (!(file >> stem >> identity) || stem.size() != stem_length || identity != identity_of(file_->parent_path()))
    return;
  const std::size_t count = end_marked(stem);
  if (count > 0 && note_) {
    note_(std::to_string(count) + (count == 1 ? " process" : " processes") +
          " of an earlier run of this study still lived and had to be ended");
  }
}

void EvaluationMarks::remember() const {
  // Without it a run that takes over relies on the guardian alone.
  if (file_) std::ofstream(*file_) << stem_ << " " << identity_of(file_->parent_path()) << "\n";
}

}  // namespace hyperego::detail
