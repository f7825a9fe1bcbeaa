#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/imports/table/delimited_text.hpp>
#include <hyperego/report/document/document.hpp>
#include <hyperego/report/document/figure_data.hpp>
#include <hyperego/report/page/detail/html_text.hpp>
#include <hyperego/report/page/detail/packed_table.hpp>
#include <hyperego/report/page/detail/page_parts.hpp>
#include <hyperego/report/page/html.hpp>
#include <hyperego/study/study.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "temporary_directory.hpp"

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

const std::string hostile = "</script><img src=x onerror=\"alert('1')\">&amp;\n{a|b}\xE2\x80\xA8";

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

/// The page without what stands inside script elements.
std::string markup_of(std::string html) {
  for (std::size_t from = html.find("<script"); from != std::string::npos; from = html.find("<script", from + 1)) {
    const std::size_t inside = html.find('>', from) + 1;
    html.erase(inside, html.find("</script>", inside) - inside);
  }
  return html;
}

/// The JSON of the page's data block.
ordered_json data_of(const std::string& html) {
  const std::string begin = "<script type=\"application/json\" id=\"report-data\">";
  const std::size_t from = html.find(begin) + begin.size();
  return parse_json(html.substr(from, html.find("</script>", from) - from), "page");
}

/// A study told by hand, everything in it named like an attack.
void tell_hostile_study(const std::filesystem::path& directory) {
  ordered_json json{{"name", hostile}, {"evaluator", {{"external", true}}}, {"limits", {{"trials", 12}}}};
  json["space"]["hyperparameters"] = {{{"type", "uniform_float"}, {"name", hostile}, {"lower", 0}, {"upper", 1}},
                                      {{"type", "categorical"}, {"name", "<b>"}, {"choices", {hostile, "b\"'"}}}};
  json["objectives"] = {{{"name", "f" + hostile}}, {{"name", "<i>"}, {"direction", "maximize"}}};
  Study study(study_from_json(json, "test", directory), directory, OpenMode::start);
  for (int i = 0; i < 12; ++i) {
    const PendingTrial trial = study.ask(1).front();
    const double x = trial.configuration[0];
    Outcome outcome;
    outcome.objectives = Eigen::Vector2d(x, x * x + 0.1 * trial.configuration[1]);
    if (i == 7) outcome = {.status = TrialStatus::failed, .message = hostile};
    study.tell(trial.trial, outcome);
  }
}

}  // namespace

TEST_CASE("text is escaped for elements, attributes and scripts") {
  CHECK(detail::html_escaped("<a href='x' title=\"y\">&\x01\n") ==
        "&lt;a href=&#39;x&#39; title=&quot;y&quot;&gt;&amp;\xEF\xBF\xBD\n");
  const std::string json = ordered_json(hostile).dump();
  const std::string safe = detail::json_for_script(json);
  for (const char* part : {"<", ">", "&", "\xE2\x80\xA8"}) CHECK(safe.find(part) == std::string::npos);
  CHECK(ordered_json::parse(safe) == hostile);
}

TEST_CASE("Base64 of hexadecimal digits") {  // RFC 4648, section 10
  CHECK(detail::base64_of_hexadecimal("") == "");
  CHECK(detail::base64_of_hexadecimal("66") == "Zg==");
  CHECK(detail::base64_of_hexadecimal("666f") == "Zm8=");
  CHECK(detail::base64_of_hexadecimal("666f6f626172") == "Zm9vYmFy");
}

TEST_CASE("the parts of the page can stand inside their elements") {
  for (const detail::PagePart& part : {detail::page_script(), detail::echarts_script()}) {
    CHECK(part.text.size() > 1000);
    CHECK(part.text.find("</script") == std::string_view::npos);
    CHECK(part.text.find("<!--") == std::string_view::npos);
    CHECK(part.text.find('\r') == std::string_view::npos);
  }
  CHECK(detail::page_style().text.find("</style") == std::string_view::npos);
  CHECK(detail::echarts_script().text.size() == 1034102);
}

TEST_CASE("names and messages never become markup") {
  const test::TemporaryDirectory directory;
  tell_hostile_study(directory / "run");
  const ordered_json document = report_document(read_study_record(directory / "run"), {.tradeoffs = 3, .draws = 2});
  const std::string html = render_html(document);
  CHECK(count_of(html, "</script>") == 3);  // data, ECharts, ours
  for (const char* part : {"<img", "onerror=\"", "<b>", "<i>"}) CHECK(markup_of(html).find(part) == std::string::npos);
  const ordered_json data = data_of(html);
  CHECK(data.at("title") == hostile);
  CHECK(data.at("shared").at("trials") == document.at("shared").at("trials"));
  CHECK(data.at("shared").at("trials").at("rows").at(7).back() == hostile);
  SUBCASE("nor break the files of figures") {
    const std::size_t files = write_figure_data(document, directory / "data");
    CHECK(files > 20);
    const auto records = parse_csv(read_text_file(directory / "data" / "trials.csv"), "trials.csv");
    CHECK(records.size() == 13);
    CHECK(records.front().at(6) == hostile);
  }
}

