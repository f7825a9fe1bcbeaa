#include <hyperego/core/error.hpp>
#include <hyperego/core/option.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

/// Whole numbers without a fraction, as people write them.
ordered_json plain_number(double value) {
  const bool whole = value == std::floor(value) && std::abs(value) <= static_cast<double>(JsonReader::greatest_integer);
  return whole ? ordered_json(static_cast<std::int64_t>(value)) : ordered_json(value);
}

double number_in(const JsonReader& reader, const OptionRange& range) {
  if (!range.above) return reader.number(range.least, range.greatest);
  const double value = reader.number();
  if (value > range.least && value <= range.greatest) return value;
  const bool bounded = range.greatest < std::numeric_limits<double>::max();
  reader.fail("expected a number above " + plain_number(range.least).dump() +
              (bounded ? " and up to " + plain_number(range.greatest).dump() : "") + ", found " + reader.json().dump());
}

struct OptionFromJson {
  const JsonReader& reader;

  void operator()(const Option::Number& number) const {
    const auto whole = [](double end) { return static_cast<std::int64_t>(end); };
    number.set(number.whole
                   ? static_cast<double>(reader.integer(whole(number.range.least), whole(number.range.greatest)))
                   : number_in(reader, number.range));
  }
  void operator()(const Option::Truth& truth) const { *truth.field = reader.boolean(); }
  void operator()(const Option::Word& word) const {
    const std::string& text = reader.string();
    if (std::find(word.words.begin(), word.words.end(), text) == word.words.end()) {
      std::string list;
      for (const std::string_view known : word.words)
        list += (list.empty() ? "\"" : ", \"") + std::string(known) + "\"";
      reader.fail("\"" + text + "\" is not one of " + list + did_you_mean(text, word.words));
    }
    word.set(text);
  }
  void operator()(const Option::Numbers& numbers) const {
    std::vector<double> values;
    for (const JsonReader& element : reader.elements()) values.push_back(number_in(element, numbers.range));
    if (values.empty()) reader.fail("is empty; give at least one number");
    *numbers.field = std::move(values);
  }
  void operator()(const Option::Group& group) const { read_options(reader, group.members); }
  void operator()(const Option::Other& other) const { other.read(reader); }
};

struct OptionToJson {
  ordered_json operator()(const Option::Number& number) const {
    const std::optional<double> value = number.get();
    if (!value) return nullptr;
    return number.whole ? plain_number(*value) : ordered_json(*value);
  }
  ordered_json operator()(const Option::Truth& truth) const { return *truth.field; }
  ordered_json operator()(const Option::Word& word) const {
    const std::optional<std::string_view> text = word.get();
    return text ? ordered_json(*text) : ordered_json(nullptr);
  }
  ordered_json operator()(const Option::Numbers& numbers) const { return *numbers.field; }
  ordered_json operator()(const Option::Group& group) const { return to_json(group.members); }
  ordered_json operator()(const Option::Other& /*other*/) const { return nullptr; }
};

ordered_json range_json(const OptionRange& range, ordered_json type) {
  ordered_json json{{"type", std::move(type)}};
  constexpr double largest = std::numeric_limits<double>::max();
  if (range.least > -largest) json[range.above ? "exclusiveMinimum" : "minimum"] = plain_number(range.least);
  if (range.greatest < largest) json["maximum"] = plain_number(range.greatest);
  return json;
}

/// Type, range and default.
struct OptionShape {
  ordered_json operator()(const Option::Number& number) const {
    const ordered_json type = number.whole ? "integer" : "number";
    ordered_json json = range_json(number.range, number.may_be_unset ? ordered_json{type, "null"} : type);
    if (const std::optional<double> value = number.get()) json["default"] = plain_number(*value);
    return json;
  }
  ordered_json operator()(const Option::Truth& truth) const { return {{"type", "boolean"}, {"default", *truth.field}}; }
  ordered_json operator()(const Option::Word& word) const {
    ordered_json json{{"enum", word.words}};
    if (const auto text = word.get()) json["default"] = *text;
    return json;
  }
  ordered_json operator()(const Option::Numbers& numbers) const {
    ordered_json json{{"type", "array"}, {"minItems", 1}, {"items", range_json(numbers.range, "number")}};
    for (const double value : *numbers.field) json["default"].push_back(plain_number(value));
    return json;
  }
  ordered_json operator()(const Option::Group& group) const {
    return {{"type", "object"}, {"members", describe(group.members)}};
  }
  ordered_json operator()(const Option::Other& other) const {
    ordered_json json = parse_json(other.schema, "schema");
    json["shape"] = other.shape;
    return json;
  }
};

