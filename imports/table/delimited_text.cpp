#include <hyperego/core/error.hpp>
#include <hyperego/core/utf8.hpp>
#include <hyperego/imports/table/cell.hpp>
#include <hyperego/imports/table/delimited_text.hpp>

#include <algorithm>
#include <utility>

namespace hyperego {
namespace {

/// Takes a text character by character.
class RecordParser {
 public:
  RecordParser(const std::string& text, char delimiter, std::string where)
      : text_(text), delimiter_(delimiter), where_(std::move(where)) {}

  std::vector<DelimitedRecord> parse(std::size_t most) {
    for (i_ = text_.rfind("\xEF\xBB\xBF", 0) == 0 ? 3 : 0; i_ < text_.size() && records_.size() < most; ++i_) {
      if (in_quotes_) {
        take_quoted(text_[i_]);
      } else {
        take(text_[i_]);
      }
    }
    if (in_quotes_ && records_.size() < most) {
      throw InvalidInput(where_ + ":" + std::to_string(quoted_line_),
                         "a quotation begins here that is not finished; close it with \"");
    }
    end_record();
    return std::move(records_);
  }

 private:
  void take_quoted(char c) {
    if (c == '\n') ++line_;
    if (c != '"') {
      cell_ += c;
    } else if (i_ + 1 < text_.size() && text_[i_ + 1] == '"') {
      cell_ += text_[++i_];
    } else {
      in_quotes_ = false;
    }
  }

  void take(char c) {
    if (c == '\r' && i_ + 1 < text_.size() && text_[i_ + 1] == '\n') return;
    if (c == '\n' || c == '\r') {
      end_record();
      ++line_;
      return;
    }
    if (!started_) record_.line = line_;
    started_ = true;
    if (c == '"' && trimmed(cell_).empty() && !was_quoted_) {
      in_quotes_ = was_quoted_ = true;
      quoted_line_ = line_;
      cell_.clear();
    } else if (c == delimiter_) {
      end_cell();
    } else if (!was_quoted_) {
      cell_ += c;
    } else if (c != ' ' && c != '\t') {
      throw InvalidInput(where_ + ":" + std::to_string(line_),
                         "text follows the end of a quotation; double the quotation marks within it, or divide cells");
    }
  }

  void end_cell() {
    record_.cells.emplace_back(was_quoted_ ? cell_ : std::string(trimmed(cell_)));
    cell_.clear();
    was_quoted_ = false;
  }

  void end_record() {
    if (!started_) return;
    end_cell();
    // A line of blanks is as good as empty.
    if (record_.cells.size() > 1 || !record_.cells.front().empty()) records_.push_back(std::move(record_));
    record_ = {};
    started_ = false;
  }

  const std::string& text_;
  char delimiter_;
  std::string where_;
  std::vector<DelimitedRecord> records_;
  DelimitedRecord record_;
  std::string cell_;
  std::size_t i_ = 0;
  std::size_t line_ = 1;
  std::size_t quoted_line_ = 1;
  bool in_quotes_ = false;
  bool was_quoted_ = false;
  bool started_ = false;  // whether the current record has any character
};

constexpr std::size_t sampled_records = 20;

/// Cells a record, or 1 where records differ.
std::size_t width_with(const std::string& text, char delimiter, const std::string& where) {
  std::vector<DelimitedRecord> records;
  try {
    records = RecordParser(text, delimiter, where).parse(sampled_records);
  } catch (const InvalidInput&) {
    return 1;  // what is a quotation with another delimiter need not be one
  }
  if (records.empty()) return 1;
  const std::size_t width = records.front().cells.size();
  const bool is_even = std::all_of(records.begin(), records.end(),
                                   [&](const DelimitedRecord& record) { return record.cells.size() == width; });
  return is_even ? width : 1;
}

}  // namespace

std::vector<DelimitedRecord> parse_delimited(const std::string& text, char delimiter, const std::string& where) {
  return RecordParser(text, delimiter, where).parse(static_cast<std::size_t>(-1));
}

std::vector<std::vector<std::string>> parse_csv(const std::string& text, const std::string& where) {
  std::vector<std::vector<std::string>> rows;
  for (DelimitedRecord& record : parse_delimited(text, ',', where)) rows.push_back(std::move(record.cells));
  return rows;
}

char delimiter_of(const std::string& text, const std::string& where) {
  if (const std::size_t start = text.rfind("\xEF\xBB\xBF", 0) == 0 ? 3 : 0;
      text.compare(start, 4, "sep=") == 0 && text.size() > start + 4) {
    return text[start + 4];
  }
  char best = ',';
  std::size_t most = 1;
  for (const char delimiter : {',', ';', '\t'}) {
    const std::size_t width = width_with(text, delimiter, where);
    if (width > most) {
      most = width;
      best = delimiter;
    }
  }
  if (most > 1) return best;
  // Records of unequal length are complained about later; the header tells what divides it.
  const std::string header = text.substr(0, text.find('\n'));
  for (const char delimiter : {';', '\t'}) {
    if (std::count(header.begin(), header.end(), delimiter) > std::count(header.begin(), header.end(), best))
      best = delimiter;
  }
  return best;
}

void require_utf8(const std::string& text, const std::string& where) {
  std::size_t line = 1;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = text[i] == '\0' ? 0 : utf8_length(text, i);  // UTF-16 is full of zeros
    if (size == 0) {
      throw InvalidInput(where + ":" + std::to_string(line),
                         "is no UTF-8 text (" + valid_utf8(text.substr(i, 1)) +
                             "); save the file as UTF-8 (iconv -f LATIN1 -t UTF-8, or UTF-16 for Excel's "
                             "\"Unicode text\")");
    }
    if (text[i] == '\n') ++line;
    i += size;
  }
}

}  // namespace hyperego
