// Tables with a header: CSV (RFC 4180), semicolons with decimal commas as spreadsheets write them, tabs.
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/imports/formats/detail/trial_format.hpp>
#include <hyperego/imports/table/delimited_text.hpp>

#include <algorithm>
#include <set>

namespace hyperego {
namespace {

bool recognizes_delimited(const TrialSource& source) { return !source.is_folder; }

/// "0,25" where cells are divided by something else.
std::string with_decimal_point(std::string cell, char delimiter) {
  if (delimiter == ',' || std::count(cell.begin(), cell.end(), ',') != 1) return cell;
  std::string number = cell;
  number[number.find(',')] = '.';
  return number_of(std::string_view(number)) ? number : cell;
}

std::vector<SourceColumn> columns_of(const DelimitedRecord& header, const std::string& place) {
  std::vector<SourceColumn> columns;
  std::set<std::string> seen;
  if (header.cells.size() == 1) {
    throw InvalidInput(place, "has one column only, \"" + header.cells.front() +
                                  "\"; expected columns divided by commas, semicolons or tabs");
  }
  for (const std::string& name : header.cells) {
    if (!name.empty() && !seen.insert(name).second) {
      throw InvalidInput(place, "column \"" + name + "\" is there twice; rename one of them");
    }
    columns.push_back({.name = name, .label = name});
  }
  const bool is_numeric = std::all_of(header.cells.begin(), header.cells.end(), [](const std::string& name) {
    return number_of(std::string_view(name)).has_value();
  });
  if (is_numeric)
    throw InvalidInput(place, "expected a header with the names of the columns, found numbers; put one above them");
  const std::vector<std::string> of_benchmark{"task", "optimizer", "seed", "trial", "hypervolume"};
  if (header.cells.size() > of_benchmark.size() &&
      std::equal(of_benchmark.begin(), of_benchmark.end(), header.cells.begin())) {
    throw InvalidInput(place,
                       "is the table of a benchmark, which has no hyperparameters; give one of its runs, as "
                       "runs/TASK/OPTIMIZER/SEED.json");
  }
  return columns;
}

SourceTrials read_delimited(const TrialSource& source, const std::string& /*study*/) {
  const std::string where = source.path.string();
  const std::string text = read_text_file(source.path);
  require_utf8(text, where);
  const char delimiter = delimiter_of(text, where);
  std::vector<DelimitedRecord> records = parse_delimited(text, delimiter, where);
  if (!records.empty() && records.front().cells.front().rfind("sep=", 0) == 0) records.erase(records.begin());
  if (records.empty())
    throw InvalidInput(where, "is empty; expected a header with the names of hyperparameters and objectives");
  SourceTrials trials{.kind = "a table", .where = where, .name = {}, .columns = {}, .rows = {}};
  trials.columns = columns_of(records.front(), where + ":" + std::to_string(records.front().line));
  for (std::size_t i = 1; i < records.size(); ++i) {
    DelimitedRecord& record = records[i];
    SourceRow row{.place = ":" + std::to_string(record.line), .cells = {}};
    if (record.cells.size() != trials.columns.size()) {
      throw InvalidInput(where + row.place, "has " + std::to_string(record.cells.size()) +
                                                " cells where the header has " + std::to_string(trials.columns.size()));
    }
    for (std::string& cell : record.cells) row.cells.emplace_back(with_decimal_point(std::move(cell), delimiter));
    trials.rows.push_back(std::move(row));
  }
  return trials;
}

}  // namespace

const TrialFormat delimited_format{"a table", recognizes_delimited, read_delimited};

}  // namespace hyperego
