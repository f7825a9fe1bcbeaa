#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/yahpo_bridge/detail/space_file.hpp>
#include <hyperego/yahpo_bridge/onnx_reader.hpp>
#include <hyperego/yahpo_bridge/scenario.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace hyperego {
namespace {

bool is_there(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::exists(file, ignored);
}

std::size_t hyperparameter(const SearchSpace& space, const std::string& name, const std::string& where) {
  if (const auto i = space.find(name)) return *i;
  throw InvalidInput(where, "lacks the hyperparameter " + name + ", which the model needs");
}

template <typename Range>
std::size_t index_in(const Range& names, std::string_view name, const std::string& where, const std::string& what) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const std::string hint = did_you_mean(name, names);
  std::string known;
  if (hint.empty()) {
    for (const auto& other : names) known += (known.empty() ? "; known are " : ", ") + std::string(other);
  }
  throw InvalidInput(where, what + " \"" + std::string(name) + "\" is not known" + hint + known);
}

std::vector<std::string> names_of(const std::vector<Objective>& targets) {
  std::vector<std::string> names;
  for (const Objective& target : targets) names.push_back(target.name);
  return names;
}

// Choices that are numbers in quotation marks are compared as numbers; else the last one counts as the greatest.
Value greatest_choice(const CategoricalDomain& domain) {
  Value greatest = domain.choices.back();
  double best = -std::numeric_limits<double>::infinity();
  for (const Value& choice : domain.choices) {
    const std::string text = to_string(choice);
    double number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return domain.choices.back();
    if (number > best) {
      best = number;
      greatest = choice;
    }
  }
  return greatest;
}

Value full_value(const Hyperparameter& fidelity, const std::string& where) {
  if (const auto* real = std::get_if<FloatDomain>(&fidelity.domain)) return real->upper;
  if (const auto* whole = std::get_if<IntegerDomain>(&fidelity.domain)) return whole->upper;
  if (const auto* categorical = std::get_if<CategoricalDomain>(&fidelity.domain)) return greatest_choice(*categorical);
  throw InvalidInput(where, "fidelity " + fidelity.name + " is neither a number nor categorical");
}

/// Has one value, as the data set of a scenario with one instance.
bool is_without_choice(const Hyperparameter& hyperparameter) {
  const auto* choices = std::get_if<CategoricalDomain>(&hyperparameter.domain);
  return std::holds_alternative<ConstantDomain>(hyperparameter.domain) ||
         (choices != nullptr && choices->choices.size() == 1);
}

std::vector<std::string_view> comma_separated(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t begin = 0;;) {
    const std::size_t end = line.find(',', begin);
    fields.push_back(line.substr(begin, end - begin));
    if (end == std::string_view::npos) return fields;
    begin = end + 1;
  }
}

}  // namespace

YahpoScenario YahpoScenario::load(const std::filesystem::path& directory, const std::string& name) {
  const YahpoMetadata& metadata = yahpo_metadata(yahpo_scenario_name(directory, name));
  YahpoScenario scenario(metadata, yahpo_files(directory, metadata.name));
  scenario.read_suite(directory / "benchmark_suites" / "v1.0" / "multi.json");
  scenario.read_statistics(directory / "global_statistics" / "instance_target_statistics.csv");
  return scenario;
}

