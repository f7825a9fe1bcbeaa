#pragma once

#include <hyperego/core/json_reader.hpp>
#include <hyperego/moo/acquisition/feasibility.hpp>
#include <hyperego/moo/search/search_state.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>
#include <hyperego/surrogate/surrogate.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hyperego {

/// Models of the completed trials, each by Gaussian process or random forest, and what their next fits start from.
///
/// Pending trials are conditioned on at their predicted means (Kriging believer). One fit costs O(n³) per likelihood
/// evaluation for n ≤ `most_fitted` completed trials and not more for further ones, and one factorisation of O(n³).
class ModelStore {
 public:
  /// `state` must outlive it.
  explicit ModelStore(const SearchState& state);

  /// The completed configurations' objectives (configurations × objectives, minimised), each on the scale on which it
  /// is modelled. `notes` say what is not modelled as a user would expect, and that trials of earlier studies are.
  [[nodiscard]] Eigen::MatrixXd modelled_objectives(std::vector<std::string>& notes) const;
  /// A model of `targets`, one for each completed configuration, that change with every trial (a scalarisation).
  [[nodiscard]] std::unique_ptr<const Surrogate> fit(const Eigen::VectorXd& targets);
  /// One model for each column of `objectives` (completed configurations × objectives). Where no trial has completed
  /// since an objective's last fit its parameters stand, in an uninterrupted run and on replay alike.
  [[nodiscard]] std::vector<std::shared_ptr<const Surrogate>> fit_objectives(const Eigen::MatrixXd& objectives);
  /// Nothing where every trial counts, or the options say so.
  [[nodiscard]] std::unique_ptr<const FeasibilityModel> fit_feasibility();

  /// Forgets what has been fitted since `earlier` was a copy of this.
  void restore(const ModelStore& earlier);

  /// What the next fits start from: "fits" and "feasibility" of a suggestion's state, each where there is any.
  void save(nlohmann::ordered_json& state) const;
  /// @throws InvalidInput naming the member that is not what save() writes.
  void load(const JsonReader& state);

 private:
  /// Fitted parameters of one surrogate and the number of completed trials that they were fitted to.
  struct Fit {
    std::size_t completed = 0;
    GaussianProcessParameters parameters;
  };
  [[nodiscard]] bool grows_forests() const;
  void note_size(std::vector<std::string>& notes) const;
  [[nodiscard]] std::unique_ptr<const Surrogate> fit_one(const Eigen::VectorXd& targets, const std::string& key);
  [[nodiscard]] std::unique_ptr<const Surrogate> grow_forest(const Eigen::VectorXd& targets,
                                                             const std::string& key) const;
  [[nodiscard]] GaussianProcessSurrogate fit_process(const Eigen::VectorXd& targets, const std::string& key);
  [[nodiscard]] GaussianProcessSurrogate fit_process(const Eigen::VectorXd& targets, const std::string& key,
                                                     TargetTransform::Kind transform);

  const SearchState& state_;
  std::map<std::string, Fit> fits_;  // by objective, "" for the scalarisation
  FeasibilityModel::Fits feasibility_fits_;
};

}  // namespace hyperego
