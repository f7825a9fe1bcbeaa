#pragma once

#include <hyperego/surrogate/gaussian_process/gaussian_process.hpp>
#include <hyperego/surrogate/input_encoding.hpp>
#include <hyperego/surrogate/surrogate.hpp>
#include <hyperego/surrogate/target_transform.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>

namespace hyperego {

struct GaussianProcessSurrogateOptions {
  GaussianProcessOptions process = {};
  /// `none` leaves one scale for everything. `yeo_johnson` suits targets with a long tail of bad values; predictions on
  /// the own scale are then medians.
  TargetTransform::Kind transform = TargetTransform::Kind::none;
  /// How far predictions may go beyond the targets; as far as they like unless given.
  std::optional<TargetReachOptions> reach = std::nullopt;

  void validate() const { process.validate(); }
};

/// A Gaussian process over a search space: InputEncoding + TargetTransform + GaussianProcess.
///
/// Targets may be those of lower fidelities: `distances` from the full one in [0, 1], one for each, or empty where all
/// are at full. Whatever is asked of the model is asked of it at full fidelity but for across_fidelities().
class GaussianProcessSurrogate final : public Surrogate {
 public:
  /// Fits to targets (minimised) of configurations.
  /// @throws InvalidInput where there are none, sizes disagree or a target is not finite.
  [[nodiscard]] static GaussianProcessSurrogate fit(
      std::shared_ptr<const SearchSpace> space, std::span<const Configuration> configurations,
      const Eigen::VectorXd& targets, const GaussianProcessSurrogateOptions& options = {},
      const std::optional<GaussianProcessParameters>& warm_start = std::nullopt, const Eigen::VectorXd& distances = {});
  /// The same with parameters fitted to the observations `subset` alone, k of n; the transform and the posterior are
  /// those of all. O(k³) per evaluation of the likelihood and O(n³) once.
  [[nodiscard]] static GaussianProcessSurrogate fit_to_subset(
      std::shared_ptr<const SearchSpace> space, std::span<const Configuration> configurations,
      const Eigen::VectorXd& targets, std::span<const std::size_t> subset,
      const GaussianProcessSurrogateOptions& options = {},
      const std::optional<GaussianProcessParameters>& warm_start = std::nullopt, const Eigen::VectorXd& distances = {});
  /// Conditions at given parameters without fitting. Centre, scale and power of the transform are recomputed from the
  /// targets.
  [[nodiscard]] static GaussianProcessSurrogate condition(std::shared_ptr<const SearchSpace> space,
                                                          std::span<const Configuration> configurations,
                                                          const Eigen::VectorXd& targets,
                                                          const GaussianProcessParameters& parameters,
                                                          const GaussianProcessSurrogateOptions& options = {},
                                                          const Eigen::VectorXd& distances = {});
  /// condition() at what state() said. @throws InvalidInput naming the member at fault.
  [[nodiscard]] static GaussianProcessSurrogate restore(std::shared_ptr<const SearchSpace> space,
                                                        std::span<const Configuration> configurations,
                                                        const Eigen::VectorXd& targets,
                                                        const nlohmann::ordered_json& state,
                                                        const GaussianProcessSurrogateOptions& options = {},
                                                        const Eigen::VectorXd& distances = {});

  [[nodiscard]] const InputEncoding& encoding() const { return encoding_; }
  [[nodiscard]] const GaussianProcess& process() const { return process_; }
  [[nodiscard]] const GaussianProcessParameters& parameters() const { return process_.parameters(); }
  /// On the model scale, at one configuration and at a distance from full fidelity.
  [[nodiscard]] ModelScale<GaussianProcess::AcrossFidelities> across_fidelities(const Configuration& configuration,
                                                                                double distance) const;
  /// with_observations() of targets at lower fidelities.
  [[nodiscard]] std::unique_ptr<Surrogate> with_observations_at(std::span<const Configuration> configurations,
                                                                const Eigen::VectorXd& targets,
                                                                const Eigen::VectorXd& distances) const;
  /// with_fantasies() of observations at lower fidelities.
  [[nodiscard]] std::unique_ptr<Surrogate> with_fantasies_at(std::span<const Configuration> configurations,
                                                             const Eigen::VectorXd& distances) const;
  /// Log density of the targets on their own scale, with which transforms can be compared (Snelson, Rasmussen &
  /// Ghahramani, NIPS 2003): that of the standardised targets and the log slopes of the transform. O(n).
  [[nodiscard]] double log_evidence() const;
  /// The same of every target predicted from the others, parameters held: what counts where predictions do. O(n³).
  [[nodiscard]] double log_left_out_density() const;

