#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>
#include <hyperego/moo/optimizer/optimizer_options.hpp>
#include <hyperego/moo/optimizer/random_search.hpp>

#include <nlohmann/json.hpp>

namespace hyperego {

void Optimizer::report(std::uint64_t /*trial*/, const IntermediateReport& /*report*/) {}

Continuation Optimizer::goes_on(std::uint64_t /*trial*/) const { return {}; }

std::vector<std::string> optimizer_names() { return {"hpi-parego", "parego", "nsga2", "random"}; }

std::unique_ptr<Optimizer> make_optimizer(const OptimizationProblem& problem, const nlohmann::ordered_json& options,
                                          const std::string& where) {
  const JsonReader reader(options, where);
  const std::string name = reader.string_or("name", "hpi-parego");
  if (!problem.earlier.empty() && (name == "random" || name == "nsga2")) {
    throw InvalidInput(where + "/name", "\"" + name +
                                            "\" has no model that trials of earlier studies could enter; remove "
                                            "\"warm_start\" from the study, or take \"hpi-parego\" or \"parego\"");
  }
  if (name == "random") {
    reader.allow_members({"name"});
    return std::make_unique<RandomSearch>(problem);
  }
  if (name == "nsga2") return std::make_unique<Nsga2>(problem, read_nsga2_options(reader));
  if (name == "parego") return std::make_unique<ParEgo>(problem, read_parego_options(reader, problem.objectives));
  if (name == "hpi-parego") {
    return std::make_unique<ParEgo>(problem, read_hpi_parego_options(reader, problem.objectives));
  }
  throw InvalidInput(where + "/name", "unknown optimizer \"" + name + "\"" + expected_name(name, optimizer_names()));
}

}  // namespace hyperego
