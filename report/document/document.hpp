#pragma once

#include <hyperego/core/progress.hpp>
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
  ModelKind model = ModelKind::automatic;  ///< of every objective, for importance, marginals and left-out predictions
  std::size_t tradeoffs = 11;              ///< weight vectors of two objectives; of three the next triangular number
  /// As in ExplainOptions.
  std::optional<std::size_t> draws = {}, replicates = {}, samples = {};
  std::size_t most_modelled = 500;  ///< trials that models are fitted to: the front and an even choice of the others
  std::uint64_t seed = 0;
  int threads = 0;
  ProgressHook progress = {};  ///< told of fits, games and marginals, each a phase

  /// @throws InvalidInput naming the field at fault.
  void validate() const;
};

/// A study as a document: sentences, tables and figures with their data, without a word of HTML.
///
///     {"kind": "study", "title", "refreshing", "time": {"last_event"},
///      "shared": {"trials": TABLE}, "learned": [{"title", "text": [sentence, …]}, …],
///      "sections": [{"id", "title", "text": [sentence, …],
///                    "figures": [{"id", "title", "caption", "reading", "chart": {"kind", …}, "data": TABLE or a name
///                    in "shared"}], "tables": [{"id", "title", TABLE… or "shared": a name there, "leads": true
///                    of one that stands above the figures}]}]}
///
/// A TABLE is {"columns": [name, …], "rows": [[cell, …], …]}. The sections are, in this order, "outcome", "front",
/// "progress", "tradeoffs", "importance", "decisions", "marginals", "trials" and "health"; "learned" says what came
/// out, what to take, tune and leave, and what is not known. "reading" says how to read a figure. Names and messages
/// are text as the study has it: whoever renders them escapes them. A function of the journal and the options.
/// @throws Stopped where options.progress asks for it.
[[nodiscard]] nlohmann::ordered_json report_document(const StudyRecord& record, const ReportOptions& options = {});

}  // namespace hyperego
