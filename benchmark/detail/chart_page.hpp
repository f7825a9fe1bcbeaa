#pragma once

#include <string>
#include <vector>

namespace hyperego::detail {

/// An HTML page in the style of the charts, without scripts or anything from elsewhere. `title` is plain text, `body`
/// HTML.
[[nodiscard]] std::string chart_page(const std::string& title, const std::string& body);

/// Labels with the colours of their lines.
[[nodiscard]] std::string legend(const std::vector<std::string>& labels);

/// The <svg> element of a chart as a file of its own, with the style that the page gives it.
[[nodiscard]] std::string standalone_svg(const std::string& svg);

}  // namespace hyperego::detail
