#include <hyperego/report/page/detail/packed_table.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t most_rows_unpacked = 200;

bool is_count(const ordered_json& values) {
  if (!values.front().is_number_integer()) return false;
  const auto first = values.front().get<std::int64_t>();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i].is_number_integer() || values[i].get<std::int64_t>() != first + static_cast<std::int64_t>(i)) {
      return false;
    }
  }
  return true;
}

ordered_json packed_column(ordered_json values) {
  if (is_count(values)) return {{"from", values.front()}};
  std::unordered_map<std::string, std::size_t> known;
  ordered_json distinct = ordered_json::array();
  ordered_json codes = ordered_json::array();
  for (const ordered_json& value : values) {
    const auto [entry, is_new] =
        known.emplace(value.dump(-1, ' ', false, ordered_json::error_handler_t::replace), distinct.size());
    if (is_new) distinct.push_back(value);
    codes.push_back(entry->second);
    if (3 * distinct.size() > values.size()) return values;
  }
  return {{"values", std::move(distinct)}, {"codes", std::move(codes)}};
}

}  // namespace

ordered_json packed_table(const ordered_json& table) {
  const ordered_json& rows = table.at("rows");
  if (rows.size() <= most_rows_unpacked) return table;
  ordered_json packed = ordered_json::array();
  for (std::size_t column = 0; column < table.at("columns").size(); ++column) {
    ordered_json values = ordered_json::array();
    for (const ordered_json& row : rows) values.push_back(row.at(column));
    packed.push_back(packed_column(std::move(values)));
  }
  return {{"columns", table.at("columns")}, {"count", rows.size()}, {"packed", std::move(packed)}};
}

}  // namespace hyperego::detail
