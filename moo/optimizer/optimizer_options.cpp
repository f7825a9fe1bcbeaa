#include <hyperego/core/error.hpp>
#include <hyperego/core/option.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>
#include <hyperego/moo/optimizer/optimizer_options.hpp>

#include <nlohmann/json.hpp>

#include <string>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

/// "`reweigh` 5, …": where the authors' options are not the defaults.
std::string what_authors_set() {
  HpiParEgoOptions authors = HpiParEgoOptions::authors();
  const ordered_json defaults = describe<HpiParEgoOptions>();
  const ordered_json theirs = describe(options_of(authors));
  std::string text;
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    if (theirs[i] == defaults[i]) continue;
    const ordered_json& value = theirs[i].at("default");
    text += (text.empty() ? "`" : ", `") + theirs[i].at("name").get<std::string>() + "` " +
            (value.is_string() ? value.get<std::string>() : value.dump());
  }
  return text;
}

Option preset_option(std::string& preset) {
  return word_option("preset", preset, {{"authors", "authors"}},
                     "the setting of the method's authors: " + what_authors_set() +
                         "; a member that is given as well overrides the preset");
}

}  // namespace

Nsga2Options read_nsga2_options(const JsonReader& reader) {
  Nsga2Options options;
  read_options(reader, options_of(options), {"name"});
  return options;
}

ParEgoOptions read_parego_options(const JsonReader& reader, const std::vector<Objective>& objectives) {
  ParEgoOptions options;
  read_options(reader, options_of(options, objectives), {"name"});
  return options;
}

HpiParEgoOptions read_hpi_parego_options(const JsonReader& reader, const std::vector<Objective>& objectives) {
  std::string preset;
  if (const auto member = reader.find("preset")) read_option(*member, preset_option(preset));
  HpiParEgoOptions options = preset.empty() ? HpiParEgoOptions{} : HpiParEgoOptions::authors();
  read_options(reader, options_of(options, objectives), {"name", "preset"});
  return options;
}

ordered_json option_descriptions(std::string_view optimizer) {
  if (optimizer == "random") return ordered_json::array();
  if (optimizer == "nsga2") return describe<Nsga2Options>();
  if (optimizer == "parego") return describe<ParEgoOptions>();
  if (optimizer == "hpi-parego") {
    HpiParEgoOptions defaults;
    std::string preset;
    std::vector<Option> options = options_of(defaults);
    options.push_back(preset_option(preset));
    return describe(options);
  }
  throw InvalidInput("optimizer", "unknown optimizer \"" + std::string(optimizer) + "\"" +
                                      expected_name(optimizer, optimizer_names()));
}

ordered_json optimizer_schema() {
  ordered_json schema{{"description", "A name, or a name with options."}, {"oneOf", ordered_json::array()}};
  schema["oneOf"].push_back(ordered_json{{"enum", optimizer_names()}});
  for (const std::string& name : optimizer_names()) {
    ordered_json one{{"type", "object"}, {"additionalProperties", false}};
    // The first is taken where no name is given.
    if (name != optimizer_names().front()) one["required"] = ordered_json::array({"name"});
    one["properties"]["name"]["const"] = name;
    one["properties"].update(schema_properties(option_descriptions(name)));
    schema["oneOf"].push_back(std::move(one));
  }
  return schema;
}

}  // namespace hyperego