/// A phrase in Markdown as a sentence of plain text.
std::string plain_sentence(std::string text) {
  std::erase_if(text, [](char c) { return c == '`' || c == '*'; });
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text + ".";
}

}  // namespace

Option Option::unless_given(std::string what) const {
  Option result = *this;
  result.unset = std::move(what);
  return result;
}

Option Option::only_where(std::function<bool()> condition, std::string otherwise) const {
  Option result = *this;
  result.applies = std::move(condition);
  result.remedy = std::move(otherwise);
  return result;
}

Option option(std::string name, std::vector<double>& field, OptionRange range, std::string meaning) {
  return {std::move(name), Option::Numbers{range, &field}, std::move(meaning)};
}

Option option(std::string name, bool& field, std::string meaning) {
  return {std::move(name), Option::Truth{&field}, std::move(meaning)};
}

Option option(std::string name, std::vector<Option> members, std::string meaning) {
  return {std::move(name), Option::Group{std::move(members)}, std::move(meaning)};
}

void read_options(const JsonReader& reader, const std::vector<Option>& options,
                  std::initializer_list<std::string_view> others) {
  std::vector<std::string_view> names(others);
  for (const Option& option : options) names.push_back(option.name);
  for (const auto& [name, member] : reader.members()) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      member.fail("unknown member" + expected_name(name, names));
    }
  }
  for (const Option& option : options) {
    if (const auto member = reader.find(option.name)) {
      read_option(*member, option);
    } else if (const auto* number = std::get_if<Option::Number>(&option.value);
               number != nullptr && number->may_be_unset && reader.json().contains(option.name)) {
      number->set(std::nullopt);
    }
  }
  for (const Option& option : options) {
    if (!option.applies || option.applies()) continue;
    if (const auto member = reader.find(option.name)) member->fail(option.remedy);
  }
}

void read_option(const JsonReader& value, const Option& option) { std::visit(OptionFromJson{value}, option.value); }

void check_options(const std::vector<Option>& options, const std::string& where) {
  for (const Option& option : options) {
    const std::string place = where.empty() ? option.name : where + "/" + option.name;
    if (const auto* group = std::get_if<Option::Group>(&option.value)) {
      check_options(group->members, place);
      continue;
    }
    // What an option may hold is what its reader takes.
    const ordered_json held = std::visit(OptionToJson{}, option.value);
    if (!held.is_null()) read_option(JsonReader(held, place), option);
  }
}

ordered_json to_json(const std::vector<Option>& options) {
  ordered_json json = ordered_json::object();
  for (const Option& option : options) json[option.name] = std::visit(OptionToJson{}, option.value);
  return json;
}

ordered_json describe(const std::vector<Option>& options) {
  ordered_json json = ordered_json::array();
  for (const Option& option : options) {
    ordered_json one{{"name", option.name}};
    one.update(std::visit(OptionShape{}, option.value));
    if (!option.unset.empty()) one["unless_given"] = option.unset;
    one["meaning"] = option.meaning;
    json.push_back(std::move(one));
  }
  return json;
}

ordered_json schema_properties(const ordered_json& descriptions) {
  ordered_json properties = ordered_json::object();
  for (const ordered_json& one : descriptions) {
    std::string text = plain_sentence(one.at("meaning"));
    if (one.contains("unless_given")) text += " Unless given: " + one.at("unless_given").get<std::string>() + ".";
    ordered_json property{{"description", std::move(text)}};
    for (const auto& [key, value] : one.items()) {
      if (key == "members") {
        property["additionalProperties"] = false;
        property["properties"] = schema_properties(value);
      } else if (key != "name" && key != "meaning" && key != "unless_given" && key != "shape") {
        property[key] = value;
      }
    }
    properties[one.at("name").get<std::string>()] = std::move(property);
  }
  return properties;
}

}  // namespace hyperego
