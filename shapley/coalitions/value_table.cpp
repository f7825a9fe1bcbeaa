#include <hyperego/core/error.hpp>
#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/coalitions/value_table.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <limits>
#include <optional>

namespace hyperego {
namespace {

std::string memory_of(int players) {
  return std::to_string(std::uint64_t{1} << static_cast<unsigned>(std::max(0, players - 27))) + " GiB";
}

std::string too_many_players(std::uint64_t players) {
  const std::string memory =
      players <= 63 ? memory_of(static_cast<int>(players)) + " of memory" : "more memory than there is";
  return std::to_string(players) + " players need 2^" + std::to_string(players) + " values, " + memory +
         "; use an estimator with a budget of coalitions instead (at most " + std::to_string(max_table_players) +
         " players here)";
}

// The events of the JSON parser. Only /n and the entries of /values mean anything; whatever else there is passes by.
class TableReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit TableReader(std::string source) : source_(std::move(source)) {}

  ValueTable result() {
    if (!seen_object_) fail("", R"(expected an object {"n": …, "values": […]})");
    if (!players_) fail("/n", "is missing; expected the number of players");
    if (!seen_values_) fail("/values", "is missing; expected 2^n numbers");
    const std::size_t expected = std::size_t{1} << static_cast<unsigned>(*players_);
    if (values_.size() != expected) {
      fail("/values", "has " + std::to_string(values_.size()) + " numbers, but " + std::to_string(*players_) +
                          " players have 2^" + std::to_string(*players_) + " = " + std::to_string(expected) +
                          " coalitions");
    }
    return {*players_, std::move(values_)};
  }

  bool null() override { return other("null"); }
  bool boolean(bool) override { return other("a boolean"); }
  bool string(string_t&) override { return other("a string"); }
  bool binary(binary_t&) override { return other("binary data"); }
  bool number_integer(number_integer_t value) override {
    if (at_players()) fail("/n", "is " + std::to_string(value) + "; expected at least one player");
    return number(static_cast<double>(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    if (at_players()) return players(value);
    return number(static_cast<double>(value));
  }
  bool number_float(number_float_t value, const string_t& text) override {
    if (at_players()) fail("/n", "is " + text + "; expected a whole number of players");
    return number(value);
  }

  bool start_object(std::size_t) override {
    if (depth_ == 0) seen_object_ = true;
    return enter("an object");
  }
  bool start_array(std::size_t) override {
    if (depth_ == 0) fail("", R"(is an array; expected an object {"n": …, "values": […]})");
    if (depth_ == 1 && key_ == "values") {
      if (seen_values_) fail("/values", "appears twice");
      seen_values_ = true;
      ++depth_;
      return true;
    }
    return enter("an array");
  }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }
  bool key(string_t& name) override {
    if (depth_ == 1) key_ = name;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& error) override {
    if (error.id == 406) fail(pointer(), "holds a number beyond the range of a double");
    fail("", "is not JSON at byte " + std::to_string(position) +
                 " (numbers must be finite: NaN and Infinity are not JSON): " + error.what());
  }

 private:
  std::string source_;
  std::string key_;
  int depth_ = 0;
  bool seen_object_ = false;
  bool seen_values_ = false;
  std::optional<int> players_;
  std::vector<double> values_;

  [[noreturn]] void fail(const std::string& where, const std::string& message) const {
    throw InvalidInput(where.empty() ? source_ : source_ + " " + where, message);
  }
  [[nodiscard]] bool at_players() const { return depth_ == 1 && key_ == "n"; }
  [[nodiscard]] bool at_values() const { return depth_ == 2 && key_ == "values"; }
  [[nodiscard]] std::string pointer() const {
    return at_values() ? "/values/" + std::to_string(values_.size()) : (depth_ == 1 ? "/" + key_ : std::string{});
  }

  bool players(std::uint64_t value) {
    if (players_) fail("/n", "appears twice");
    if (value < 1) fail("/n", "is 0; expected at least one player");
    if (value > static_cast<std::uint64_t>(max_table_players)) fail("/n", too_many_players(value));
    players_ = static_cast<int>(value);
    values_.reserve(std::size_t{1} << value);
    return true;
  }
  bool number(double value) {
    if (at_values())
      values_.push_back(value);
    else if (depth_ == 0 || (depth_ == 1 && key_ == "values"))
      return other("a number");
    return true;
  }
  bool other(const char* what) {
    if (depth_ == 0) fail("", std::string("is ") + what + R"(; expected an object {"n": …, "values": […]})");
    if (at_players()) fail("/n", std::string("is ") + what + "; expected a whole number of players");
    if (at_values()) fail(pointer(), std::string("is ") + what + "; expected a number");
    if (depth_ == 1 && key_ == "values")
      fail("/values", std::string("is ") + what + "; expected an array of 2^n numbers");
    return true;
  }
  bool enter(const char* what) {
    if (depth_ > 0) other(what);
    ++depth_;
    return true;
  }
  bool leave() {
    --depth_;
    return true;
  }
};

}  // namespace

ValueTable tabulate(int players, const CoalitionFunction& game) {
  if (players < 1) throw InvalidInput("players", "is " + std::to_string(players) + "; a game has at least one player");
  if (players > max_table_players) throw InvalidInput("players", too_many_players(static_cast<std::uint64_t>(players)));
  constexpr std::size_t batch = 4096;
  ValueTable table{players, {}};
  const std::size_t count = std::size_t{1} << static_cast<unsigned>(players);
  table.values.reserve(count);
  std::vector<Coalition> coalitions;
  for (std::size_t first = 0; first < count; first += batch) {
    coalitions.clear();
    for (std::size_t s = first; s < std::min(first + batch, count); ++s) coalitions.push_back(s);
    const std::vector<double> values = game(coalitions);
    if (values.size() != coalitions.size()) {
      throw InvalidInput("game", "returned " + std::to_string(values.size()) + " values for " +
                                     std::to_string(coalitions.size()) + " coalitions; return one for each");
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (std::isfinite(values[i])) continue;
      throw InvalidInput("game", "v({" + coalition_key(coalitions[i]) + "}) is " + std::to_string(values[i]) +
                                     "; every coalition needs a finite value");
    }
    table.values.insert(table.values.end(), values.begin(), values.end());
  }
  return table;
}

ValueTable read_value_table(std::istream& input, const std::string& source) {
  TableReader reader(source);
  nlohmann::json::sax_parse(input, &reader);
  return reader.result();
}

ValueTable read_value_table(const std::filesystem::path& file) {
  std::ifstream input(file, std::ios::binary);
  if (!input || std::filesystem::is_directory(file)) throw InvalidInput(file.string(), "cannot be read");
  return read_value_table(input, file.string());
}

void write_value_table(std::ostream& output, const ValueTable& table) {
  output << "{\"n\":" << table.players << ",\"values\":[";
  char text[32];
  for (std::size_t i = 0; i < table.values.size(); ++i) {
    const auto [end, error] = std::to_chars(text, text + sizeof text, table.values[i]);
    static_cast<void>(error);  // 32 characters hold every double
    if (i != 0) output.put(',');
    output.write(text, end - text);
  }
  output << "]}\n";
}

void write_value_table(const std::filesystem::path& file, const ValueTable& table) {
  std::ofstream output(file, std::ios::binary);
  if (output) write_value_table(output, table);
  output.close();
  if (!output) throw InvalidInput(file.string(), "cannot be written");
}

}  // namespace hyperego
