#include <hyperego/benchmark/curves_page.hpp>
#include <hyperego/benchmark/detail/svg_chart.hpp>

#include <cmath>
#include <string>

namespace hyperego {
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

std::string legend(const BenchmarkSummary& summary) {
  std::string html = "<p class=\"legend\">";
  for (std::size_t o = 0; o < summary.optimizers.size(); ++o) {
    html += "<span><i class=\"s" + std::to_string(o % 8) + "\"></i>" + detail::escaped(summary.optimizers[o]) +
            (o >= 8 ? " (dashed)" : "") + "</span>";
  }
  return html + "</p>\n";
}

std::string task_chart(const TaskSummary& task) {
  detail::Chart chart{.title = task.task, .x_label = "trials", .y_label = "hypervolume"};
  chart.mark = std::ceil(static_cast<double>(task.trials) / 10);
  for (std::size_t o = 0; o < task.methods.size(); ++o) {
    detail::ChartSeries series{.label = task.methods[o].optimizer, .colour = o};
    for (std::size_t t = 0; t < task.methods[o].curve.size(); ++t) {
      series.x.push_back(static_cast<double>(t + 1));
      series.y.push_back(task.methods[o].curve[t].mean);
      series.spread.push_back(task.methods[o].curve[t].deviation);
    }
    chart.series.push_back(std::move(series));
  }
  return detail::svg_chart(chart, 430, 270);
}

std::string share_chart(const BenchmarkSummary& summary) {
  detail::Chart chart{.title = "All tasks: mean share", .x_label = "% of the budget", .y_label = "share"};
  for (std::size_t o = 0; o < summary.optimizers.size(); ++o) {
    detail::ChartSeries series{.label = summary.optimizers[o], .colour = o, .y = summary.share_curves[o]};
    for (std::size_t step = 0; step < series.y.size(); ++step) {
      series.x.push_back(100 * static_cast<double>(step + 1) / static_cast<double>(series.y.size()));
    }
    chart.series.push_back(std::move(series));
  }
  return detail::svg_chart(chart, 640, 330);
}

std::string rank_diagrams(const BenchmarkSummary& summary) {
  std::string html;
  for (const RankSummary& ranks : summary.ranks) {
    const Eigen::VectorXd& means = ranks.friedman.mean_ranks;
    html += "<h2>Mean ranks by " + detail::escaped(ranks.criterion) + ", " + std::to_string(ranks.tasks) +
            " tasks</h2>\n<p class=\"note\">Bars join optimizers that Nemenyi's test at level 0.05 does not tell "
            "apart.</p>\n" +
            detail::svg_rank_diagram(summary.optimizers, {means.begin(), means.end()}, ranks.critical_difference, 640);
  }
  return html;
}

}  // namespace

std::string curves_page(const BenchmarkSummary& summary) {
  const std::string title = "Benchmark " + detail::escaped(summary.suite);
  std::string html = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + title +
                     "</title>\n<meta name=\"viewport\" content=\"width=device-width\"><style>" + page_style +
                     colour_rules() + "</style></head><body>\n<h1>" + title + "</h1>\n";
  html += "<p>" + std::to_string(summary.optimizers.size()) + " optimizers, " + std::to_string(summary.tasks.size()) +
          " tasks, " + std::to_string(summary.seeds.size()) +
          " seeds. Curves are means over seeds of the normalised hypervolume of everything evaluated so far; bands are "
          "one standard deviation. The dotted line is a tenth of the budget; the vertical range is that of what comes "
          "after it. A share is hypervolume over that of the best known front, or over the reference box where none is "
          "known.</p>\n";
  html += legend(summary) + share_chart(summary) + rank_diagrams(summary) + "<h2>Tasks</h2>\n" + legend(summary) +
          "<div class=\"charts\">\n";
  for (const TaskSummary& task : summary.tasks) html += task_chart(task);
  return html + "</div>\n<h2>Numbers</h2>\n<div class=\"scroll\"><pre>" + detail::escaped(to_text(summary)) +
         "</pre></div>\n</body></html>\n";
}

}  // namespace hyperego
