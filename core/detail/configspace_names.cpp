#include <hyperego/core/detail/configspace_names.hpp>
#include <hyperego/core/error.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <optional>

namespace hyperego::detail {
namespace {

/// Words that say something about a domain in other programs: to pass over them would be to misread the space.
constexpr std::array<std::string_view, 27> words_of_domains{
    "min",     "max",    "low",      "high",         "step",    "steps",   "size",    "scale",       "base",
    "range",   "bounds", "quantum",  "quantization", "grid",    "prior",   "default", "dist",        "distribution",
    "options", "values", "children", "condition",    "clauses", "parents", "active",  "probability", "constraints"};

/// Words of people and programs about their files.
constexpr std::array<std::string_view, 9> words_of_remarks{"meta", "comment", "note", "desc",  "doc",
                                                           "date", "title",   "tag",  "author"};

std::string lowered(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

std::string with_sorted_letters(std::string_view text) {
  std::string result = lowered(text);
  std::sort(result.begin(), result.end());
  return result;
}

bool is_remark(const std::string& name) {
  return name.starts_with("_") || name.starts_with("$") || name.starts_with("x-") ||
         std::any_of(words_of_remarks.begin(), words_of_remarks.end(),
                     [&](std::string_view word) { return lowered(name).starts_with(word); });
}

/// A slip of the fingers (a letter in three, or letters exchanged), or the name with something behind it
/// ("lower_bound").
bool is_misspelt(const std::string& name, std::string_view known) {
  const std::size_t longer = std::max(name.size(), known.size());
  return edit_distance(name, known) <= longer / 3 || with_sorted_letters(name) == with_sorted_letters(known) ||
         (known.size() > 2 && lowered(name).starts_with(known));
}

}  // namespace

ConfigSpaceNames::ConfigSpaceNames(const std::vector<Hyperparameter>& hyperparameters)
    : hyperparameters_(hyperparameters) {
  for (std::size_t i = 0; i < hyperparameters_.size(); ++i) index_.emplace(hyperparameters_[i].name, i);
}

std::size_t ConfigSpaceNames::index_at(const JsonReader& reader) const {
  const std::string& name = reader.string();
  if (const auto found = index_.find(name); found != index_.end()) return found->second;
  std::vector<std::string_view> known;
  for (const Hyperparameter& hyperparameter : hyperparameters_) known.emplace_back(hyperparameter.name);
  reader.fail("\"" + name + "\" is no hyperparameter of the space" + expected_name(name, known));
}

std::optional<double> ConfigSpaceNames::code_of(const Value& value, std::size_t i) const {
  const auto* categorical = std::get_if<CategoricalDomain>(&hyperparameters_[i].domain);
  const auto* ordinal = std::get_if<OrdinalDomain>(&hyperparameters_[i].domain);
  if (categorical == nullptr && ordinal == nullptr) return hyperparameters_[i].code_of(value);
  auto known = choices_.find(i);
  if (known == choices_.end()) {
    known = choices_.emplace(i, ValueIndex(categorical != nullptr ? categorical->choices : ordinal->sequence)).first;
  }
  const std::optional<std::size_t> place = known->second.find(value);
  return place ? std::optional(static_cast<double>(*place)) : std::nullopt;
}

double ConfigSpaceNames::code_at(const JsonReader& reader, std::size_t i) const {
  const std::optional<double> code = code_of(any_value_from_json(reader.json()), i);
  if (!code) fail_outside_domain(reader, hyperparameters_[i]);
  return *code;
}

std::vector<double> ConfigSpaceNames::codes_at(const JsonReader& reader, std::size_t i) const {
  std::vector<double> codes;
  for (const JsonReader& element : reader.elements()) codes.push_back(code_at(element, i));
  if (codes.empty()) reader.fail("is empty; give at least one value of \"" + hyperparameters_[i].name + "\"");
  return codes;
}

double ConfigSpaceNames::ordered_code_at(const JsonReader& reader, std::size_t i, bool from_above) const {
  const auto* quantised = std::get_if<QuantisedDomain>(&hyperparameters_[i].domain);
  const bool is_between = quantised != nullptr && reader.is_number() && !quantised->index_of(reader.number()) &&
                          reader.number() > quantised->lower && reader.number() < quantised->upper;
  if (!is_between) return code_at(reader, i);
  const double place = (reader.number() - quantised->lower) / quantised->q;
  return from_above ? std::ceil(place) : std::floor(place);
}

void fail_outside_domain(const JsonReader& reader, const Hyperparameter& hyperparameter) {
  reader.fail(reader.json().dump() + " is outside the domain of \"" + hyperparameter.name + "\"; give " +
              hyperparameter.describe());
}

void check_members(const JsonReader& reader, std::initializer_list<std::string_view> known,
                   std::vector<std::string>* passed_over) {
  for (const auto& [name, value] : reader.members()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto looks_like = [&name = name](std::string_view word) { return is_misspelt(name, word); };
    const bool is_misread = std::any_of(known.begin(), known.end(), looks_like) ||
                            std::any_of(words_of_domains.begin(), words_of_domains.end(), looks_like);
    if (is_misread && !is_remark(name)) value.fail("unknown member" + expected_name(name, known));
    const bool is_new =
        passed_over != nullptr && std::find(passed_over->begin(), passed_over->end(), name) == passed_over->end();
    if (is_new) passed_over->push_back(name);
  }
}

}  // namespace hyperego::detail