TEST_CASE("the policy names the scripts by their hash and allows nothing else") {
  const ordered_json document{{"kind", "study"},
                              {"title", "t"},
                              {"refreshing", false},
                              {"time", ordered_json::object()},
                              {"shared", ordered_json::object()},
                              {"sections", ordered_json::array()}};
  const std::string html = render_html(document);
  const std::size_t from = html.find("content=\"default-src 'none'; ");
  REQUIRE(from != std::string::npos);
  const std::string policy = html.substr(from, html.find("\">", from) - from);
  CHECK(count_of(policy, "'sha256-") == 3);
  CHECK(policy.find("script-src 'sha256-") != std::string::npos);
  CHECK(policy.find("unsafe-eval") == std::string::npos);
  CHECK(count_of(policy, "unsafe-inline") == 1);  // style attributes only
  CHECK(policy.find("style-src-attr 'unsafe-inline'") != std::string::npos);
  CHECK(markup_of(html).find(" src=") == std::string::npos);
  CHECK(markup_of(html).find("<link") == std::string::npos);
}

namespace {

/// What the page's script makes of a packed table.
ordered_json unpacked(const ordered_json& table) {
  if (!table.contains("packed")) return table;
  ordered_json rows = ordered_json::array();
  for (std::size_t i = 0; i < table.at("count").get<std::size_t>(); ++i) {
    ordered_json row = ordered_json::array();
    for (const ordered_json& column : table.at("packed")) {
      if (column.is_array()) {
        row.push_back(column.at(i));
      } else if (column.contains("codes")) {
        row.push_back(column.at("values").at(column.at("codes").at(i).get<std::size_t>()));
      } else {
        row.push_back(column.at("from").get<std::size_t>() + i);
      }
    }
    rows.push_back(std::move(row));
  }
  return {{"columns", table.at("columns")}, {"rows", std::move(rows)}};
}

/// A table of trials, every tenth of them on the front.
ordered_json trials_of(std::size_t count) {
  ordered_json table{{"columns", {"trial", "standing", "x", "choice", "reason"}}, {"rows", ordered_json::array()}};
  for (std::size_t i = 0; i < count; ++i) {
    const bool on_front = i % 10 == 0;
    table["rows"].push_back({i, on_front ? "front" : "dominated", 1.0 / (3.0 + static_cast<double>(i)),
                             i % 3 == 0 ? ordered_json(nullptr) : ordered_json("b"), "drawn uniformly"});
  }
  return table;
}

}  // namespace

TEST_CASE("long tables are packed, and the page gets them back") {
  const ordered_json small = trials_of(200);
  CHECK(detail::packed_table(small) == small);
  const ordered_json large = trials_of(900);
  const ordered_json packed = detail::packed_table(large);
  CHECK(packed.contains("packed"));
  CHECK(unpacked(packed) == large);
  CHECK(packed.dump().size() < large.dump().size() / 2);
}

TEST_CASE("of many trials only those of the front keep every digit") {
  for (const std::size_t count : {std::size_t{1000}, std::size_t{1001}}) {
    CAPTURE(count);
    ordered_json document{{"kind", "study"},
                          {"title", "t"},
                          {"refreshing", false},
                          {"time", ordered_json::object()},
                          {"shared", {{"trials", trials_of(count)}}},
                          {"sections", ordered_json::array()}};
    const ordered_json data = data_of(render_html(document));
    const ordered_json rows = unpacked(data.at("shared").at("trials")).at("rows");
    CHECK(rows.at(10).at(2) == 1.0 / 13.0);
    CHECK(rows.at(9).at(2) == (count == 1000 ? 1.0 / 12.0 : 0.0833333));
    CHECK(data.at("digits") == (count == 1000 ? ordered_json(nullptr) : ordered_json(6)));
  }
}

TEST_CASE("tables as CSV") {
  const ordered_json table{{"columns", {"a", "b,c"}},
                           {"rows", {{1, nullptr}, {0.1, "x\"y"}, {ordered_json{"p", "q"}, true}}}};
  CHECK(table_csv(table) == "a,\"b,c\"\r\n1,\r\n0.1,\"x\"\"y\"\r\np; q,true\r\n");
}
