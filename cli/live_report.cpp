#include "live_report.hpp"

#include <hyperego/core/error.hpp>
#include <hyperego/report/page/html.hpp>

#include <nlohmann/json.hpp>

#include "output.hpp"
#include <algorithm>

namespace hyperego::cli {
namespace {

constexpr std::chrono::seconds least_interval(3);
constexpr auto file_name = "report.html";
constexpr int interval_per_cost = 20;

}  // namespace

void LiveReport::on_tell(const Trial& trial, const StudyHistory& history) {
  next_.on_tell(trial, history);
  const auto start = std::chrono::steady_clock::now();
  if (start < due_) return;
  write({.explanations = false, .refreshing = true});
  const auto end = std::chrono::steady_clock::now();
  due_ = end + std::max<std::chrono::steady_clock::duration>(least_interval, interval_per_cost * (end - start));
}

void LiveReport::check(const std::filesystem::path& directory) {
  OutputKind kind = report_page_kind();
  kind.remedy = "move it away, or choose another run directory with --out";
  check_output(directory / file_name, kind);
}

void LiveReport::finish(bool with_models) { write({.explanations = with_models}); }

void LiveReport::write(const ReportOptions& options) {
  try {
    StudyRecord record = read_study_record(directory_);
    record.running = options.refreshing;  // the lock is ours until the program ends
    write_output(directory_ / file_name, render_html(report_document(record, options)), report_page_kind());
  } catch (const Error& error) {
    if (!failed_) note(std::string("the report could not be written: ") + error.what());
    failed_ = true;
  }
}

}  // namespace hyperego::cli
