#include <hyperego/benchmark/detail/svg_chart.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>
#include <utility>

namespace hyperego::detail {
namespace {

std::string decimal(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string pixel(double value) { return decimal("%.1f", value); }

struct AxisRange {
  double low = 0, high = 1;
};

/// 1, 2 or 5 times a power of ten, so that about `count` of them fill the range.
double tick_step(const AxisRange& range, int count) {
  const double raw = (range.high - range.low) / count;
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (raw <= factor * power) return factor * power;
  }
  return 10 * power;
}

struct Frame {
  double left, right, top, bottom;
  AxisRange x, y;

  [[nodiscard]] double px(double value) const { return left + (value - x.low) / (x.high - x.low) * (right - left); }
  [[nodiscard]] double py(double value) const { return bottom - (value - y.low) / (y.high - y.low) * (bottom - top); }
  [[nodiscard]] std::string point(double a, double b) const { return pixel(px(a)) + "," + pixel(py(b)); }
};

Frame frame_of(const Chart& chart, int width, int height) {
  constexpr double most = std::numeric_limits<double>::max();
  AxisRange x{most, -most};
  AxisRange y{most, -most};
  for (const ChartSeries& series : chart.series) {
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      x = {std::min(x.low, series.x[i]), std::max(x.high, series.x[i])};
      if (series.x[i] < chart.mark && i + 1 < series.x.size()) continue;
      const double half = series.spread.empty() ? 0 : series.spread[i];
      y = {std::min(y.low, series.y[i] - half), std::max(y.high, series.y[i] + half)};
    }
  }
  const double room = y.high > y.low ? 0.04 * (y.high - y.low) : std::max(0.05 * std::abs(y.high), 1e-3);
  y = {y.low - room, y.high + room};
  if (!(x.high > x.low)) x.high = x.low + 1;
  return {52, width - 10.0, 26, height - 34.0, x, y};
}

std::string axes(const Chart& chart, const Frame& frame) {
  std::string svg;
  const double y_step = tick_step(frame.y, 4);
  const int digits = std::clamp(static_cast<int>(-std::floor(std::log10(y_step))), 0, 8);
  for (double k = std::ceil(frame.y.low / y_step); k * y_step <= frame.y.high; ++k) {
    const std::string at = pixel(frame.py(k * y_step));
    svg += "<line class=\"grid\" x1=\"" + pixel(frame.left) + "\" x2=\"" + pixel(frame.right) + "\" y1=\"" + at +
           "\" y2=\"" + at + "\"/><text class=\"tick\" text-anchor=\"end\" x=\"" + pixel(frame.left - 5) + "\" y=\"" +
           pixel(frame.py(k * y_step) + 4) + "\">" +
           decimal(("%." + std::to_string(digits) + "f").c_str(), k * y_step + 0.0) + "</text>";
  }
  const double x_step = tick_step(frame.x, 5);
  for (double k = std::ceil(frame.x.low / x_step); k * x_step <= frame.x.high; ++k) {
    svg += "<text class=\"tick\" text-anchor=\"middle\" x=\"" + pixel(frame.px(k * x_step)) + "\" y=\"" +
           pixel(frame.bottom + 15) + "\">" + decimal("%g", k * x_step) + "</text>";
  }
  svg += "<line class=\"axis\" x1=\"" + pixel(frame.left) + "\" x2=\"" + pixel(frame.right) + "\" y1=\"" +
         pixel(frame.bottom) + "\" y2=\"" + pixel(frame.bottom) + "\"/>";
  if (chart.mark > frame.x.low) {
    const std::string at = pixel(frame.px(chart.mark));
    svg += "<line class=\"mark\" x1=\"" + at + "\" x2=\"" + at + "\" y1=\"" + pixel(frame.top) + "\" y2=\"" +
           pixel(frame.bottom) + "\"/>";
  }
  svg += "<text class=\"title\" x=\"" + pixel(frame.left) + "\" y=\"16\">" + escaped(chart.title) + "</text>";
  svg += "<text class=\"tick\" text-anchor=\"end\" x=\"" + pixel(frame.right) + "\" y=\"" + pixel(frame.bottom + 30) +
         "\">" + escaped(chart.x_label) + "</text><text class=\"tick\" x=\"" + pixel(frame.left) + "\" y=\"" +
         pixel(frame.bottom + 30) + "\">" + escaped(chart.y_label) + "</text>";
  return svg;
}

std::string series_svg(const ChartSeries& series, const Frame& frame) {
  const std::string colour = "s" + std::to_string(series.colour % 8);
  std::string svg;
  if (!series.spread.empty()) {
    svg += "<polygon class=\"band " + colour + "\" points=\"";
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      svg += frame.point(series.x[i], series.y[i] + series.spread[i]) + " ";
    }
    for (std::size_t i = series.x.size(); i-- > 0;) {
      svg += frame.point(series.x[i], series.y[i] - series.spread[i]) + " ";
    }
    svg += "\"/>";
  }
  svg += "<polyline class=\"line " + colour + (series.colour >= 8 ? " dashed" : "") + "\" points=\"";
  for (std::size_t i = 0; i < series.x.size(); ++i) svg += frame.point(series.x[i], series.y[i]) + " ";
  return svg + "\"><title>" + escaped(series.label) + "</title></polyline>";
}

}  // namespace

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string svg_chart(const Chart& chart, int width, int height) {
  const Frame frame = frame_of(chart, width, height);
  const std::string size = "viewBox=\"0 0 " + std::to_string(width) + " " + std::to_string(height) + "\"";
  std::string svg = "<svg " + size + " width=\"" + std::to_string(width) + "\" role=\"img\" aria-label=\"" +
                    escaped(chart.title) + "\">" + axes(chart, frame);
  // A nested viewport clips what lies outside, and needs no name that other charts on the page could have as well.
  svg += "<svg x=\"" + pixel(frame.left) + "\" y=\"" + pixel(frame.top) + "\" width=\"" +
         pixel(frame.right - frame.left) + "\" height=\"" + pixel(frame.bottom - frame.top) + "\" viewBox=\"" +
         pixel(frame.left) + " " + pixel(frame.top) + " " + pixel(frame.right - frame.left) + " " +
         pixel(frame.bottom - frame.top) + "\">";
  for (const ChartSeries& series : chart.series) svg += series_svg(series, frame);
  return svg + "</svg></svg>\n";
}

