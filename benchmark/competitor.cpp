#include <hyperego/benchmark/competitor.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>

#include <nlohmann/json.hpp>

#include <utility>

namespace hyperego {

using nlohmann::ordered_json;

std::vector<Option> options_of(CompetingOptimizer& optimizer) {
  return {
      option("workers", optimizer.workers, {1, 4096}, "trials that are evaluated at the same time"),
      option("synchronous", optimizer.synchronous,
             "batches of as many trials as workers; otherwise one of the pending trials, drawn by the seed, ends at a "
             "time and a new one is asked for"),
      option("relevant_alone", optimizer.relevant_alone,
             "search only the hyperparameters that matter, where a task has others: the ceiling")};
}

CompetingOptimizer read_competitor(const JsonReader& reader) {
  CompetingOptimizer optimizer;
  ordered_json options = ordered_json::object();
  if (reader.is_string()) {
    options["name"] = reader.string();
  } else {
    (void)reader.members();
    options = reader.json();
    if (reader.find("external")) {
      reader.allow_members({"label", "external"});
      if (!reader.member("external").boolean()) reader.member("external").fail("expected true, or no such member");
      return {.label = reader.member("label").string()};
    }
    optimizer.label = reader.string_or("label", "");
    options.erase("label");
    for (const Option& option : options_of(optimizer)) {
      if (const auto value = reader.find(option.name)) read_option(*value, option);
      options.erase(option.name);
    }
  }
  // Options are judged by who knows them, on a problem of no consequence.
  const auto space = std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1), make_float("y", 0, 1)});
  const auto made = make_optimizer(
      {.space = space, .objectives = {{.name = "a"}, {.name = "b"}}, .initial_configurations = {}, .budget = 10},
      options, reader.where());
  options["name"] = made->name();
  if (optimizer.label.empty()) optimizer.label = made->name();
  optimizer.options = std::make_shared<const ordered_json>(std::move(options));
  return optimizer;
}

ordered_json to_json(const CompetingOptimizer& optimizer) {
  ordered_json json{{"label", optimizer.label}};
  if (optimizer.is_external()) {
    json["external"] = true;
    return json;
  }
  json.update(*optimizer.options);
  const ordered_json plain = json_of_options(CompetingOptimizer{});
  const ordered_json own = json_of_options(optimizer);
  for (const auto& [name, value] : own.items()) {
    if (value != plain.at(name)) json[name] = value;
  }
  return json;
}

}  // namespace hyperego
