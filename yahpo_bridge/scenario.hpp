#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/objective.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/core/value.hpp>
#include <hyperego/yahpo_bridge/catalogue.hpp>
#include <hyperego/yahpo_bridge/onnx_interpreter.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyperego {

/// How much a trial is allowed to cost, as a hyperparameter, and the value that stands for the real thing.
struct YahpoFidelity {
  std::string name;
  Value full;
};

/// An entry of YAHPO's multi-objective suite (benchmark_suites/v1.0/multi.json).
struct YahpoSuiteEntry {
  std::string instance;
  std::vector<std::string> targets;
};

/// The values that the surrogate gives on an instance: bounds for normalisation.
struct YahpoRange {
  double min = 0;
  double max = 0;
};

/// Encoded configurations: the rows of the model's two inputs.
struct YahpoRows {
  std::vector<std::int32_t> categorical;
  std::vector<float> continuous;
  std::size_t count = 0;
};

/// A scenario of YAHPO Gym: a surrogate model of recorded hyperparameter tunings on many data sets (instances).
///
/// Immutable; evaluation may run on many threads at once and gives the same bytes whatever the batch (see
/// OnnxInterpreter).
class YahpoScenario {
 public:
  /// Reads DIRECTORY/SCENARIO/{model.onnx, config_space.json, encoding.json}, and where present the suite and the
  /// statistics of the instances. @throws InvalidInput naming the place for anything missing, damaged or contradictory.
  [[nodiscard]] static YahpoScenario load(const std::filesystem::path& directory, const std::string& name);

  [[nodiscard]] const std::string& name() const { return metadata_.name; }
  /// Every output of the model, in its order, with the direction in which it is good.
  [[nodiscard]] const std::vector<Objective>& targets() const { return metadata_.targets; }
  /// @throws InvalidInput naming the nearest target.
  [[nodiscard]] std::size_t target_index(std::string_view target) const;
  [[nodiscard]] const std::vector<std::string>& instances() const { return instances_; }
  /// @throws InvalidInput naming the nearest instance.
  [[nodiscard]] std::size_t instance_index(std::string_view instance) const;
  /// The hyperparameter that names the instance; empty where the scenario has none.
  [[nodiscard]] const std::string& instance_parameter() const { return metadata_.instance_parameter; }
  /// Full values: the upper bound of numbers, the greatest choice of categoricals.
  [[nodiscard]] const std::vector<YahpoFidelity>& fidelities() const { return fidelities_; }
  [[nodiscard]] const std::vector<YahpoSuiteEntry>& suite() const { return suite_; }
  /// Smallest and largest value of a target on an instance, where the statistics know them.
  [[nodiscard]] std::optional<YahpoRange> range(std::string_view target, std::string_view instance) const;

  /// All hyperparameters, instance and fidelities included, in the order of the file.
  [[nodiscard]] const SearchSpace& space() const { return space_; }
  /// What an optimizer searches on any instance: the space without instance and fidelities, and without what has one
  /// value and is no column of the model.
  [[nodiscard]] const SearchSpace& search_space() const { return search_space_; }

  [[nodiscard]] const std::vector<std::string>& categorical_columns() const { return metadata_.categorical; }
  [[nodiscard]] const std::vector<std::string>& continuous_columns() const { return metadata_.continuous; }

  /// Adds a configuration of space(): every hyperparameter that is absent or inactive is encoded as missing ("#na#" or
  /// 0). An absent instance is an error here, an absent fidelity is not.
  void encode(const Configuration& configuration, YahpoRows& rows) const;

  /// Reads {"name": value, …} as a configuration of space(). Absent fidelities are set to their full values and named
  /// in `assumed_full`, once each. @throws InvalidInput naming `where` and the hyperparameter for unknown names, values
  /// outside their domain, wrong types and a missing instance.
  [[nodiscard]] Configuration read_configuration(const nlohmann::ordered_json& json, const std::string& where,
                                                 std::vector<std::string>* assumed_full = nullptr) const;

  /// y (count × targets, row-major, raw direction) of encoded rows. Values are what the model says, finite or not.
  /// @throws InvalidInput where a code is outside its embedding table or `y` has the wrong length.
  void evaluate(const YahpoRows& rows, std::span<float> y) const;
  /// The same on plain memory: x_cat is rows × categorical columns, x_cont rows × continuous columns.
  void evaluate(std::size_t rows, std::span<const std::int32_t> x_cat, std::span<const float> x_cont,
                std::span<float> y) const;
  /// The same for configurations of space(): one row each, one column for every target.
  [[nodiscard]] Eigen::MatrixXd evaluate(std::span<const Configuration> configurations) const;

  [[nodiscard]] const OnnxInterpreter& model() const { return model_; }

 private:
  struct CategoricalColumn {
    std::size_t hyperparameter = 0;   // of space_
    std::vector<std::int32_t> codes;  // by the index of the choice
  };

  YahpoScenario(YahpoMetadata metadata, const YahpoFiles& files);
  [[nodiscard]] bool is_column(const std::string& name) const;
  void read_encoding(const std::filesystem::path& file);
  void read_suite(const std::filesystem::path& file);
  void read_statistics(const std::filesystem::path& file);

  YahpoMetadata metadata_;
  OnnxInterpreter model_;
  SearchSpace space_;
  SearchSpace search_space_;
  std::optional<std::size_t> instance_;  // hyperparameter of space_
  std::vector<std::string> instances_;
  std::vector<YahpoFidelity> fidelities_;
  std::vector<YahpoSuiteEntry> suite_;
  std::map<std::pair<std::string, std::string>, YahpoRange, std::less<>> ranges_;  // by target and instance
  std::vector<CategoricalColumn> categorical_;
  std::vector<std::size_t> continuous_;  // hyperparameters of space_
};

}  // namespace hyperego