std::string svg_rank_diagram(const std::vector<std::string>& labels, const std::vector<double>& ranks,
                             double critical_difference, int width) {
  std::vector<std::size_t> order(labels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return ranks[a] < ranks[b]; });
  const double left = 30;
  const double right = width - 30.0;
  const auto k = static_cast<double>(labels.size());
  const auto px = [&](double rank) { return left + (rank - 1) / (k - 1) * (right - left); };
  std::string bars;
  double y = 52;
  std::size_t covered = 0;
  for (std::size_t a = 0; a < order.size(); ++a) {
    std::size_t b = a;
    while (b + 1 < order.size() && ranks[order[b + 1]] - ranks[order[a]] <= critical_difference) ++b;
    if (b == a || b < covered + (a > 0 ? 1 : 0)) continue;  // inside the bar before
    covered = b;
    bars += "<line class=\"bar\" x1=\"" + pixel(px(ranks[order[a]]) - 4) + "\" x2=\"" + pixel(px(ranks[order[b]]) + 4) +
            "\" y1=\"" + pixel(y) + "\" y2=\"" + pixel(y) + "\"/>";
    y += 9;
  }
  std::string svg;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double x = px(ranks[order[i]]);
    const double at = y + 16 + 18 * static_cast<double>(i);
    const bool to_left = x > 0.6 * width;
    svg += "<line class=\"axis\" x1=\"" + pixel(x) + "\" x2=\"" + pixel(x) + "\" y1=\"40\" y2=\"" + pixel(at - 4) +
           "\"/><text x=\"" + pixel(x + (to_left ? -5 : 5)) + "\" y=\"" + pixel(at) + "\"" +
           (to_left ? " text-anchor=\"end\"" : "") + ">" + escaped(labels[order[i]]) + " " +
           decimal("%.2f", ranks[order[i]]) + "</text>";
  }
  std::string axis =
      "<line class=\"axis\" x1=\"" + pixel(left) + "\" x2=\"" + pixel(right) + "\" y1=\"40\" y2=\"40\"/>";
  for (double rank = 1; rank <= k; ++rank) {
    axis += "<text class=\"tick\" text-anchor=\"middle\" x=\"" + pixel(px(rank)) + "\" y=\"34\">" +
            decimal("%g", rank) + "</text>";
  }
  const double length = px(1 + critical_difference) - left;
  axis += "<line class=\"bar\" x1=\"" + pixel(left) + "\" x2=\"" + pixel(std::min(left + length, right)) +
          "\" y1=\"18\" y2=\"18\"/><text class=\"tick\" x=\"" + pixel(left) + "\" y=\"11\">critical difference " +
          decimal("%.2f", critical_difference) + "</text>";
  const std::string height = pixel(y + 24 + 18 * k);
  return "<svg viewBox=\"0 0 " + std::to_string(width) + " " + height + "\" width=\"" + std::to_string(width) +
         "\" role=\"img\" aria-label=\"mean ranks\">" + axis + bars + svg + "</svg>\n";
}

}  // namespace hyperego::detail
