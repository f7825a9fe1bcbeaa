#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/yahpo_bridge/detail/space_file.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace hyperego::detail {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Hyperparameter read_hyperparameter(const JsonReader& json) {
  const std::string name = json.member("name").string();
  const std::string type = json.member("type").word({"categorical", "uniform_float", "uniform_int", "constant"});
  if (type == "categorical") {
    std::vector<Value> choices;
    for (const JsonReader& choice : json.member("choices").elements())
      choices.push_back(value_from_json(choice.json(), choice.where()));
    return make_categorical(name, choices, value_from_json(json.member("default").json(), json.where()));
  }
  if (type == "constant") return make_constant(name, value_from_json(json.member("value").json(), json.where()));
  const bool log = json.boolean_or("log", false);
  if (type == "uniform_int") {
    return make_integer(name, json.member("lower").integer(), json.member("upper").integer(), log,
                        json.member("default").integer());
  }
  return make_float(name, json.member("lower").number(), json.member("upper").number(), log,
                    json.member("default").number());
}

std::size_t index_of(const std::vector<Hyperparameter>& hyperparameters, const JsonReader& name) {
  for (std::size_t i = 0; i < hyperparameters.size(); ++i) {
    if (hyperparameters[i].name == name.string()) return i;
  }
  name.fail("no hyperparameter is called \"" + name.string() + "\"");
}

SearchSpace::ChildCondition read_condition(const JsonReader& json, const std::vector<Hyperparameter>& hyperparameters) {
  const bool in = json.member("type").word({"EQ", "IN"}) == "IN";
  const std::size_t parent = index_of(hyperparameters, json.member("parent"));
  Comparison comparison{
      .relation = in ? Comparison::Relation::in : Comparison::Relation::equals, .parent = parent, .codes = {}};
  const std::vector<JsonReader> values =
      in ? json.member("values").elements() : std::vector<JsonReader>{json.member("value")};
  for (const JsonReader& value : values) {
    const auto code = hyperparameters[parent].code_of(value_from_json(value.json(), value.where()));
    if (!code) value.fail("is no value of " + hyperparameters[parent].name);
    comparison.codes.push_back(*code);
  }
  return {.child = index_of(hyperparameters, json.member("child")), .condition = std::move(comparison)};
}

}  // namespace

SearchSpace read_yahpo_space(const nlohmann::ordered_json& json, const std::string& where,
                             const std::vector<std::string>& set_aside) {
  const JsonReader reader(json, where);
  std::vector<Hyperparameter> hyperparameters;
  for (const JsonReader& entry : reader.member("hyperparameters").elements()) {
    if (!contains(set_aside, entry.member("name").string())) hyperparameters.push_back(read_hyperparameter(entry));
  }
  std::vector<SearchSpace::ChildCondition> conditions;
  for (const JsonReader& entry : reader.member("conditions").elements()) {
    if (contains(set_aside, entry.member("child").string())) continue;
    conditions.push_back(read_condition(entry, hyperparameters));
  }
  if (!reader.member("forbiddens").elements().empty())
    reader.member("forbiddens").fail("is not empty; no scenario had any");
  return SearchSpace(std::move(hyperparameters), std::move(conditions));
}

}  // namespace hyperego::detail
