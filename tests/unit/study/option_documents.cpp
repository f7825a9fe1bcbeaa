// docs/study.schema.json and the tables of docs/optimizer-options.md say what the options' own descriptions say. With
// the environment variable HYPEREGO_WRITE_DOCS set, they are written anew.
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/number_text.hpp>
#include <hyperego/core/option.hpp>
#include <hyperego/moo/optimizer/optimizer_options.hpp>
#include <hyperego/study/study_options.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace hyperego;
using nlohmann::ordered_json;

namespace option_documents_test {
namespace {

const std::string docs = HYPEREGO_DOCS "/";

void expect(const std::string& file, const std::string& text) {
  if (std::getenv("HYPEREGO_WRITE_DOCS") != nullptr) std::ofstream(docs + file) << text;
  CHECK_MESSAGE(read_text_file(docs + file) == text, file, " differs; run this test with HYPEREGO_WRITE_DOCS=1");
}

/// What has neither members nor alternatives stands on one line.
std::string laid_out(const ordered_json& json, const std::string& indent = "") {
  const std::string line = json.dump();
  const bool divides =
      line.find("\"properties\":") != std::string::npos || line.find("\"oneOf\":") != std::string::npos;
  if (!json.is_structured() || json.empty() || !divides) {
    std::string spaced;
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '"' && (i == 0 || line[i - 1] != '\\')) quoted = !quoted;
      spaced += line[i];
      if (!quoted && (line[i] == ',' || line[i] == ':')) spaced += ' ';
    }
    return spaced;
  }
  std::string text = json.is_object() ? "{" : "[";
  for (const auto& [name, value] : json.items()) {
    const bool is_member = json.is_object();
    text += (text.size() > 1 ? ",\n  " : "\n  ") + indent + (is_member ? "\"" + name + "\": " : "");
    const bool are_members = name == "properties" && is_member;
    if (!are_members) {
      text += laid_out(value, indent + "  ");
      continue;
    }
    std::string members;
    for (const auto& [member, schema] : value.items()) {
      members += (members.empty() ? "\n    " : ",\n    ") + indent + "\"" + member +
                 "\": " + laid_out(schema, indent + "    ");
    }
    text += "{" + members + "\n  " + indent + "}";
  }
  return text + "\n" + indent + (json.is_object() ? "}" : "]");
}

std::string shown(const ordered_json& value) {
  if (value.is_string()) return "`" + value.get<std::string>() + "`";
  if (value.is_number()) return number_text(value.get<double>(), 7);
  if (!value.is_array()) return value.dump();
  std::string list;
  for (const ordered_json& one : value) list += (list.empty() ? "" : ", ") + shown(one);
  return "[" + list + "]";
}

std::string values_of(const ordered_json& option) {
  if (option.contains("shape")) return option.at("shape");
  if (option.contains("members")) return "an object, below";
  if (option.contains("items")) return "list of " + values_of(option.at("items"));
  if (option.contains("enum")) {
    const std::string list = shown(option.at("enum"));
    return list.substr(1, list.size() - 2);
  }
  if (option.at("type") == "boolean") return "true, false";
  if (option.contains("exclusiveMinimum")) {
    return "above " + shown(option.at("exclusiveMinimum")) + ", at most " + shown(option.at("maximum"));
  }
  return shown(option.at("minimum")) + " … " + shown(option.at("maximum"));
}

std::string default_of(const ordered_json& option) {
  if (option.contains("unless_given")) return option.at("unless_given");
  if (option.contains("members")) return "";
  return option.contains("default") ? shown(option.at("default")) : "none";
}

std::string table_of(const ordered_json& options) {
  std::string text = "| member | values | default | meaning |\n|---|---|---|---|\n";
  for (const ordered_json& option : options) {
    text += "| `" + option.at("name").get<std::string>() + "` | " + values_of(option) + " | " + default_of(option) +
            " | " + option.at("meaning").get<std::string>() + " |\n";
  }
  return text;
}

/// The table after its mark "<!-- options of NAME -->" taken out and put in anew.
std::string with_table(const std::string& text, const std::string& name, const ordered_json& options) {
  const std::string mark = "<!-- options of " + name + " -->\n";
  const std::size_t found = text.find(mark);
  REQUIRE(found != std::string::npos);
  const std::size_t begin = found + mark.size();
  const std::size_t end = text.find("\n\n", begin - 1) + 1;
  return text.substr(0, begin) + table_of(options) + text.substr(end);
}

void describe_in(ordered_json& properties, const ordered_json& descriptions) {
  properties.update(schema_properties(descriptions));
}

}  // namespace

TEST_CASE("the schema of a study says what the options say of themselves") {
  ordered_json schema = read_json_file(docs + "study.schema.json");
  ordered_json& parts = schema["$defs"];
  schema["properties"]["optimizer"] = optimizer_schema();
  describe_in(schema["properties"], describe<StudySpecification>());
  parts["fidelity"]["properties"] = schema_properties(describe<Fidelity>());
  parts["limits"]["oneOf"][1]["properties"] = schema_properties(describe<Limits>());
  describe_in(parts["command"]["properties"], describe<CommandEvaluation>());
  describe_in(parts["slurm"]["properties"], describe<SlurmEvaluation>());
  describe_in(parts["problem"]["properties"], describe<ProblemEvaluation>());
  expect("study.schema.json", laid_out(schema) + "\n");
}

TEST_CASE("the schema of a benchmark suite says the same of built-in problems") {
  ordered_json schema = read_json_file(docs + "benchmark-suite.schema.json");
  describe_in(schema["$defs"]["problem"]["properties"], describe<ProblemEvaluation>());
  expect("benchmark-suite.schema.json", laid_out(schema) + "\n");
}

TEST_CASE("the tables of the optimizers' options say what the options say of themselves") {
  std::string text = read_text_file(docs + "optimizer-options.md");
  const ordered_json parego = option_descriptions("parego");
  ordered_json only_hpi = ordered_json::array();
  for (const ordered_json& option : option_descriptions("hpi-parego")) {
    if (std::find(parego.begin(), parego.end(), option) == parego.end()) only_hpi.push_back(option);
  }
  text = with_table(text, "parego", parego);
  text = with_table(text, "acquisition", parego.back().at("members"));
  text = with_table(text, "hpi-parego", only_hpi);
  text = with_table(text, "nsga2", option_descriptions("nsga2"));
  expect("optimizer-options.md", text);
}

TEST_CASE("the tables of fidelities and measurements say what the options say of themselves") {
  std::string text = read_text_file(docs + "fidelity.md");
  text = with_table(text, "fidelity", describe<Fidelity>());
  text = with_table(text, "measure", describe<Measurement>());
  expect("fidelity.md", text);
}

}  // namespace option_documents_test
