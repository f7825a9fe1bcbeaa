#include <hyperego/core/number_text.hpp>
#include <hyperego/core/utf8.hpp>
#include <hyperego/report/page/detail/html_text.hpp>
#include <hyperego/report/page/detail/packed_table.hpp>
#include <hyperego/report/page/detail/page_parts.hpp>
#include <hyperego/report/page/html.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace hyperego {
namespace {

using detail::html_escaped;
using nlohmann::ordered_json;

// Tables of figures up to this size are in the page as tables as well, for readers without scripts.
constexpr std::size_t most_rows_of_figure_table = 40;

/// Significant digits in the page: of the numbers of figures, and of trials that are not on the front where there are
/// many.
constexpr int digits_of_figures = 7, digits_of_many_trials = 6;
constexpr std::size_t many_trials = 1000;

void round_numbers(ordered_json& json, int digits) {
  if (json.is_number_float()) {
    json = rounded(json.get<double>(), digits);
  } else if (json.is_structured()) {
    for (ordered_json& element : json) round_numbers(element, digits);
  }
}

bool has_rounded_trials(const ordered_json& trials) { return trials.at("rows").size() > many_trials; }

ordered_json trials_of_page(ordered_json trials) {
  if (has_rounded_trials(trials)) {
    const ordered_json& columns = trials.at("columns");
    const auto standing =
        static_cast<std::size_t>(std::find(columns.begin(), columns.end(), "standing") - columns.begin());
    for (ordered_json& row : trials["rows"]) {
      if (row.at(standing) != "front") round_numbers(row, digits_of_many_trials);
    }
  }
  return detail::packed_table(trials);
}

ordered_json figure_data_of_page(ordered_json data) {
  if (!data.is_object()) return data;
  round_numbers(data, digits_of_figures);
  return detail::packed_table(data);
}

std::string dumped(const ordered_json& json) { return dump_utf8(json); }

std::string text_in_cell(const ordered_json& cell) {
  if (cell.is_null()) return "";
  if (cell.is_string()) return cell.get<std::string>();
  if (cell.is_number_float()) return number_text(cell.get<double>());
  if (cell.is_array()) {
    std::string text;
    for (const ordered_json& element : cell) text += (text.empty() ? "" : ", ") + text_in_cell(element);
    return text;
  }
  return dumped(cell);
}

std::string cell_to_html(const ordered_json& cell) {
  const std::string text = html_escaped(text_in_cell(cell));
  if (!cell.is_number()) return "<td>" + text + "</td>";
  ordered_json value = cell;  // to sort by
  round_numbers(value, digits_of_figures);
  return "<td class=\"number\" data-value=\"" + dumped(value) + "\">" + text + "</td>";
}

bool is_numeric(const ordered_json& table, std::size_t column) {
  for (const ordered_json& row : table.at("rows")) {
    if (!row.at(column).is_null()) return row.at(column).is_number();
  }
  return false;
}

std::string table_to_html(const ordered_json& table, const std::string& attributes) {
  std::string html = "<div class=\"wide\" role=\"region\" aria-label=\"A table that scrolls\" tabindex=\"0\"><table" +
                     attributes + "><thead><tr>";
  const ordered_json& columns = table.at("columns");
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const char* const attributes_of_head = is_numeric(table, i) ? " class=\"number\"" : "";
    html += "<th scope=\"col\"" + std::string(attributes_of_head) + ">" + html_escaped(columns[i].get<std::string>()) +
            "</th>";
  }
  html += "</tr></thead><tbody>\n";
  for (const ordered_json& row : table.at("rows")) {
    html += "<tr>";
    for (const ordered_json& cell : row) html += cell_to_html(cell);
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

/// A question mark that opens the explanation of how to read the figure.
std::string reading_to_html(const ordered_json& figure) {
  return "<details class=\"reading\"><summary aria-label=\"How to read this figure\">?</summary><p>" +
         html_escaped(figure.at("reading").get<std::string>()) + "</p></details>";
}

std::string figure_to_html(const ordered_json& figure) {
  const std::string id = html_escaped(figure.at("id").get<std::string>());
  const std::string title = html_escaped(figure.at("title").get<std::string>());
  const std::string caption = html_escaped(figure.at("caption").get<std::string>());
  std::string html = "<figure id=\"figure-" + id + "\" data-figure=\"" + id + "\">\n<figcaption><h3>" + title +
                     "</h3>" + reading_to_html(figure) + "<p>" + caption +
                     "</p></figcaption>\n<div class=\"tools\"></div>\n<div class=\"chart kind-" +
                     html_escaped(figure.at("chart").at("kind").get<std::string>()) +
                     "\" role=\"img\" tabindex=\"0\" aria-label=\"" + title + ". " + caption + "\"></div>\n";
  const ordered_json& data = figure.at("data");
  if (data.is_object() && data.at("rows").size() <= most_rows_of_figure_table) {
    html += "<details><summary>The numbers</summary>" + table_to_html(data, "") + "</details>\n";
  }
  return html + "</figure>\n";
}

/// The first screen: a title and its sentences beside it.
std::string learned_to_html(const ordered_json& document) {
  const auto learned = document.find("learned");
  if (learned == document.end() || learned->empty()) return {};
  std::string html = "<dl class=\"learned\">\n";
  for (const ordered_json& group : *learned) {
    html += "<dt>" + html_escaped(group.at("title").get<std::string>()) + "</dt>\n";
    for (const ordered_json& sentence : group.at("text")) {
      html += "<dd>" + html_escaped(sentence.get<std::string>()) + "</dd>\n";
    }
  }
  return html + "</dl>\n";
}

/// A table, or the place where the page's script makes one of shared data.
std::string section_table_to_html(const ordered_json& table) {
  const std::string name = html_escaped(table.at("id").get<std::string>());
  const std::string title = "<h3>" + html_escaped(table.at("title").get<std::string>()) + "</h3>\n";
  if (const auto shared = table.find("shared"); shared != table.end()) {
    return "<div class=\"table made\" id=\"table-" + name + "\" data-shared=\"" +
           html_escaped(shared->get<std::string>()) + "\">" + title +
           "<noscript><p>This table is made by scripts, which are switched off; <code>hyperego report --data</code> "
           "writes it as a file.</p></noscript></div>\n";
  }
  const bool of_trials = table.value("trials", false);
  return "<div class=\"table\">" + title +
         table_to_html(table, " id=\"table-" + name + "\"" + (of_trials ? " data-trials=\"yes\"" : "")) + "</div>\n";
}

/// Those that lead, above the figures, or the others.
std::string tables_to_html(const ordered_json& section, bool leading) {
  std::string html;
  for (const ordered_json& table : section.at("tables")) {
    if (table.value("leads", false) == leading) html += section_table_to_html(table);
  }
  return html.empty() ? html : "<div class=\"tables\">\n" + html + "</div>\n";
}

std::string section_to_html(const ordered_json& section) {
  const std::string id = html_escaped(section.at("id").get<std::string>());
  std::string html = "<section id=\"" + id + "\" aria-labelledby=\"title-" + id + "\">\n<h2 id=\"title-" + id + "\">" +
                     html_escaped(section.at("title").get<std::string>()) + "</h2>\n";
  for (const ordered_json& sentence : section.at("text")) {
    html += "<p>" + html_escaped(sentence.get<std::string>()) + "</p>\n";
  }
  html += tables_to_html(section, true);
  html += "<div class=\"figures\">\n";
  for (const ordered_json& figure : section.at("figures")) html += figure_to_html(figure);
  return html + "</div>\n" + tables_to_html(section, false) + "</section>\n";
}

/// What the page's script needs: figures, shared tables and the title.
ordered_json page_data(const ordered_json& document) {
  ordered_json data{
      {"kind", document.at("kind")}, {"title", document.at("title")},    {"refreshing", document.at("refreshing")},
      {"time", document.at("time")}, {"shared", ordered_json::object()}, {"figures", ordered_json::object()}};
  if (const auto trials = document.at("shared").find("trials"); trials != document.at("shared").end()) {
    data["digits"] = has_rounded_trials(*trials) ? ordered_json(digits_of_many_trials) : ordered_json(nullptr);
    data["shared"]["trials"] = trials_of_page(*trials);
  }
  for (const ordered_json& section : document.at("sections")) {
    for (const ordered_json& figure : section.at("figures")) {
      data["figures"][figure.at("id").get<std::string>()] = {{"title", figure.at("title")},
                                                             {"chart", figure.at("chart")},
                                                             {"data", figure_data_of_page(figure.at("data"))}};
    }
  }
  return data;
}

std::string source_of(const detail::PagePart& part) {
  return "'sha256-" + detail::base64_of_hexadecimal(part.sha256) + "'";
}

/// Nothing may be loaded, run or styled but what is named here. ECharts sets style attributes of SVG text, which can
/// not run anything; style elements are held to ours.
std::string content_security_policy() {
  return "default-src 'none'; script-src " + source_of(detail::page_script()) + " " +
         source_of(detail::echarts_script()) + "; style-src-elem " + source_of(detail::page_style()) +
         "; style-src-attr 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
}

constexpr auto generator_mark = "<meta name=\"generator\" content=\"hyperego\">";

}  // namespace

OutputKind report_page_kind() {
  return {"a report of hyperego", [](const std::filesystem::path& file) {
            return beginning_of(file).find(generator_mark) != std::string::npos;
          }};
}

std::string render_html(const ordered_json& document) {
  const std::string title = html_escaped(document.at("title").get<std::string>());
  std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  html += "<meta http-equiv=\"Content-Security-Policy\" content=\"" + content_security_policy() + "\">\n";
  html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  html += "<meta name=\"referrer\" content=\"no-referrer\">\n" + std::string(generator_mark) + "\n";
  html += "<title>" + title + " – hyperego</title>\n<style>";
  html += detail::page_style().text;
  html += "</style>\n</head>\n<body>\n<header>\n<div class=\"bar\"><h1>" + title +
          "</h1><div class=\"controls\" id=\"controls\"></div></div>\n<nav aria-label=\"Sections\"><ul>";
  for (const ordered_json& section : document.at("sections")) {
    html += "<li><a href=\"#" + html_escaped(section.at("id").get<std::string>()) + "\">" +
            html_escaped(section.at("title").get<std::string>()) + "</a></li>";
  }
  html +=
      "</ul></nav>\n</header>\n<noscript><p class=\"note\">Scripts are switched off: figures and the table of all "
      "trials are made by them. All sentences and all other tables are here.</p></noscript>\n<main>\n";
  html += learned_to_html(document);
  for (const ordered_json& section : document.at("sections")) html += section_to_html(section);
  html += "</main>\n<aside id=\"selection\" aria-live=\"polite\" aria-label=\"The chosen trial\" hidden></aside>\n";
  html +=
      "<footer><p>Made by hyperego. Figures by Apache ECharts, Apache License 2.0. This file is complete: it loads "
      "nothing.</p></footer>\n<script type=\"application/json\" id=\"report-data\">";
  html += detail::json_for_script(dumped(page_data(document)));
  html += "</script>\n<script>";
  html += detail::echarts_script().text;
  html += "</script>\n<script>";
  html += detail::page_script().text;
  html += "</script>\n</body>\n</html>\n";
  return html;
}

}  // namespace hyperego
