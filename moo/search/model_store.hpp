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
#include <span>
#include <string>
#include <vector>

namespace hyperego {

/// Models of the completed trials, each by Gaussian process or random forest, and what their next fits start from.
///
/// Pending trials are conditioned on at what ParEgoOptions::pending says, or the caller. One fit costs O(n³) per
/// likelihood evaluation for n ≤ `most_fitted` completed trials and not more for further ones, and one factorisation of
/// O(n³).
class ModelStore {
 public:
  /// `state` must outlive it.
  explicit ModelStore(const SearchState& state);

  /// The completed configurations' objectives (configurations × objectives, minimised), each on the scale on which it
  /// is modelled. `notes` say what is not modelled as a user would expect, and that trials of earlier studies are.
  [[nodiscard]] Eigen::MatrixXd modelled_objectives(std::vector<std::string>& notes) const;
  /// The same of all that models are fitted to: the completed configurations, then what was observed below full.
  [[nodiscard]] Eigen::MatrixXd all_modelled_objectives() const;
  /// A model of `targets`, one for each row of all_modelled_objectives(), that change with every trial (a
  /// scalarisation).
  [[nodiscard]] std::unique_ptr<const Surrogate> fit(const Eigen::VectorXd& targets);
  /// One model for each column of `objectives` (completed configurations × objectives). Where no trial has completed
  /// since an objective's last fit its parameters stand, in an uninterrupted run and on replay alike.
  /// Where there are fidelities they know what was observed below full as well.
  [[nodiscard]] std::vector<std::shared_ptr<const Surrogate>> fit_objectives(const Eigen::MatrixXd& objectives) {
    return fit_objectives(objectives, state_.options.pending);
  }
  [[nodiscard]] std::vector<std::shared_ptr<const Surrogate>> fit_objectives(const Eigen::MatrixXd& objectives,
                                                                             ParEgoOptions::Pending pending);
  /// The same at the parameters of the last fits, without fitting and without pending trials but for what one of them
  /// has reported.
  struct LastModels {
    std::vector<std::shared_ptr<const GaussianProcessSurrogate>> surrogates;  ///< empty where one was never fitted
    Eigen::MatrixXd objectives;                                               ///< of the completed configurations
  };
  [[nodiscard]] LastModels last_models(const Configuration& configuration,
                                       std::span<const IntermediateReport> reports) const;
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
  /// What a model is conditioned on: the completed configurations in full, then what was observed below.
  struct Data {
    std::vector<Configuration> configurations;
    Eigen::VectorXd distances;  ///< from full fidelity; empty where all are there
  };
  [[nodiscard]] Data full_data() const { return {state_.history.completed(), {}}; }
  [[nodiscard]] Data all_data(const PartialTrials::Observations& below) const;
  /// Objectives of the completed configurations, then of `below`, on the scales on which they are modelled.
  [[nodiscard]] Eigen::MatrixXd modelled(const PartialTrials::Observations& below,
                                         std::vector<std::string>& notes) const;
  /// What is known has changed where this has.
  [[nodiscard]] std::size_t number_known() const;
  [[nodiscard]] bool grows_forests() const;
  /// What `surrogate`, fitted to `targets`, takes pending trials to give.
  [[nodiscard]] Eigen::VectorXd assumed(ParEgoOptions::Pending pending, const Surrogate& surrogate,
                                        const std::vector<Configuration>& places, const Eigen::VectorXd& targets,
                                        const std::string& key) const;
  void note_size(std::vector<std::string>& notes) const;
  [[nodiscard]] std::unique_ptr<const Surrogate> fit_one(const Data& data, const Eigen::VectorXd& targets,
                                                         const std::string& key, ParEgoOptions::Pending pending);
  [[nodiscard]] std::unique_ptr<const Surrogate> grow_forest(const Eigen::VectorXd& targets,
                                                             const std::string& key) const;
  [[nodiscard]] GaussianProcessSurrogate fit_process(const Data& data, const Eigen::VectorXd& targets,
                                                     const std::string& key);
  [[nodiscard]] GaussianProcessSurrogate fit_process(const Data& data, const Eigen::VectorXd& targets,
                                                     const std::string& key, TargetTransform::Kind transform);
  [[nodiscard]] std::unique_ptr<const Surrogate> with_pending_below(std::unique_ptr<const Surrogate> surrogate) const;

  const SearchState& state_;
  std::map<std::string, Fit> fits_;  // by objective, "" for the scalarisation
  FeasibilityModel::Fits feasibility_fits_;
};

}  // namespace hyperego
