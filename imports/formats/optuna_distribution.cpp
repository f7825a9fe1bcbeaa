#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/imports/formats/detail/optuna_study.hpp>
#include <hyperego/imports/table/python_json.hpp>
#include <hyperego/imports/table/table_builder.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego {
namespace {

/// Names up to Optuna 2 as well, whose classes said by their names what are attributes now.
OptunaDistribution distribution_of(const JsonReader& json) {
  using Kind = OptunaDistribution::Kind;
  const std::string name = json.member("name").string();
  const JsonReader attributes = json.member("attributes");
  OptunaDistribution distribution;
  if (name == "CategoricalDistribution") {
    distribution.kind = Kind::categorical;
    for (const JsonReader& choice : attributes.member("choices").elements()) {
      distribution.choices.push_back(cell_of(choice.json()).value_or(Value(std::string("None"))));
    }
    if (distribution.choices.empty()) attributes.member("choices").fail("is empty");
    return distribution;
  }
  const bool is_whole =
      name == "IntDistribution" || name == "IntUniformDistribution" || name == "IntLogUniformDistribution";
  const bool is_real = name == "FloatDistribution" || name == "UniformDistribution" ||
                       name == "LogUniformDistribution" || name == "DiscreteUniformDistribution";
  if (!is_whole && !is_real) json.member("name").fail("is no distribution that is known");
  distribution.kind = is_whole ? Kind::whole : Kind::real;
  distribution.low = attributes.member("low").number();
  distribution.high = attributes.member("high").number();
  if (distribution.low > distribution.high) attributes.member("low").fail("exceeds \"high\"");
  constexpr auto greatest = static_cast<double>(JsonReader::greatest_integer);
  if (is_whole && (distribution.low < -greatest || distribution.high > greatest)) attributes.fail("exceeds 2^53");
  const auto log = attributes.find("log");
  distribution.log = log ? log->boolean() : name.find("LogUniform") != std::string::npos;
  for (const char* step : {"step", "q"}) {
    if (const auto value = attributes.find(step)) distribution.step = value->number();
  }
  const bool is_plain = !distribution.step || !(*distribution.step > 0) || (is_whole && *distribution.step == 1);
  if (is_plain || distribution.log) distribution.step.reset();
  return distribution;
}

}  // namespace

Value OptunaDistribution::value_of(double internal, const std::string& where) const {
  if (kind == Kind::real) return internal;
  if (!(std::abs(internal) <= static_cast<double>(JsonReader::greatest_integer))) {
    throw InvalidInput(where, "a value is no whole number");
  }
  const auto whole = static_cast<std::int64_t>(std::llround(internal));
  if (kind == Kind::whole) return whole;
  if (whole < 0 || whole >= static_cast<std::int64_t>(choices.size())) {
    throw InvalidInput(where, "choice " + std::to_string(whole) + " is none of the " + std::to_string(choices.size()));
  }
  return choices[static_cast<std::size_t>(whole)];
}

std::shared_ptr<const OptunaDistribution> OptunaDistributions::read(const std::string& text, const std::string& where) {
  std::shared_ptr<const OptunaDistribution>& known = known_[text];
  if (!known) {
    const nlohmann::ordered_json json = parse_python_json(text, where);
    known = std::make_shared<const OptunaDistribution>(distribution_of(JsonReader(json, where)));
  }
  return known;
}

}  // namespace hyperego
