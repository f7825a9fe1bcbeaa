#include <hyperego/core/error.hpp>
#include <hyperego/study/detail/powercap.hpp>

#include <algorithm>
#include <fstream>
#include <optional>
#include <system_error>

namespace hyperego::detail {
namespace {

namespace fs = std::filesystem;

std::optional<std::uint64_t> number_in(const fs::path& file) {
  std::ifstream stream(file);
  std::uint64_t value = 0;
  if (!(stream >> value)) return std::nullopt;
  return value;
}

std::string word_in(const fs::path& file) {
  std::ifstream stream(file);
  std::string word;
  stream >> word;
  return word;
}

}  // namespace

PowercapCounters::PowercapCounters(const fs::path& root) {
  std::error_code error;
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(root, error)) {
    const std::string name = entry.path().filename().string();
    if (std::count(name.begin(), name.end(), ':') == 1) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  for (const fs::path& folder : folders) {
    if (word_in(folder / "name") == "psys") continue;
    const auto now = number_in(folder / "energy_uj");
    const auto range = number_in(folder / "max_energy_range_uj");
    if (!now || !range) {
      throw Error((folder / "energy_uj").string(),
                  "cannot be read; let an administrator make it readable, or do not measure energy_j");
    }
    zones_.push_back({folder / "energy_uj", *range, *now});
  }
  if (zones_.empty()) {
    throw Error(root.string(), "holds no energy counter of a package; do not measure energy_j on this machine");
  }
}

double PowercapCounters::advance() {
  double microjoules = 0;
  for (Zone& zone : zones_) {
    const auto now = number_in(zone.counter);
    if (!now) continue;
    const std::uint64_t passed = *now >= zone.last ? *now - zone.last : *now + (zone.range - zone.last);
    microjoules += static_cast<double>(passed);
    zone.last = *now;
  }
  return microjoules * 1e-6;
}

EnergyWindow::EnergyWindow(const fs::path& root, double period_s) : counters_(root) {
  thread_ = std::thread([this, period_s] { sample(period_s); });
}

void EnergyWindow::sample(double period_s) {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, std::chrono::duration<double>(period_s), [this] { return closing_; })) {
    joules_ += counters_.advance();
  }
}

double EnergyWindow::finish() {
  {
    const std::lock_guard lock(mutex_);
    if (closing_) return joules_;
    closing_ = true;
  }
  changed_.notify_all();
  thread_.join();
  joules_ += counters_.advance();
  return joules_;
}

}  // namespace hyperego::detail
