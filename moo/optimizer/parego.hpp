#pragma once

#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/moo/acquisition/acquisition_maximizer.hpp>
#include <hyperego/moo/acquisition/expert_prior.hpp>
#include <hyperego/moo/acquisition/feasibility.hpp>
#include <hyperego/moo/model/scalarized_model.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>
#include <hyperego/moo/scalarization/preference.hpp>
#include <hyperego/moo/scalarization/scalarization.hpp>
#include <hyperego/moo/trials/trial_history.hpp>
#include <hyperego/surrogate/forest/random_forest_surrogate.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hyperego {

struct ParEgoOptions {
  /// Trials before models are used; default_initial_trials() unless given.
  std::optional<std::size_t> initial_trials = std::nullopt;
  double rho = 0.05;        ///< of the augmented Chebyshev scalarisation
  double random_share = 0;  ///< probability that a trial is one uniform draw from the full space
  /// Probability that a trial evaluates a member of the front again, the one with the fewest trials: for objectives
  /// with noise, whose lucky trials would otherwise stay on the front. In [0, 0.9].
  double repeats = 0;
  std::uint64_t reweigh = 1;  ///< so many trials share a weight vector, ≥ 1
  /// Trade-offs that weight vectors are drawn from; all unless given. Where it is given there is no hypervolume phase,
  /// which would serve the whole front.
  std::optional<Preference> preference = std::nullopt;
  /// What is modelled: the scalarised objective itself, every objective on its own and the scalarisation of their
  /// posteriors, or the one and the other in turn (of more than two objectives the former one time in four).
  enum class Target { scalarized, objectives, alternate } target = Target::alternate;
  /// The scale on which a Gaussian process models its target; unless given, the target's own or that of the power
  /// transform of Yeo & Johnson, whichever makes the targets more likely. Scalarisation and hypervolume are those of
  /// the objectives themselves. Not `log`, which not every target has.
  std::optional<TargetTransform::Kind> target_transform = std::nullopt;
  /// The last so many of the budget's trials maximise the expected hypervolume improvement (two or three objectives).
  double hypervolume_share = 1.0 / 3;
  /// What models a target: a Gaussian process, or a random forest.
  enum class Model { gaussian_process, random_forest } model = Model::gaussian_process;
  GaussianProcessSurrogateOptions surrogate = {};  ///< its transform is not used: `target_transform` is
  /// Completed trials that the parameters of a Gaussian process are fitted to; of more the best and a space-filling
  /// share (fitting_subset.hpp), and the posterior is conditioned on all.
  std::size_t most_fitted = 300;
  /// Completed trials beyond which a random forest takes the Gaussian process's place.
  std::size_t forest_beyond = 2000;
  RandomForestOptions forest = {};  ///< its seed is not used: that of the problem is
  AcquisitionMaximizerOptions maximizer = {};
  /// Multiply the improvement by the probability that a trial counts, once one has failed or constraints are measured.
  bool feasibility = true;
  double label_length_scale = 0.5;  ///< of the process on failures, in units of √features
  /// Follow the priors of the space, where it has any: in half of the initial design, and in the acquisition by the
  /// factor π^(β/n) for the n-th trial by a model.
  bool priors = true;
  std::optional<double> prior_strength = std::nullopt;  ///< β ≥ 0; a hundredth of the budget unless given

  /// @throws InvalidInput naming the field.
  void validate() const;
};

/// ParEGO (Knowles, IEEE TEVC 10(1), 2006): every trial takes the next weight vector of a stratified sequence,
/// scalarises all finished trials with it, fits a Gaussian process (or grows a random forest) and maximises the log
/// expected improvement over the space.
///
/// One ask costs one fit, O(n³) per likelihood evaluation for n ≤ `most_fitted` completed trials and not more for
/// further ones, one factorisation of O(n³), and the search for the maximum, O(n²) per point looked at. Pending trials
/// are conditioned on at their predicted means (Kriging believer).
class ParEgo : public Optimizer {
 public:
  ParEgo(OptimizationProblem problem, const ParEgoOptions& options);

  [[nodiscard]] std::vector<Suggestion> ask(std::size_t count) override;
  void replay(std::uint64_t trial, const Configuration& configuration, const nlohmann::ordered_json& state) override;
  void tell(const Trial& trial) override;
  [[nodiscard]] std::string_view name() const override { return "parego"; }

 protected:
  /// What the search for one trial starts from.
  struct Scalarization {
    const ScalarizedModel& model;  ///< pending trials conditioned on
    Eigen::VectorXd predicted;     ///< its predictions of the completed trials
    std::size_t incumbent;         ///< completed trial of the lowest prediction
  };

  /// Where to look for the trial `decision.trial`. Sets the decision's phase, threshold, free and frozen sets, game and
  /// reason.
  [[nodiscard]] virtual Slice choose_slice(const Scalarization& scalarization, Decision& decision);
  /// A slice whose expected improvement is below this share of the full space's is not searched; 0: whatever it is.
  [[nodiscard]] virtual double least_improvement_share() const { return 0; }
  /// A larger slice than the last one, whose share was `share`; in the end the full space. Sets the decision anew.
  [[nodiscard]] virtual Slice widen_slice(double /*share*/, Decision& /*decision*/) { return everything_; }
  /// Adds what choose_slice() must be given back on replay; and takes it back.
  virtual void save_state(nlohmann::ordered_json& state) const;
  virtual void load_state(const JsonReader& state);

