#include <hyperego/core/error.hpp>
#include <hyperego/core/number_text.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/surrogate/gaussian_process/detail/gaussian_process_blends.hpp>
#include <hyperego/surrogate/gaussian_process/detail/parameter_draws.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_path.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <utility>
#include <vector>

namespace hyperego {
namespace {

void require_targets(std::span<const Configuration> configurations, const Eigen::VectorXd& targets) {
  if (static_cast<Eigen::Index>(configurations.size()) != targets.size()) {
    throw InvalidInput("targets", "has " + std::to_string(targets.size()) + " entries for " +
                                      std::to_string(configurations.size()) + " configurations");
  }
  if (!targets.allFinite()) throw InvalidInput("targets", "holds a value that is not finite; leave failed trials out");
}

TargetTransform transform_of(const Eigen::VectorXd& targets, const GaussianProcessSurrogateOptions& options) {
  const TargetTransform transform = TargetTransform::fit(options.transform, targets);
  return options.reach ? transform.within(TargetReach(targets, *options.reach)) : transform;
}

}  // namespace

GaussianProcessSurrogate::GaussianProcessSurrogate(InputEncoding encoding, TargetTransform transform,
                                                   GaussianProcess process)
    : encoding_(std::move(encoding)), transform_(transform), process_(std::move(process)) {}

GaussianProcessSurrogate GaussianProcessSurrogate::fit(std::shared_ptr<const SearchSpace> space,
                                                       std::span<const Configuration> configurations,
                                                       const Eigen::VectorXd& targets,
                                                       const GaussianProcessSurrogateOptions& options,
                                                       const std::optional<GaussianProcessParameters>& warm_start,
                                                       const Eigen::VectorXd& distances) {
  require_targets(configurations, targets);
  InputEncoding encoding(std::move(space));
  const TargetTransform transform = transform_of(targets, options);
  GaussianProcess process =
      GaussianProcess::fit(encoding.kinds(), encoding.encode(configurations), transform.standardise(targets),
                           options.process, warm_start, distances);
  return {std::move(encoding), transform, std::move(process)};
}

GaussianProcessSurrogate GaussianProcessSurrogate::fit_to_subset(
    std::shared_ptr<const SearchSpace> space, std::span<const Configuration> configurations,
    const Eigen::VectorXd& targets, std::span<const std::size_t> subset, const GaussianProcessSurrogateOptions& options,
    const std::optional<GaussianProcessParameters>& warm_start, const Eigen::VectorXd& distances) {
  require_targets(configurations, targets);
  InputEncoding encoding(std::move(space));
  const TargetTransform transform = transform_of(targets, options);
  const Eigen::VectorXd standardised = transform.standardise(targets);
  std::vector<Configuration> places;
  Eigen::VectorXd values(static_cast<Eigen::Index>(subset.size()));
  Eigen::VectorXd apart(distances.size() > 0 ? values.size() : 0);
  for (std::size_t k = 0; k < subset.size(); ++k) {
    if (subset[k] >= configurations.size()) throw InvalidInput("subset", "names an observation that is not there");
    places.push_back(configurations[subset[k]]);
    values[static_cast<Eigen::Index>(k)] = standardised[static_cast<Eigen::Index>(subset[k])];
    if (apart.size() > 0) apart[static_cast<Eigen::Index>(k)] = distances[static_cast<Eigen::Index>(subset[k])];
  }
  const GaussianProcess fitted =
      GaussianProcess::fit(encoding.kinds(), encoding.encode(places), values, options.process, warm_start, apart);
  GaussianProcess process(encoding.kinds(), encoding.encode(configurations), standardised, fitted.parameters(),
                          options.process, distances);
  return {std::move(encoding), transform, std::move(process)};
}

GaussianProcessSurrogate GaussianProcessSurrogate::condition(std::shared_ptr<const SearchSpace> space,
                                                             std::span<const Configuration> configurations,
                                                             const Eigen::VectorXd& targets,
                                                             const GaussianProcessParameters& parameters,
                                                             const GaussianProcessSurrogateOptions& options,
                                                             const Eigen::VectorXd& distances) {
  require_targets(configurations, targets);
  InputEncoding encoding(std::move(space));
  const TargetTransform transform = transform_of(targets, options);
  GaussianProcess process(encoding.kinds(), encoding.encode(configurations), transform.standardise(targets), parameters,
                          options.process, distances);
  return {std::move(encoding), transform, std::move(process)};
}

GaussianProcessSurrogate GaussianProcessSurrogate::restore(std::shared_ptr<const SearchSpace> space,
                                                           std::span<const Configuration> configurations,
                                                           const Eigen::VectorXd& targets,
                                                           const nlohmann::ordered_json& state,
                                                           const GaussianProcessSurrogateOptions& options,
                                                           const Eigen::VectorXd& distances) {
  const auto text_of = [&](const char* member) {
    if (!state.is_object() || !state.contains(member) || !state.at(member).is_string()) {
      throw InvalidInput(std::string("state/") + member, "must be a string");
    }
    return state.at(member).get<std::string>();
  };
  if (const std::string kind = text_of("kind"); kind != "gaussian_process") {
    throw InvalidInput("state/kind", "is \"" + kind + "\"; only \"gaussian_process\" can be restored here");
  }
  if (!state.contains("parameters")) throw InvalidInput("state/parameters", "is missing");
  GaussianProcessSurrogateOptions restored = options;
  restored.process.kernel = kernel_form_from(text_of("kernel"), "state/kernel");
  restored.transform = target_transform_from(text_of("transform"), "state/transform");
  return condition(std::move(space), configurations, targets,
                   GaussianProcessParameters::from_json(state.at("parameters"), "state/parameters"), restored,
                   distances);
}

Eigen::VectorXd GaussianProcessSurrogate::predict(std::span<const Configuration> configurations) const {
  const Eigen::VectorXd mean = process_.posterior_mean(encoding_.encode(configurations));
  return mean.unaryExpr([&](double z) { return from_process(z); });
}

void GaussianProcessSurrogate::from_process(Eigen::Ref<Eigen::MatrixXd> values) const {
  if (transform_.kind() == TargetTransform::Kind::none && !transform_.reach().is_limited()) {
    values.array() = transform_.centre() + transform_.scale() * values.array();
  } else {
    for (double& value : values.reshaped()) value = from_process(value);
  }
}

void GaussianProcessSurrogate::require_tile(const Blends& blends, std::size_t first,
                                            std::span<const Coalition> coalitions,
                                            const Eigen::Ref<const Eigen::MatrixXd>& predictions) const {
  if (static_cast<std::size_t>(predictions.rows()) != coalitions.size() ||
      first + static_cast<std::size_t>(predictions.cols()) > blends.number_of_samples()) {
    throw InvalidInput("predictions",
                       "does not fit: one row per coalition and one column per sample of the tile are needed");
  }
  if (blends.space().size() != encoding_.space().size() || blends.players() != encoding_.space().searched()) {
    throw InvalidInput("blends", "belong to another space than the surrogate");
  }
}

void GaussianProcessSurrogate::predict_blends(const Blends& blends, std::size_t first,
                                              std::span<const Coalition> coalitions,
                                              Eigen::Ref<Eigen::MatrixXd> predictions) const {
  require_tile(blends, first, coalitions, predictions);
  detail::predict_blends(process_, process_.weights(), encoding_, blends, first, coalitions, predictions);
  from_process(predictions);
}

double GaussianProcessSurrogate::value_and_gradient(const Configuration& configuration,
                                                    Eigen::Ref<Eigen::VectorXd> gradient) const {
  Eigen::VectorXd features(encoding_.number_of_features());
  encoding_.encode(configuration, features);
  const auto posterior = process_.posterior_with_gradient(features);
  gradient = slope_from_process(posterior.mean) * encoding_.unit_gradient(configuration, posterior.mean_gradient);
  return from_process(posterior.mean);
}

ModelScale<Prediction> GaussianProcessSurrogate::posterior(std::span<const Configuration> configurations) const {
  auto posterior = process_.posterior(encoding_.encode(configurations));
  const double scale = transform_.scale();
  return ModelScale(
      Prediction{.mean = posterior.mean.unaryExpr([&](double z) { return transform_.rescale(z).on_model_scale(); }),
                 .variance = scale * scale * posterior.variance});
}

ModelScale<PredictionWithGradient> GaussianProcessSurrogate::posterior_with_gradient(
    const Configuration& configuration) const {
  Eigen::VectorXd features(encoding_.number_of_features());
  encoding_.encode(configuration, features);
  const auto posterior = process_.posterior_with_gradient(features);
  const double scale = transform_.scale();
  return ModelScale(PredictionWithGradient{
      .mean = transform_.rescale(posterior.mean).on_model_scale(),
      .variance = scale * scale * posterior.variance,
      .mean_gradient = scale * encoding_.unit_gradient(configuration, posterior.mean_gradient),
      .variance_gradient = scale * scale * encoding_.unit_gradient(configuration, posterior.variance_gradient)});
}

ModelScale<Eigen::MatrixXd> GaussianProcessSurrogate::draws(std::span<const Configuration> configurations,
                                                            const Eigen::Ref<const Eigen::MatrixXd>& normals) const {
  Eigen::MatrixXd draws = process_.draws(encoding_.encode(configurations), normals);
  for (double& z : draws.reshaped()) z = transform_.rescale(z).on_model_scale();
  return ModelScale(std::move(draws));
}

std::vector<std::unique_ptr<BlendPredictor>> GaussianProcessSurrogate::plausible_functions(std::size_t count,
                                                                                           std::uint64_t seed) const {
  constexpr std::size_t most_vectors = 16;  // each costs a factorisation and the memory of its factor
  const std::vector<GaussianProcessParameters> parameters =
      detail::draw_parameters(process_, std::min(count, most_vectors), Rng(seed, "plausible-parameters"));
  std::vector<std::shared_ptr<const GaussianProcessSurrogate>> surrogates;
  for (const GaussianProcessParameters& vector : parameters) {
    surrogates.push_back(std::make_shared<const GaussianProcessSurrogate>(
        GaussianProcessSurrogate(encoding_, transform_,
                                 GaussianProcess(encoding_.kinds(), process_.features(), process_.targets(), vector,
                                                 process_.options(), process_.distances()))));
  }
  std::vector<std::unique_ptr<BlendPredictor>> paths;
  for (std::size_t i = 0; i < count; ++i) {
    paths.push_back(std::make_unique<GaussianProcessPath>(surrogates[i % surrogates.size()], seed, i));
  }
  return paths;
}

ModelScale<double> GaussianProcessSurrogate::noise_variance() const {
  return ModelScale(transform_.scale() * transform_.scale() * std::exp(parameters().log_noise_variance));
}

ModelScale<Prediction> GaussianProcessSurrogate::left_out() const {
  const auto standardised = process_.leave_one_out();
  return ModelScale(Prediction{(transform_.centre() + transform_.scale() * standardised.mean.array()).matrix(),
                               transform_.scale() * transform_.scale() * standardised.variance});
}

double GaussianProcessSurrogate::log_slopes() const {
  const TargetTransform unlimited = transform_.within({});
  double sum = 0;
  for (const double z : process_.targets()) {
    sum -= std::log(unlimited.scale() * unlimited.inverse_derivative(unlimited.rescale(z)));
  }
  return sum;
}

double GaussianProcessSurrogate::log_evidence() const { return process_.log_marginal_likelihood() + log_slopes(); }

double GaussianProcessSurrogate::log_left_out_density() const {
  return fit_quality().log_density * static_cast<double>(number_of_observations()) + log_slopes();
}

FitQuality GaussianProcessSurrogate::fit_quality() const {
  const auto left_out = process_.leave_one_out();
  const Eigen::VectorXd& z = process_.targets();
  const auto n = static_cast<double>(z.size());
  const Eigen::ArrayXd squares = (z - left_out.mean).array().square();
  const Eigen::ArrayXd ratios = squares / left_out.variance.array();
  // Without observation i the mean of the others misses z_i by n/(n − 1) (z_i − mean).
  const double spread = n > 1 ? (z.array() - z.mean()).square().sum() * n * n / ((n - 1) * (n - 1)) : 0.0;
  FitQuality quality;
  quality.calibration = ratios.mean();
  quality.log_density =
      -0.5 * (ratios + left_out.variance.array().log()).mean() - 0.5 * std::log(2.0 * std::acos(-1.0));
  if (n >= 3 && spread > 1e-12 * n) quality.leave_one_out_r2 = 1.0 - squares.sum() / spread;
  return quality;
}

std::unique_ptr<Surrogate> GaussianProcessSurrogate::with_observations(std::span<const Configuration> configurations,
                                                                       const Eigen::VectorXd& targets) const {
  require_targets(configurations, targets);
  if (configurations.empty()) return std::make_unique<GaussianProcessSurrogate>(*this);
  GaussianProcess process =
      process_.with_observations(encoding_.encode(configurations), transform_.standardise(targets));
  return std::unique_ptr<Surrogate>(new GaussianProcessSurrogate(encoding_, transform_, std::move(process)));
}

nlohmann::ordered_json GaussianProcessSurrogate::state() const {
  return {{"kind", "gaussian_process"},
          {"kernel", to_string(process_.kernel().form())},
          {"transform", to_string(transform_.kind())},
          {"parameters", parameters().to_json()}};
}

nlohmann::ordered_json GaussianProcessSurrogate::to_json() const {
  nlohmann::ordered_json scales = nlohmann::ordered_json::object();
  const auto names = encoding_.feature_names();
  for (std::size_t l = 0; l < names.size(); ++l) {
    scales[names[l]] = process_.kernel().length_scale(static_cast<Eigen::Index>(l));
  }
  nlohmann::ordered_json json{{"kind", "gaussian_process"},
                              {"kernel", to_string(process_.kernel().form())},
                              {"observations", number_of_observations()},
                              {"transform", transform_.to_json()},
                              {"signal_variance", process_.kernel().signal_variance()},
                              {"noise_variance", std::exp(parameters().log_noise_variance)},
                              {"length_scales", std::move(scales)}};
  if (const auto& fidelity = parameters().fidelity) {
    json["fidelity"] = {{"length_scale", std::exp(fidelity->log_length_scale)},
                        {"drift", std::exp(fidelity->log_drift)}};
  }
  json["fit"] = process_.report().to_json();
  json["quality"] = fit_quality().to_json();
  return json;
}

std::string GaussianProcessSurrogate::brief() const {
  const FitQuality quality = fit_quality();
  return process_.brief() + "; leave-one-out R2 " + number_text(quality.leave_one_out_r2) + ", calibration " +
         number_text(quality.calibration);
}

}  // namespace hyperego
