#pragma once

#include <hyperego/core/coalition.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

namespace hyperego {

/// A game written out: v(S) for all 2^n coalitions.
struct ValueTable {
  int players = 0;
  std::vector<double> values;  ///< 2^players values, v(S) at bitmask S

  [[nodiscard]] double operator()(Coalition coalition) const { return values[coalition]; }
};

/// The values of a batch of coalitions, in their order; all finite. Called from one thread at a time.
using CoalitionFunction = std::function<std::vector<double>(std::span<const Coalition>)>;

/// More players than this do not get a complete table: 2^30 values are 8 GiB.
inline constexpr int max_table_players = 30;

/// Asks for all 2^players coalitions, ascending, in batches of at most 4096.
/// @throws InvalidInput beyond max_table_players (naming the memory and the estimators that do without), where the
/// function
///         returns another number of values than it was asked for, or a value that is not finite.
[[nodiscard]] ValueTable tabulate(int players, const CoalitionFunction& game);

/// Reads {"n": 3, "values": [v(0b000), …, v(0b111)]}; other members are skipped. Streaming: memory for the values only,
/// O(2^n) time. `source` names the input in messages.
/// @throws InvalidInput naming the source, the JSON pointer and what was expected.
[[nodiscard]] ValueTable read_value_table(std::istream& input, const std::string& source);
/// @throws InvalidInput also when the file cannot be read.
[[nodiscard]] ValueTable read_value_table(const std::filesystem::path& file);

/// Writes what read_value_table() reads, values in their shortest form that reads back to the same bits.
void write_value_table(std::ostream& output, const ValueTable& table);
/// @throws InvalidInput when the file cannot be written.
void write_value_table(const std::filesystem::path& file, const ValueTable& table);

}  // namespace hyperego