  /// From the standardised values of process() to the target's own scale, in place for many.
  [[nodiscard]] double from_process(double z) const { return transform_.from_model(transform_.rescale(z)); }
  void from_process(Eigen::Ref<Eigen::MatrixXd> values) const;
  /// d from_process / dz.
  [[nodiscard]] double slope_from_process(double z) const {
    return transform_.scale() * transform_.inverse_derivative(transform_.rescale(z));
  }
  /// The conditions on the arguments of predict_blends(). @throws InvalidInput where one does not hold.
  void require_tile(const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                    const Eigen::Ref<const Eigen::MatrixXd>& predictions) const;

  // BlendPredictor, own scale.
  [[nodiscard]] Eigen::VectorXd predict(std::span<const Configuration> configurations) const override;
  /// By tables of half-coalitions (METHOD: structure that makes exact games cheap), about 100 times faster than the
  /// default. Give the complete list of coalitions at once and split games by samples: tables are made anew in every
  /// call.
  void predict_blends(const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                      Eigen::Ref<Eigen::MatrixXd> predictions) const override;
  [[nodiscard]] bool has_gradient() const override { return true; }
  [[nodiscard]] double value_and_gradient(const Configuration& configuration,
                                          Eigen::Ref<Eigen::VectorXd> gradient) const override;

  // Surrogate.
  [[nodiscard]] const std::shared_ptr<const SearchSpace>& shared_space() const override {
    return encoding_.shared_space();
  }
  [[nodiscard]] Eigen::Index number_of_observations() const override { return process_.number_of_points(); }
  [[nodiscard]] ModelScale<Prediction> posterior(std::span<const Configuration> configurations) const override;
  [[nodiscard]] ModelScale<PredictionWithGradient> posterior_with_gradient(
      const Configuration& configuration) const override;
  [[nodiscard]] ModelScale<Eigen::MatrixXd> draws(std::span<const Configuration> configurations,
                                                  const Eigen::Ref<const Eigen::MatrixXd>& normals) const override;
  /// Posterior paths (gaussian_process_path.hpp), on a copy of this model that they share.
  [[nodiscard]] std::vector<std::unique_ptr<BlendPredictor>> plausible_functions(std::size_t count,
                                                                                 std::uint64_t seed) const override;
  [[nodiscard]] const TargetTransform& transform() const override { return transform_; }
  [[nodiscard]] ModelScale<double> noise_variance() const override;
  [[nodiscard]] FitQuality fit_quality() const override;
  [[nodiscard]] ModelScale<Prediction> left_out() const override;
  [[nodiscard]] std::unique_ptr<Surrogate> with_observations(std::span<const Configuration> configurations,
                                                             const Eigen::VectorXd& targets) const override;
  [[nodiscard]] nlohmann::ordered_json state() const override;
  [[nodiscard]] nlohmann::ordered_json to_json() const override;
  [[nodiscard]] std::string brief() const override;

 private:
  GaussianProcessSurrogate(InputEncoding encoding, TargetTransform transform, GaussianProcess process);
  /// Σ log |dz/dy| of the standardised targets z.
  [[nodiscard]] double log_slopes() const;

  InputEncoding encoding_;
  TargetTransform transform_;
  GaussianProcess process_;
};

}  // namespace hyperego
