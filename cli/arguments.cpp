#include "arguments.hpp"

#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>

namespace hyperego::cli {
namespace {

std::optional<std::uint64_t> whole_number(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

CLI::Option* add_whole_number(CLI::App& command, const std::string& name, std::optional<std::uint64_t>& target,
                              const std::string& description, std::uint64_t least, std::uint64_t most) {
  return command
      .add_option_function<std::string>(
          name, [&target](const std::string& text) { target = whole_number(text); }, description)
      ->check([least, most](const std::string& text) {
        const auto value = whole_number(text);
        if (value && *value >= least && *value <= most) return std::string{};
        return fmt::format("expected a whole number in [{}, {}], found \"{}\"", least, most, text);
      })
      ->type_name("NUMBER");
}

std::vector<std::string> comma_separated(const std::string& text, const std::string& where) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    parts.push_back(text.substr(start, end - start));
    if (parts.back().empty()) throw InvalidInput(where, "has an empty part; expected values separated by commas");
    start = end + 1;
  }
  return parts;
}

std::vector<double> comma_separated_numbers(const std::string& text, const std::string& where) {
  std::vector<double> numbers;
  for (const std::string& part : comma_separated(text, where)) {
    double value = 0;
    const char* begin = part.data() + (part.size() > 1 && part.front() == '+' ? 1 : 0);
    const auto [end, error] = std::from_chars(begin, part.data() + part.size(), value);
    if (error != std::errc{} || end != part.data() + part.size() || !std::isfinite(value)) {
      throw InvalidInput(where, "\"" + part + "\" is no finite number; expected numbers separated by commas");
    }
    numbers.push_back(value);
  }
  return numbers;
}

Eigen::MatrixXd read_points(const std::filesystem::path& file) {
  const nlohmann::ordered_json json = read_json_file(file);
  const auto rows = JsonReader(json, file.string()).elements();
  Eigen::MatrixXd points;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::vector<double> row = rows[i].numbers();
    if (i == 0) points.resize(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(row.size()));
    if (row.empty()) rows[i].fail("is empty; expected at least one number");
    if (static_cast<Eigen::Index>(row.size()) != points.cols()) {
      rows[i].fail("has " + std::to_string(row.size()) + " numbers where the first row has " +
                   std::to_string(points.cols()));
    }
    points.row(static_cast<Eigen::Index>(i)) = Eigen::Map<const Eigen::RowVectorXd>(row.data(), points.cols());
  }
  return points;
}

}  // namespace hyperego::cli
