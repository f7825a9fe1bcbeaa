#include <hyperego/report/document/detail/document_parts.hpp>
#include <hyperego/report/document/detail/sections.hpp>

namespace hyperego::detail {

nlohmann::ordered_json trials_section(const StudyRecord& record) {
  nlohmann::ordered_json section = empty_section("trials", "All trials");
  if (record.history.records().empty()) {
    section["text"].push_back("Nothing has been suggested yet.");
    return section;
  }
  section["text"].push_back("Every trial with its configuration, results and the reason why it was suggested.");
  section["tables"].push_back({{"id", "all-trials"}, {"title", "Trials"}, {"shared", "trials"}});
  return section;
}

}  // namespace hyperego::detail
