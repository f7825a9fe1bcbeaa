#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <set>
#include <sstream>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

constexpr int max_depth = 100;

/// Builds an ordered_json from parser events, because the library's own builder accepts repeated member names and any
/// depth.
class StrictBuilder final : public nlohmann::json_sax<ordered_json> {
 public:
  StrictBuilder(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  ordered_json take() { return std::move(root_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t& /*literal*/) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t& /*value*/) override { return false; }

  bool start_object(std::size_t /*size*/) override {
    open(ordered_json::object());
    names_.emplace_back();
    return true;
  }
  bool key(string_t& name) override {
    if (!names_.back().insert(name).second) {
      throw InvalidInput(where_, "member \"" + name + "\" is given twice; remove one of them");
    }
    key_ = std::move(name);
    return true;
  }
  bool end_object() override {
    names_.pop_back();
    open_.pop_back();
    return true;
  }
  bool start_array(std::size_t /*size*/) override {
    open(ordered_json::array());
    return true;
  }
  bool end_array() override {
    open_.pop_back();
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::json::exception& error) override {
    const std::string_view before = text_.substr(0, std::min(position == 0 ? 0 : position - 1, text_.size()));
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 == 0
    std::string message = error.what();
    // The library repeats its own error code and position in front of the part that helps.
    if (const auto cut = message.find("syntax error"); cut != std::string::npos) message.erase(0, cut);
    constexpr std::string_view overflow = "number overflow parsing ";
    if (const auto cut = message.find(overflow); cut != std::string::npos) {
      message = "the number " + message.substr(cut + overflow.size()) + " is too large; give one below 1.8e308";
    }
    throw InvalidInput(where_, "malformed JSON at line " + std::to_string(line) + ", column " +
                                   std::to_string(before.size() - line_start + 1) + ": " + message);
  }

 private:
  template <typename T>
  bool add(T&& value) {
    place(ordered_json(std::forward<T>(value)));
    return true;
  }

  ordered_json* place(ordered_json value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    ordered_json& parent = *open_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    // The name is known to be new, so the linear search of ordered_json's operator[] is skipped.
    auto& members = parent.get_ref<ordered_json::object_t&>();
    members.push_back({std::move(key_), std::move(value)});
    return &members.back().second;
  }

  void open(ordered_json container) {
    if (open_.size() >= max_depth) {
      throw InvalidInput(where_, "nested deeper than " + std::to_string(max_depth) + " levels");
    }
    open_.push_back(place(std::move(container)));
  }

  std::string_view text_;
  const std::string& where_;
  ordered_json root_;
  std::vector<ordered_json*> open_;
  std::vector<std::set<std::string>> names_;
  std::string key_;
};

std::string quoted_list(std::initializer_list<std::string_view> words) {
  std::string list;
  for (const std::string_view word : words) list += (list.empty() ? "\"" : ", \"") + std::string(word) + "\"";
  return list;
}

std::string excerpt(const ordered_json& value) {
  if (value.is_number_float() && !std::isfinite(value.get<double>())) {
    const auto number = value.get<double>();
    return std::isnan(number) ? "NaN" : number < 0 ? "-Infinity" : "Infinity";  // dump() makes null of them
  }
  std::string text = value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return text;
}

}  // namespace

nlohmann::ordered_json parse_json(std::string_view text, const std::string& where) {
  StrictBuilder builder(text, where);
  try {
    ordered_json::sax_parse(text.begin(), text.end(), &builder);
  } catch (const nlohmann::json::exception& error) {
    throw InvalidInput(where, std::string("malformed JSON: ") + error.what());
  }
  return builder.take();
}

std::string read_text_file(const std::filesystem::path& file) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) {
    throw InvalidInput(file.string(), "is a directory; a file was expected");
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw InvalidInput(file.string(), "cannot be read; check that it exists and may be read");
  std::ostringstream text;
  text << stream.rdbuf();
  return std::move(text).str();
}

nlohmann::ordered_json read_json_file(const std::filesystem::path& file) {
  return parse_json(read_text_file(file), file.string());
}

void JsonReader::fail(const std::string& message) const { throw InvalidInput(where_, message); }

bool JsonReader::is_null() const { return value_->is_null(); }
bool JsonReader::is_object() const { return value_->is_object(); }
bool JsonReader::is_array() const { return value_->is_array(); }
bool JsonReader::is_string() const { return value_->is_string(); }
bool JsonReader::is_number() const { return value_->is_number(); }

void JsonReader::allow_members(std::initializer_list<std::string_view> names) const {
  for (const auto& [name, reader] : members()) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      reader.fail("unknown member" + expected_name(name, names));
    }
  }
}

