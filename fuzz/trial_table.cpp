// Trial tables, CSV and JSON, over a fixed space: what is accepted is legal and finite.
#include <hyperego/report/record/trial_table.hpp>

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto columns = space();
  const auto file = fuzz::scratch_directory() / "table";
  std::ofstream(file, std::ios::binary) << fuzz::text_of(data, size);
  return fuzz::result_or_error([&] {
    std::size_t left_out = 0;
    const TrialTable table = read_trial_table(file, columns, {}, &left_out);
    fuzz::require(!table.objectives.empty(), "a table has an objective");
    fuzz::require(table.values.rows() == static_cast<Eigen::Index>(table.configurations.size()),
                  "every trial has a row of values");
    fuzz::require(table.values.allFinite(), "values are finite");
    fuzz::require(table.minimised().size() == table.values.size(), "minimised values have the same shape");
    for (const Configuration& configuration : table.configurations)
      fuzz::require(static_cast<bool>(columns->check(configuration)), "configurations are legal");
  });
}
