// Trials of other programs, whatever the bytes are taken for (tables, JSON, Optuna's storages), over a fixed space and
// over one that is inferred: what is accepted is legal and finite.
#include <hyperego/imports/trials/import_trials.hpp>
#include <hyperego/imports/trials/imported_study.hpp>

#include "result_or_error.hpp"
#include <fstream>

using namespace hyperego;

namespace {

std::shared_ptr<const SearchSpace> space() {
  const SearchSpace::ChildCondition condition{
      1, Comparison{.relation = Comparison::Relation::equals, .parent = 3, .codes = {0}}};
  return std::make_shared<const SearchSpace>(
      std::vector<Hyperparameter>{
          make_float("lr", 0.001, 1, true), make_integer("n", 1, 9),
          make_categorical("say \"x\", y", {std::string("a"), std::string("1"), std::string("b,c")}),
          make_categorical("flag", {true, false}), make_constant("fixed", std::string("f"))},
      std::vector{condition});
}

void require_sound(const ImportedTrials& imported) {
  fuzz::require(!imported.objectives.empty(), "there is an objective");
  fuzz::require(!imported.trials.empty() && imported.trials.size() == imported.places.size(),
                "every trial has a place");
  for (const Trial& trial : imported.trials) {
    fuzz::require(static_cast<bool>(imported.space->check(trial.configuration)), "configurations are legal");
    const bool has_values = trial.outcome.status == TrialStatus::completed;
    fuzz::require(!has_values || trial.outcome.objectives.allFinite(), "values are finite");
    fuzz::require(
        !has_values || trial.outcome.objectives.size() == static_cast<Eigen::Index>(imported.objectives.size()),
        "every objective has a value");
  }
  (void)events_of(imported, study_of(imported));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto columns = space();
  const auto file = fuzz::scratch_directory() / "table";
  std::ofstream(file, std::ios::binary) << fuzz::text_of(data, size);
  return fuzz::result_or_error([&] { require_sound(import_trials(file, {.space = columns})); }) +
         fuzz::result_or_error([&] { require_sound(import_trials(file, {.objectives = {{"loss"}}})); });
}
