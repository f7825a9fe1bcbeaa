#pragma once

#include <Eigen/Core>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace hyperego::cli {

/// Adds an option that takes a whole number in [least, most]; "1e3", "2.5" and "true" are none. The parser complains
/// with exit code 2.
CLI::Option* add_whole_number(CLI::App& command, const std::string& name, std::optional<std::uint64_t>& target,
                              const std::string& description, std::uint64_t least,
                              std::uint64_t most = 9007199254740992);

/// "a,b,c" → its parts. @throws InvalidInput naming `where` for an empty part.
[[nodiscard]] std::vector<std::string> comma_separated(const std::string& text, const std::string& where);
/// "1,2.5,-3" → numbers. @throws InvalidInput naming `where` for anything that is no finite number.
[[nodiscard]] std::vector<double> comma_separated_numbers(const std::string& text, const std::string& where);

/// A JSON array of arrays of finite numbers, all of one width: one row each. An empty array has no rows and no columns.
/// @throws InvalidInput naming file and element.
[[nodiscard]] Eigen::MatrixXd read_points(const std::filesystem::path& file);

}  // namespace hyperego::cli
