#include <hyperego/benchmark/detail/chart_page.hpp>
#include <hyperego/benchmark/detail/svg_chart.hpp>

#include <cstddef>

namespace hyperego::detail {
namespace {

constexpr auto page_style = R"(
:root{--ink:#1d2330;--soft:#5b6474;--rule:#d9dde4;--ground:#fff;color-scheme:light dark;
--c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#b4478b;--c4:#b07d00;--c5:#3a9bd0;--c6:#6a3d9a;--c7:#777}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ef;--soft:#9aa4b5;--rule:#353c49;--ground:#14181f;
--c0:#5ab0e8;--c1:#f28c4a;--c2:#3cc79c;--c3:#de86bd;--c4:#e0b040;--c5:#8fd0f5;--c6:#b08be0;--c7:#aaa}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--ground);max-width:1340px;margin:2em auto;padding:0 1em}
h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}
.charts{display:flex;flex-wrap:wrap;gap:12px}svg{max-width:100%;height:auto}
svg text{font:12px system-ui,sans-serif;fill:var(--ink)}svg .tick{fill:var(--soft);font-size:11px}svg .title{font-weight:600}
.grid{stroke:var(--rule);stroke-width:1}.axis{stroke:var(--soft);stroke-width:1}.mark{stroke:var(--soft);stroke-dasharray:2 3}
.bar{stroke:var(--ink);stroke-width:4;stroke-linecap:round}
.line{fill:none;stroke-width:2;stroke-linejoin:round}.dashed{stroke-dasharray:6 3}.band{stroke:none!important;opacity:.13}
.legend span{display:inline-block;margin-right:1.4em}.legend i{display:inline-block;width:1.6em;height:3px;margin-right:.4em;vertical-align:middle}
.scroll{overflow-x:auto}pre{font:12.5px/1.45 ui-monospace,monospace}.note{color:var(--soft)}
)";

std::string colour_rules() {
  std::string rules;
  for (int i = 0; i < 8; ++i) {
    const std::string n = std::to_string(i);
    rules += "polyline.s" + n + "{stroke:var(--c" + n + ")}polygon.s" + n + "{fill:var(--c" + n + ")}i.s" + n +
             "{background:var(--c" + n + ")}";
  }
  return rules + "\n";
}

}  // namespace

std::string chart_page(const std::string& title, const std::string& body) {
  const std::string text = escaped(title);
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + text +
         "</title>\n<meta name=\"viewport\" content=\"width=device-width\"><style>" + page_style + colour_rules() +
         "</style></head><body>\n<h1>" + text + "</h1>\n" + body + "</body></html>\n";
}

std::string legend(const std::vector<std::string>& labels) {
  std::string html = "<p class=\"legend\">";
  for (std::size_t o = 0; o < labels.size(); ++o) {
    html += "<span><i class=\"s" + std::to_string(o % 8) + "\"></i>" + escaped(labels[o]) +
            (o >= 8 ? " (dashed)" : "") + "</span>";
  }
  return html + "</p>\n";
}

std::string standalone_svg(const std::string& svg) {
  const std::string mark = "<svg ";
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" " + svg.substr(mark.size(), svg.find('>') + 1 - mark.size()) +
         "<style>" + page_style + colour_rules() + "</style>" + svg.substr(svg.find('>') + 1);
}

}  // namespace hyperego::detail