YahpoScenario::YahpoScenario(YahpoMetadata metadata, const YahpoFiles& files)
    : metadata_(std::move(metadata)), model_(read_onnx(files.model), files.model.string()) {
  const auto& inputs = model_.inputs();
  const auto& outputs = model_.outputs();
  if (inputs.size() != 2 || outputs.size() != 1 || inputs[0].type != OnnxType::int32 ||
      inputs[1].type != OnnxType::float32 || outputs[0].type != OnnxType::float32 ||
      inputs[0].width != metadata_.categorical.size() || inputs[1].width != metadata_.continuous.size() ||
      outputs[0].width != metadata_.targets.size()) {
    throw InvalidInput(files.model.string(), "is not a surrogate of " + name() + ", which takes " +
                                                 std::to_string(metadata_.categorical.size()) + " categorical and " +
                                                 std::to_string(metadata_.continuous.size()) +
                                                 " continuous columns and gives " +
                                                 std::to_string(metadata_.targets.size()) + " targets");
  }

  const nlohmann::ordered_json json = read_json_file(files.space);
  const std::string where = files.space.string();
  space_ = detail::read_yahpo_space(json, where, {});
  std::vector<std::string> set_aside = metadata_.fidelities;
  for (const std::string& fidelity : metadata_.fidelities) {
    fidelities_.push_back(
        {.name = fidelity, .full = full_value(space_[hyperparameter(space_, fidelity, where)], where)});
  }
  if (instance_parameter().empty()) {
    instances_ = {metadata_.sole_instance};
  } else {
    set_aside.push_back(instance_parameter());
    instance_ = hyperparameter(space_, instance_parameter(), where);
    const auto* choices = std::get_if<CategoricalDomain>(&space_[*instance_].domain);
    if (choices == nullptr) throw InvalidInput(where, instance_parameter() + " is not categorical");
    for (const Value& choice : choices->choices) instances_.push_back(to_string(choice));
  }
  for (const Hyperparameter& unused : space_.hyperparameters()) {
    if (is_without_choice(unused) && !is_column(unused.name)) set_aside.push_back(unused.name);
  }
  search_space_ = detail::read_yahpo_space(json, where, set_aside);
  read_encoding(files.encoding);
}

bool YahpoScenario::is_column(const std::string& name) const {
  const auto holds = [&](const std::vector<std::string>& columns) {
    return std::find(columns.begin(), columns.end(), name) != columns.end();
  };
  return holds(metadata_.categorical) || holds(metadata_.continuous);
}

void YahpoScenario::read_encoding(const std::filesystem::path& file) {
  const nlohmann::ordered_json json = read_json_file(file);
  const JsonReader encoding(json, file.string());
  for (const std::string& column : metadata_.categorical) {
    CategoricalColumn encoded{.hyperparameter = hyperparameter(space_, column, file.string()), .codes = {}};
    const JsonReader codes = encoding.member(column);
    const Domain& domain = space_[encoded.hyperparameter].domain;
    if (const auto* constant = std::get_if<ConstantDomain>(&domain)) {
      encoded.codes.push_back(static_cast<std::int32_t>(codes.member(to_string(constant->value)).integer(0, 1 << 30)));
    } else if (const auto* categorical = std::get_if<CategoricalDomain>(&domain)) {
      for (const Value& choice : categorical->choices) {
        encoded.codes.push_back(static_cast<std::int32_t>(codes.member(to_string(choice)).integer(0, 1 << 30)));
      }
    } else {
      throw InvalidInput(file.string(), column + " is not categorical in the search space");
    }
    categorical_.push_back(std::move(encoded));
  }
  for (const std::string& column : metadata_.continuous) {
    continuous_.push_back(hyperparameter(space_, column, file.string()));
    if (std::holds_alternative<QuantisedDomain>(space_[continuous_.back()].domain)) {
      throw InvalidInput(file.string(), column + " is quantised in the search space, which no scenario is known to be");
    }
  }
  for (const Hyperparameter& one : space_.hyperparameters()) {
    if (is_column(one.name) || is_without_choice(one)) continue;
    throw InvalidInput(file.string(), "does not go with the search space, which has " + one.name +
                                          ", and the model has no such column");
  }
}

void YahpoScenario::read_suite(const std::filesystem::path& file) {
  if (!is_there(file)) return;
  const nlohmann::ordered_json json = read_json_file(file);
  for (const JsonReader& entry : JsonReader(json, file.string()).elements()) {
    if (entry.member("scenario").string() != name()) continue;
    YahpoSuiteEntry read{.instance = entry.member("instance").string(), .targets = entry.member("target").strings()};
    index_in(instances_, read.instance, entry.where(), "instance");
    for (const std::string& target : read.targets) index_in(names_of(targets()), target, entry.where(), "target");
    suite_.push_back(std::move(read));
  }
}