  [[nodiscard]] const OptimizationProblem& problem() const { return problem_; }
  [[nodiscard]] const TrialHistory& history() const { return history_; }
  [[nodiscard]] const Slice& full_space() const { return everything_; }

 private:
  [[nodiscard]] std::optional<Suggestion> suggest();
  [[nodiscard]] bool suggest_initial(Suggestion& suggestion) const;
  [[nodiscard]] bool suggest_repeat(Suggestion& suggestion) const;
  [[nodiscard]] bool suggest_random(Suggestion& suggestion, const std::string& reason) const;
  [[nodiscard]] bool suggest_by_model(Suggestion& suggestion);

  /// Where and by what a trial is looked for.
  struct Search {
    std::unique_ptr<const ScalarizedModel> model = nullptr;  ///< none where the trial is not one of a weight vector
    std::unique_ptr<const AcquisitionFunction> improvement;
    Slice slice;
    std::vector<Configuration> anchors;
    std::unique_ptr<const FeasibilityModel> feasibility = nullptr;  ///< none where every trial counts
    std::unique_ptr<const FeasibleAcquisition> feasible = nullptr;  ///< the improvement weighed by it
    std::unique_ptr<const PriorAcquisition> believing = nullptr;    ///< that, weighed by the expert prior

    /// The outermost of the three.
    [[nodiscard]] const AcquisitionFunction& acquisition() const;
  };
  /// Good places according to the prior, if there is one.
  [[nodiscard]] std::vector<Configuration> believed_places(std::uint64_t trial) const;
  [[nodiscard]] bool is_hypervolume_turn(std::uint64_t trial) const;
  [[nodiscard]] Search search_by_weights(Decision& decision);
  [[nodiscard]] Search search_by_hypervolume(Decision& decision);
  void weigh_by_feasibility(Search& look);
  void weigh_by_prior(Search& look, std::uint64_t trial) const;
  /// The largest acquisition on the slice, or in the full space where the slice has nothing new or not enough.
  [[nodiscard]] std::optional<AcquisitionMaximum> maximize(const Search& look, Decision& decision);
  /// What replay() takes back.
  [[nodiscard]] nlohmann::ordered_json state() const;

  OptimizationProblem problem_;
  ParEgoOptions options_;
  Slice everything_;
  std::optional<ExpertPrior> prior_;
  std::vector<Configuration> initial_;
  TrialHistory history_;
  Eigen::Index features_;  // of a process
  /// Fitted parameters of one surrogate and the number of completed trials that they were fitted to.
  struct Fit {
    std::size_t completed = 0;
    GaussianProcessParameters parameters;
  };
  [[nodiscard]] bool has_many_objectives() const { return problem_.objectives.size() > 2; }
  [[nodiscard]] bool models_objectives(std::uint64_t trial) const;
  [[nodiscard]] Eigen::Index undirected(const Eigen::MatrixXd& objectives) const;
  [[nodiscard]] std::unique_ptr<ScalarizedModel> fit(Decision& decision);
  [[nodiscard]] std::unique_ptr<ScalarizedModel> fit_scalarized(const Eigen::MatrixXd& objectives, Decision& decision);
  [[nodiscard]] std::unique_ptr<ScalarizedModel> fit_objectives(const Eigen::MatrixXd& objectives, Decision& decision);
  [[nodiscard]] std::vector<std::shared_ptr<const Surrogate>> model_objectives(const Eigen::MatrixXd& objectives);
  /// Bounds of the front of all trials and, of two objectives, of what the models predict at random places.
  [[nodiscard]] Normalization foreseen_bounds(const std::vector<std::shared_ptr<const Surrogate>>& surrogates,
                                              const Eigen::MatrixXd& objectives, std::uint64_t trial) const;
  [[nodiscard]] bool grows_forests() const;
  /// Says in the decision where there are too many trials for a Gaussian process of its own for all.
  void note_size(Decision& decision) const;
  [[nodiscard]] GaussianProcessSurrogate fit_process(const Eigen::VectorXd& targets, const std::string& key);
  [[nodiscard]] GaussianProcessSurrogate fit_process(const Eigen::VectorXd& targets, const std::string& key,
                                                     TargetTransform::Kind transform);
  [[nodiscard]] std::unique_ptr<const Surrogate> grow_forest(const Eigen::VectorXd& targets,
                                                             const std::string& key) const;
  /// One of them with the pending trials conditioned on.
  [[nodiscard]] std::unique_ptr<const Surrogate> fit_one(const Eigen::VectorXd& targets, const std::string& key);

  FeasibilityModel::Fits feasibility_fits_;
  std::map<std::string, Fit> last_fit_;  // where the next fit of each surrogate starts: "" or an objective's name
};

}  // namespace hyperego
