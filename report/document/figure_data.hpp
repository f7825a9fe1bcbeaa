#pragma once

#include <hyperego/study/output_file.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <filesystem>
#include <string>

namespace hyperego {

/// A table of a document as CSV (RFC 4180): header, one line a row, numbers to so many significant digits (17: in
/// full), nothing for null; a list in a cell is joined by "; ".
[[nodiscard]] std::string table_csv(const nlohmann::ordered_json& table, int digits = 17);

/// Writes the data of every figure and table of a document into a folder (made where it is missing):
/// SECTION-ID.csv (six significant digits) and SECTION-ID.json (all of them, with title, caption and chart); shared
/// tables as NAME.csv, numbers in full; and document.json, all of it. What this function wrote there before is
/// replaced, whatever the study was.
/// @returns how many files were written. @throws InvalidInput, before anything is written, naming a file that
/// check_output() finds in the way; StoreError naming one that cannot be written.
std::size_t write_figure_data(const nlohmann::ordered_json& document, const std::filesystem::path& folder,
                              Overwrite overwrite = Overwrite::own_kind);

}  // namespace hyperego
