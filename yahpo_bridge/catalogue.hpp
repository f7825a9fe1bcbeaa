#pragma once

#include <hyperego/core/objective.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hyperego {

/// What YAHPO Gym knows about a scenario and its files do not say: names and order of the model's columns.
///
/// F. Pfisterer, L. Schneider, J. Moosbauer, M. Binder, B. Bischl: "YAHPO Gym – An Efficient Multi-Objective
/// Multi-Fidelity Benchmark for Hyperparameter Optimization", AutoML 2022. Directions follow the codomains of its R
/// package, where `f1` is maximised.
struct YahpoMetadata {
  std::string name;
  std::vector<Objective> targets;  ///< columns of the model's output
  std::string instance_parameter;  ///< empty where the scenario has one instance without a parameter
  std::string sole_instance = {};  ///< the name of that one
  std::vector<std::string> fidelities;
  std::vector<std::string> categorical;  ///< columns of x_cat, the instance included
  std::vector<std::string> continuous;   ///< columns of x_cont
};

/// The scenarios of YAHPO Gym v1; `rbv2_ranger_v2`, the later surrogate of that name with other outputs; and the
/// preliminary models of rbv2_super, iaml_super and nb301 (yahpo_data, branch iaml_ex, December 2021), which are not
/// the published ones and are called NAME_preliminary.
[[nodiscard]] const std::vector<YahpoMetadata>& yahpo_catalogue();

/// @throws InvalidInput naming the known scenarios and the nearest one.
[[nodiscard]] const YahpoMetadata& yahpo_metadata(std::string_view scenario);

/// The folders with YAHPO's data: those of `argument` where it is not empty, else of the environment variable
/// HYPEREGO_YAHPO_DATA; several are separated by colons.
/// @throws InvalidInput saying where to get the data where neither names an existing directory.
[[nodiscard]] std::vector<std::filesystem::path> yahpo_data_directories(const std::string& argument = {});

/// The first of them that has the scenario; the first of all where none has.
[[nodiscard]] std::filesystem::path yahpo_data_directory(const std::string& argument = {},
                                                         const std::string& scenario = {});

/// The three files that make up a scenario.
struct YahpoFiles {
  std::filesystem::path model;
  std::filesystem::path space;
  std::filesystem::path encoding;
};

/// Finds the files of a scenario under `data`, which is laid out like the repository slds-lmu/yahpo_data:
/// SCENARIO/model.onnx, config_space.json and encoding.json. `rbv2_ranger_v2` may also lie in rbv2_ranger/ as
/// model_v2.onnx and so on, a preliminary scenario in the folder of the published one.
/// @throws InvalidInput naming the missing place and the scenarios that are there.
[[nodiscard]] YahpoFiles yahpo_files(const std::filesystem::path& data, const std::string& scenario);

/// What a scenario is called that is there: "rbv2_super" is "rbv2_super_preliminary" where the model in its folder is
/// the preliminary one, which is known by its batch of one row. Other names, and all without data, are what they are.
[[nodiscard]] std::string yahpo_scenario_name(const std::filesystem::path& data, const std::string& scenario);

/// The same in the first of yahpo_data_directories() that has it; what it is where there is no such folder.
[[nodiscard]] std::string yahpo_scenario_at_hand(const std::string& argument, const std::string& scenario);

/// Names of the catalogue's scenarios whose files are under `data`, in the catalogue's order.
[[nodiscard]] std::vector<std::string> yahpo_scenarios(const std::filesystem::path& data);

}  // namespace hyperego
