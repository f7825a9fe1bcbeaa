#include <hyperego/imports/trials/detail/space_inference.hpp>

#include "imported.hpp"
#include <cmath>

using namespace hyperego;
using namespace hyperego::test;

namespace {

std::vector<Cell> cells(const std::vector<std::string>& texts) {
  std::vector<Cell> result;
  for (const std::string& text : texts) result.emplace_back(Value(text));
  return result;
}

template <typename Function>
std::vector<Cell> numbers(std::size_t count, Function&& function) {
  std::vector<Cell> result;
  for (std::size_t i = 0; i < count; ++i)
    result.emplace_back(Value(function((static_cast<double>(i) + 0.5) / static_cast<double>(count))));
  return result;
}

std::string domain(const std::vector<Cell>& column) {
  const auto found = infer_domain("x", column);
  return found ? found->describe() : "none";
}

}  // namespace

TEST_CASE("domains by what stands in a column") {
  CHECK(domain(cells({"1", "2.0", "9"})) == "an integer in [1, 9]");
  CHECK(domain(cells({"0.5", "2", "1"})) == "a float in [0.5, 2]");
  CHECK(domain(cells({"True", "false", "TRUE"})) == "one of true, false");
  CHECK(domain(cells({"sgd", "adam", "sgd", ""})) == R"(one of "adam", "sgd")");
  CHECK(domain(cells({"sqrt", "0.5", "sqrt"})) == R"(one of "0.5", "sqrt")");
  CHECK(domain(cells({"3", "3", "nan"})) == "the constant 3");
  CHECK(domain(cells({"", "NA"})) == "none");
  CHECK(infer_domain("x", cells({"1", "2", "9"}))->default_code == 2);  // the median
  CHECK(infer_domain("x", cells({"a", "b", "b"}))->default_code == 1);  // the most frequent
  CHECK(infer_domain("x", cells({"True", "False", "False"}))->default_code == 1);
  std::vector<std::string> names;
  for (int i = 0; i < 30; ++i) names.push_back("run-" + std::to_string(i));
  CHECK(domain(cells(names)) == "none");
}

TEST_CASE("scales by how values are spread") {
  const auto log_uniform = [](double u) { return std::pow(10, -4 + 4 * u); };
  CHECK(domain(numbers(30, log_uniform)).find("(log)") != std::string::npos);
  CHECK(domain(numbers(9, log_uniform)).find("(log)") != std::string::npos);
  CHECK(domain(numbers(200, [](double u) { return u; })).find("(log)") == std::string::npos);
  CHECK(domain(numbers(8, [](double u) { return 0.01 + u; })).find("(log)") == std::string::npos);
  CHECK(domain(numbers(60, [](double u) { return std::pow(12, u); })).find("(log)") != std::string::npos);
  CHECK(domain(numbers(60, [](double u) { return std::pow(8, u); })).find("(log)") ==
        std::string::npos);  // less than 10
  CHECK(domain(numbers(40, [](double u) { return std::round(std::pow(2, 2 + 5 * u)); })).find("(log)") !=
        std::string::npos);
  CHECK(domain(numbers(30, [](double u) { return u < 0.5 ? -1.0 : 1000 * u; })).find("(log)") == std::string::npos);
}

TEST_CASE("a grid is an ordinal") {
  std::vector<std::string> sizes;
  for (int i = 0; i < 20; ++i) sizes.push_back(std::to_string(16 << i % 4));
  CHECK(domain(cells(sizes)) == "one of the ordered values 16, 32, 64, 128");
  for (std::string& size : sizes) size = std::to_string(std::stoi(size) / 16);  // 1, 2, 4, 8
  CHECK(domain(cells(sizes)).find("ordered") != std::string::npos);
  std::vector<std::string> depths;
  for (int i = 0; i < 20; ++i) depths.push_back(std::to_string(1 + i % 5));
  CHECK(domain(cells(depths)) == "an integer in [1, 5]");
}

TEST_CASE("conditions by presence") {
  const ImportedTrials trials = imported(
      "opt,momentum,nesterov,layers,units2,units3,y\n"
      "adam,,,1,,,1\nsgd,.5,True,2,8,,2\nsgd,.9,False,3,9,4,3\nrmsprop,.1,,2,7,,4\nadam,,,3,5,6,5\nsgd,.3,True,1,,,6\n",
      options_with({"y"}));
  const SearchSpace& space = *trials.space;
  REQUIRE(space.conditions().size() == 4);
  CHECK(says(trials, "\"momentum\" is active where \"opt\" = rmsprop or sgd"));
  CHECK(says(trials, "\"nesterov\" is active where \"opt\" = sgd"));
  CHECK(says(trials, "\"units2\" is active where \"layers\" > 1"));
  CHECK(says(trials, "\"units3\" is active where \"layers\" > 2"));
  CHECK(trials.trials.size() == 6);
  for (const Trial& trial : trials.trials) CHECK(space.check(trial.configuration));
}

TEST_CASE("what failed says nothing of conditions") {
  const std::string table = "opt,momentum,y\nadam,,1\nsgd,.5,2\nsgd,,nan\nsgd,.7,3\n";
  const ImportedTrials trials = imported(table, options_with({"y"}));
  CHECK(trials.space->has_conditions());
  CHECK(trials.trials.size() == 3);
  CHECK(says(trials, "1 trial failed before all its hyperparameters had values and is left out"));
}

TEST_CASE("empty cells that nothing explains") {
  const ImportedTrials texts =
      imported("weights,depth,y\nbalanced,1,1\n,1,2\nbalanced,2,3\nNone,2,4\n", options_with({"y"}));
  CHECK((*texts.space)[0].describe() == R"(one of "balanced", "None")");
  CHECK(configuration_at(texts, 1).at("weights") == "None");
  CHECK(configuration_at(texts, 3).at("weights") == "None");
  CHECK(says(texts, "taken as a choice \"None\""));
  const ImportedTrials values = imported("x,depth,y\n.5,1,1\n,1,2\n.7,2,3\n,2,4\n", options_with({"y"}));
  CHECK(values.trials.size() == 2);
  CHECK(says(values, "2 trials lack a hyperparameter that nothing says is inactive and are left out"));
}

TEST_CASE("an inferred space that is written down and read again takes the same trials") {
  const std::string table = "lr,opt,m,y\n.1,sgd,.5,1\n.01,adam,,2\n.001,adam,,3\n.5,sgd,.7,4\n";
  const ImportedTrials inferred = imported(table, options_with({"y"}));
  CHECK(inferred.is_space_inferred);
  const ImportedTrials again = imported(table, options_with({"y"}, to_configspace_json(*inferred.space).dump()));
  CHECK_FALSE(again.is_space_inferred);
  for (std::size_t i = 0; i < 4; ++i) CHECK(configuration_at(again, i) == configuration_at(inferred, i));
}
