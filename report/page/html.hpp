#pragma once

#include <hyperego/study/output_file.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace hyperego {

/// A document (report/document/document.hpp, report/document/comparison.hpp) as one self-contained HTML file: style,
/// scripts and data inside, nothing loaded from anywhere. Whatever the document holds is text, never markup: it is
/// escaped in the body, embedded as JSON without the characters that end a script, and the Content-Security-Policy lets
/// nothing run but the two scripts whose SHA-256 it names. Numbers of figures are rounded to seven digits, those of
/// trials are exact.
[[nodiscard]] std::string render_html(const nlohmann::ordered_json& document);

/// Pages that render_html() has made, of any study or benchmark.
[[nodiscard]] OutputKind report_page_kind();

}  // namespace hyperego
