#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hyperego::detail {

/// One line of a chart, with a band around it where `spread` is not empty.
struct ChartSeries {
  std::string label = {};
  std::size_t colour = 0;  ///< class "s0" … "s7" of the page's style
  std::vector<double> x = {}, y = {};
  std::vector<double> spread = {};  ///< half the height of the band
};

struct Chart {
  std::string title = {};
  std::string x_label = {}, y_label = {};
  double mark = 0;  ///< a vertical line at this x; 0 for none
  std::vector<ChartSeries> series = {};
};

/// Text with &, <, > and quotes made harmless.
[[nodiscard]] std::string escaped(const std::string& text);

/// A line chart as an <svg> element. The range of y is that of the part right of the mark, so that what matters is not
/// flattened by the first trials; the rest is clipped.
[[nodiscard]] std::string svg_chart(const Chart& chart, int width, int height);

/// Mean ranks on a line, best left, bars over those that are no further apart than the critical difference (Demšar
/// 2006, fig. 1).
[[nodiscard]] std::string svg_rank_diagram(const std::vector<std::string>& labels, const std::vector<double>& ranks,
                                           double critical_difference, int width);

}  // namespace hyperego::detail
