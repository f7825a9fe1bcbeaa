#include <hyperego/core/error.hpp>
#include <hyperego/report/document/detail/document_parts.hpp>
#include <hyperego/report/document/detail/sections.hpp>
#include <hyperego/report/document/document.hpp>

#include <nlohmann/json.hpp>

namespace hyperego {

void ReportOptions::validate() const {
  if (tradeoffs < 2) throw InvalidInput("tradeoffs", "must be at least 2");
  if (most_modelled < 3) throw InvalidInput("most_modelled", "must be at least 3");
}

nlohmann::ordered_json report_document(const StudyRecord& record, const ReportOptions& options) {
  options.validate();
  const StudySpecification& study = record.history.study();
  const detail::Explanations explanations = detail::explanations_of(record, options);
  nlohmann::ordered_json document{{"kind", "study"},
                                  {"title", study.name},
                                  {"refreshing", options.refreshing},
                                  {"time", {{"last_event", detail::time_in_words(record.last_event)}}},
                                  {"shared", {{"trials", detail::trials_table(record)}}}};
  document["learned"] = detail::learned(record, explanations);
  document["sections"] = {detail::outcome_section(record),
                          detail::front_section(record),
                          detail::progress_section(record),
                          detail::tradeoffs_section(record, explanations),
                          detail::importance_section(record, explanations),
                          detail::decisions_section(record),
                          detail::marginals_section(record, explanations, options),
                          detail::trials_section(record),
                          detail::health_section(record, explanations)};
  return document;
}

}  // namespace hyperego