void YahpoScenario::read_statistics(const std::filesystem::path& file) {
  if (!is_there(file)) return;
  const std::string text = read_text_file(file);
  std::string_view rest = text;
  std::size_t number = 0;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    ++number;
    const std::string where = file.string() + ":" + std::to_string(number);
    if (number == 1) {
      if (line != "metric,statistic,value,scenario,instance") throw InvalidInput(where, "is not the expected header");
      continue;
    }
    if (line.empty()) continue;
    const auto fields = comma_separated(line);
    if (fields.size() != 5) throw InvalidInput(where, "has not five fields");
    if (fields[3] != name()) continue;
    double value = 0;
    const auto parsed = std::from_chars(fields[2].data(), fields[2].data() + fields[2].size(), value);
    if (parsed.ec != std::errc{} || !std::isfinite(value)) continue;  // unknown there, so unknown here
    const auto key = std::make_pair(std::string(fields[0]), std::string(fields[4]));
    constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
    YahpoRange& range = ranges_.try_emplace(key, YahpoRange{.min = unknown, .max = unknown}).first->second;
    if (fields[1] == "min") range.min = value;
    if (fields[1] == "max") range.max = value;
  }
}

std::size_t YahpoScenario::target_index(std::string_view target) const {
  return index_in(names_of(targets()), target, "YAHPO scenario " + name(), "target");
}

std::size_t YahpoScenario::instance_index(std::string_view instance) const {
  return index_in(instances_, instance, "YAHPO scenario " + name(), "instance");
}

std::optional<YahpoRange> YahpoScenario::range(std::string_view target, std::string_view instance) const {
  const auto found = ranges_.find(std::make_pair(std::string(target), std::string(instance)));
  if (found == ranges_.end() || std::isnan(found->second.min) || std::isnan(found->second.max)) return std::nullopt;
  return found->second;
}

void YahpoScenario::encode(const Configuration& configuration, YahpoRows& rows) const {
  if (configuration.size() != space_.size()) {
    throw InvalidInput("YAHPO scenario " + name(), "a configuration of " + std::to_string(space_.size()) +
                                                       " hyperparameters is needed, not one of " +
                                                       std::to_string(configuration.size()));
  }
  if (instance_ && !configuration.is_set(*instance_)) {
    throw InvalidInput("YAHPO scenario " + name(),
                       "the configuration does not say on which instance (" + instance_parameter() + ")");
  }
  const auto present = [&](std::size_t i) { return configuration.is_set(i) && space_.is_active(i, configuration); };
  for (const CategoricalColumn& column : categorical_) {
    const std::size_t i = column.hyperparameter;
    rows.categorical.push_back(present(i) ? column.codes.at(static_cast<std::size_t>(configuration[i])) : 0);
  }
  for (const std::size_t i : continuous_) {
    rows.continuous.push_back(present(i) ? static_cast<float>(configuration[i]) : 0.0F);
  }
  ++rows.count;
}

Configuration YahpoScenario::read_configuration(const nlohmann::ordered_json& json, const std::string& where,
                                                std::vector<std::string>* assumed_full) const {
  Configuration configuration = space_.configuration_from_json(json, where);
  if (instance_ && !configuration.is_set(*instance_)) {
    throw InvalidInput(where, "does not say on which instance; add \"" + instance_parameter() + "\"");
  }
  for (const YahpoFidelity& fidelity : fidelities_) {
    const std::size_t i = space_.index_of(fidelity.name);
    if (configuration.is_set(i)) continue;
    configuration.set(i, space_[i].code_of(fidelity.full).value());
    if (assumed_full == nullptr) continue;
    if (std::find(assumed_full->begin(), assumed_full->end(), fidelity.name) == assumed_full->end()) {
      assumed_full->push_back(fidelity.name);
    }
  }
  return configuration;
}

void YahpoScenario::evaluate(std::size_t rows, std::span<const std::int32_t> x_cat, std::span<const float> x_cont,
                             std::span<float> y) const {
  const OnnxInterpreter::Input inputs[] = {x_cat, x_cont};
  const OnnxInterpreter::Output outputs[] = {y};
  model_.run(rows, inputs, outputs);
}

void YahpoScenario::evaluate(const YahpoRows& rows, std::span<float> y) const {
  evaluate(rows.count, rows.categorical, rows.continuous, y);
}

Eigen::MatrixXd YahpoScenario::evaluate(std::span<const Configuration> configurations) const {
  YahpoRows rows;
  for (const Configuration& configuration : configurations) encode(configuration, rows);
  Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> y(static_cast<Eigen::Index>(rows.count),
                                                                          static_cast<Eigen::Index>(targets().size()));
  evaluate(rows, std::span<float>(y.data(), static_cast<std::size_t>(y.size())));
  return y.cast<double>();
}

}  // namespace hyperego