JsonReader JsonReader::member(std::string_view name) const {
  if (!value_->is_object()) fail("expected an object, found " + excerpt(*value_));
  const auto found = value_->find(std::string(name));
  if (found == value_->end()) fail("member \"" + std::string(name) + "\" is missing");
  return {*found, where_ + "/" + std::string(name)};
}

std::optional<JsonReader> JsonReader::find(std::string_view name) const {
  if (!value_->is_object()) fail("expected an object, found " + excerpt(*value_));
  const auto found = value_->find(std::string(name));
  if (found == value_->end() || found->is_null()) return std::nullopt;
  return JsonReader{*found, where_ + "/" + std::string(name)};
}

std::vector<std::pair<std::string, JsonReader>> JsonReader::members() const {
  if (!value_->is_object()) fail("expected an object, found " + excerpt(*value_));
  std::vector<std::pair<std::string, JsonReader>> result;
  for (const auto& [name, member] : value_->items()) {
    result.emplace_back(name, JsonReader(member, where_ + "/" + name));
  }
  return result;
}

std::vector<JsonReader> JsonReader::elements() const {
  if (!value_->is_array()) fail("expected an array, found " + excerpt(*value_));
  std::vector<JsonReader> result;
  result.reserve(value_->size());
  for (std::size_t i = 0; i < value_->size(); ++i) result.emplace_back((*value_)[i], where_ + "/" + std::to_string(i));
  return result;
}

const std::string& JsonReader::string() const {
  if (!value_->is_string()) fail("expected a string, found " + excerpt(*value_));
  return value_->get_ref<const std::string&>();
}

bool JsonReader::boolean() const {
  if (!value_->is_boolean()) fail("expected true or false, found " + excerpt(*value_));
  return value_->get<bool>();
}

double JsonReader::number() const {
  if (!value_->is_number()) fail("expected a number, found " + excerpt(*value_));
  const auto number = value_->get<double>();
  if (!std::isfinite(number)) fail("expected a finite number, found " + excerpt(*value_));
  return number;
}

double JsonReader::number(double least, double greatest) const {
  const double value = number();
  if (value < least || value > greatest) {
    std::ostringstream message;
    message << "expected a number in [" << least << ", " << greatest << "], found " << excerpt(*value_);
    fail(message.str());
  }
  return value;
}

std::int64_t JsonReader::integer(std::int64_t least, std::int64_t greatest) const {
  const auto complain = [&] {
    fail("expected a whole number in [" + std::to_string(least) + ", " + std::to_string(greatest) + "], found " +
         excerpt(*value_));
  };
  if (value_->is_number_unsigned()) {
    const auto value = value_->get<std::uint64_t>();
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) complain();
  }
  std::int64_t result = 0;
  if (value_->is_number_integer()) {
    result = value_->get<std::int64_t>();
  } else {
    if (!value_->is_number_float()) complain();
    const auto value = value_->get<double>();
    if (!(std::abs(value) <= 9007199254740992.0) || value != std::floor(value)) complain();
    result = static_cast<std::int64_t>(value);
  }
  if (result < least || result > greatest) complain();
  return result;
}

std::vector<double> JsonReader::numbers() const {
  std::vector<double> result;
  for (const JsonReader& element : elements()) result.push_back(element.number());
  return result;
}

std::vector<std::string> JsonReader::strings() const {
  std::vector<std::string> result;
  for (const JsonReader& element : elements()) result.push_back(element.string());
  return result;
}

std::string JsonReader::word(std::initializer_list<std::string_view> known) const {
  const std::string& text = string();
  if (std::find(known.begin(), known.end(), text) == known.end()) {
    fail("\"" + text + "\" is not one of " + quoted_list(known) + did_you_mean(text, known));
  }
  return text;
}

double JsonReader::number_or(std::string_view name, double fallback, double least, double greatest) const {
  const auto reader = find(name);
  return reader ? reader->number(least, greatest) : fallback;
}

std::int64_t JsonReader::integer_or(std::string_view name, std::int64_t fallback, std::int64_t least,
                                    std::int64_t greatest) const {
  const auto reader = find(name);
  return reader ? reader->integer(least, greatest) : fallback;
}

bool JsonReader::boolean_or(std::string_view name, bool fallback) const {
  const auto reader = find(name);
  return reader ? reader->boolean() : fallback;
}

std::string JsonReader::string_or(std::string_view name, const std::string& fallback) const {
  const auto reader = find(name);
  return reader ? reader->string() : fallback;
}

}  // namespace hyperego
