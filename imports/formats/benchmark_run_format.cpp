// One run of `hyperego benchmark`: runs/TASK/OPTIMIZER/SEED.json.
#include <hyperego/core/json_reader.hpp>
#include <hyperego/imports/formats/detail/trial_format.hpp>
#include <hyperego/imports/table/table_builder.hpp>

#include <nlohmann/json.hpp>

namespace hyperego {
namespace {

constexpr std::string_view mark = "\"hyperego_benchmark_run\"";

bool recognizes_benchmark_run(const TrialSource& source) {
  return !source.is_folder && source.beginning.find(mark) < 16;
}

SourceTrials read_benchmark_run(const TrialSource& source, const std::string& /*study*/) {
  const std::string where = source.path.string();
  const nlohmann::ordered_json json = read_json_file(source.path);
  const JsonReader reader(json, where);
  TableBuilder table("a run of a benchmark", where);
  std::size_t number = 0;
  for (const JsonReader& trial : reader.member("trials").elements()) {
    table.add_row("/trials/" + std::to_string(number++));
    for (auto& [name, cell] : flattened(trial.member("configuration").json())) {
      table.set("configuration." + name, name, ColumnRole::hyperparameter, std::move(cell));
    }
    const auto objectives = trial.find("objectives");
    if (!objectives) {
      table.row().status = TrialStatus::failed;
      continue;
    }
    std::size_t k = 1;
    for (const JsonReader& value : objectives->elements()) {
      const std::string name = "objective_" + std::to_string(k++);
      table.set(name, name, ColumnRole::objective, cell_of(value.json()));
    }
  }
  table.trials().name = reader.member("task").string() + "-" + reader.member("optimizer").string();
  return table.take();
}

}  // namespace

const TrialFormat benchmark_run_format{"a run of a benchmark", recognizes_benchmark_run, read_benchmark_run};

}  // namespace hyperego
