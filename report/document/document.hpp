#pragma once

#include <hyperego/report/explanation/explain_options.hpp>
#include <hyperego/report/record/study_record.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace hyperego {

struct ReportOptions {
  /// Fit models and play games. Without, the sections on importance and marginals say how to have them, and a report
  /// takes no longer than reading the journal.
  bool explanations = true;
  /// The page offers to reload itself, because the file is about to change.
  bool refreshing = false;
  ModelKind model = ModelKind::gp;  ///< of every objective, for importance, marginals and left-out predictions
  std::size_t tradeoffs = 11;       ///< weight vectors of two objectives; of three the next triangular number
  /// As in ExplainOptions.
  std::optional<std::size_t> draws = {}, replicates = {}, samples = {};
  std::size_t most_modelled = 500;  ///< trials that models are fitted to: the front and an even choice of the others
  std::uint64_t seed = 0;
  int threads = 0;

  /// @throws InvalidInput naming the field at fault.
  void validate() const;
};

/// A study as a document: sentences, tables and figures with their data, without a word of HTML.
///
///     {"kind": "study", "title", "refreshing", "time": {"last_event"},
///      "shared": {"trials": TABLE}, "learned": [sentence, …],
///      "sections": [{"id", "title", "text": [sentence, …],
///                    "figures": [{"id", "title", "caption", "chart": {"kind", …}, "data": TABLE or a name in
///                    "shared"}], "tables": [{"id", "title", TABLE…}]}]}
///
/// A TABLE is {"columns": [name, …], "rows": [[cell, …], …]}. The sections are, in this order, "outcome", "front",
/// "progress", "tradeoffs", "importance", "decisions", "marginals" and "health"; "learned" says in
/// at most four sentences what came out. Names and messages are text as the
/// study has it: whoever renders them escapes them. A function of the journal and the options.
[[nodiscard]] nlohmann::ordered_json report_document(const StudyRecord& record, const ReportOptions& options = {});

}  // namespace hyperego
