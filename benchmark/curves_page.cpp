#include <hyperego/benchmark/curves_page.hpp>
#include <hyperego/benchmark/detail/chart_page.hpp>
#include <hyperego/benchmark/detail/svg_chart.hpp>

#include <cmath>
#include <string>

namespace hyperego {
namespace {

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
  std::string html =
      "<p>" + std::to_string(summary.optimizers.size()) + " optimizers, " + std::to_string(summary.tasks.size()) +
      " tasks, " + std::to_string(summary.seeds.size()) +
      " seeds. Curves are means over seeds of the normalised hypervolume of everything evaluated so far; "
      "bands are one standard deviation. The dotted line is a tenth of the budget; the vertical range is "
      "that of what comes after it. A share is hypervolume over that of the best known front, or over the "
      "reference box where none is known.</p>\n";
  const std::string legend = detail::legend(summary.optimizers);
  html +=
      legend + share_chart(summary) + rank_diagrams(summary) + "<h2>Tasks</h2>\n" + legend + "<div class=\"charts\">\n";
  for (const TaskSummary& task : summary.tasks) html += task_chart(task);
  html +=
      "</div>\n<h2>Numbers</h2>\n<div class=\"scroll\"><pre>" + detail::escaped(to_text(summary)) + "</pre></div>\n";
  return detail::chart_page("Benchmark " + summary.suite, html);
}

}  // namespace hyperego
