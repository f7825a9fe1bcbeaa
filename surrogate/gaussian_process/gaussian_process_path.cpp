#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/surrogate/gaussian_process/detail/fourier_blends.hpp>
#include <hyperego/surrogate/gaussian_process/detail/fourier_features.hpp>
#include <hyperego/surrogate/gaussian_process/detail/gaussian_process_blends.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_path.hpp>

#include <cmath>
#include <utility>
#include <vector>

namespace hyperego {
namespace {

std::vector<Eigen::Index> numbers_of_categories(const InputEncoding& encoding) {
  std::vector<Eigen::Index> categories(encoding.kinds().size(), 0);
  for (const InputEncoding::Player& player : encoding.players()) {
    const Hyperparameter& hyperparameter = encoding.space()[player.hyperparameter];
    if (hyperparameter.is_categorical()) {
      categories[static_cast<std::size_t>(player.coordinate)] = static_cast<Eigen::Index>(hyperparameter.cardinality());
    }
    if (player.indicator) categories[static_cast<std::size_t>(*player.indicator)] = 2;
  }
  return categories;
}

}  // namespace

GaussianProcessPath::GaussianProcessPath(std::shared_ptr<const GaussianProcessSurrogate> surrogate, std::uint64_t seed,
                                         std::uint64_t index, Eigen::Index features)
    : surrogate_(std::move(surrogate)) {
  if (!surrogate_) throw InvalidInput("surrogate", "is null; give the path a surrogate");
  if (features <= 0 || features % 8 != 0) {
    throw InvalidInput("features", "is " + std::to_string(features) + "; give a positive multiple of 8");
  }
  const GaussianProcess& process = surrogate_->process();
  Rng rng(seed, "posterior path", index);
  prior_ = std::make_unique<const detail::FourierFeatures>(
      process.kernel(), numbers_of_categories(surrogate_->encoding()), features, rng);
  points_ = process.kernel().points(process.features());
  Eigen::VectorXd observed = prior_->values(process.features());
  if (process.distances().size() > 0) {
    // f(x, F) = Σ_r R_r(F) g_r(x): the first function is the prior's at full fidelity.
    const Eigen::MatrixXd root = FidelityKernel(*process.parameters().fidelity).root(process.distances());
    observed.array() *= root.col(0).array();
    Rng others(seed, "posterior path at lower fidelities", index);
    for (Eigen::Index r = 1; r < root.cols(); ++r) {
      const detail::FourierFeatures own(process.kernel(), numbers_of_categories(surrogate_->encoding()), features,
                                        others);
      observed.array() += root.col(r).array() * own.values(process.features()).array();
    }
  }
  const double noise = std::sqrt(process.diagonal_variance());
  for (double& value : observed) value += noise * rng.normal();
  weights_ = process.solve(process.targets() - observed);
  if (process.distances().size() > 0) {
    weights_.array() *= FidelityKernel(*process.parameters().fidelity).factors(process.distances(), 0).array();
  }
}

GaussianProcessPath::~GaussianProcessPath() = default;
GaussianProcessPath::GaussianProcessPath(GaussianProcessPath&&) noexcept = default;
GaussianProcessPath& GaussianProcessPath::operator=(GaussianProcessPath&&) noexcept = default;

Eigen::VectorXd GaussianProcessPath::predict(std::span<const Configuration> configurations) const {
  const Eigen::MatrixXd features = surrogate_->encoding().encode(configurations);
  const Kernel& kernel = surrogate_->process().kernel();
  const Kernel::Points z = kernel.points(features);
  Eigen::VectorXd values = prior_->values(features);
  Eigen::MatrixXd covariances(points_.count(), 1);
  for (Eigen::Index j = 0; j < values.size(); ++j) {
    kernel.covariance(points_, z, j, covariances);
    values[j] = surrogate_->from_process(values[j] + covariances.col(0).dot(weights_));
  }
  return values;
}

void GaussianProcessPath::predict_blends(const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                                         Eigen::Ref<Eigen::MatrixXd> predictions) const {
  surrogate_->require_tile(blends, first, coalitions, predictions);
  detail::predict_blends(surrogate_->process(), weights_, surrogate_->encoding(), blends, first, coalitions,
                         predictions);
  detail::add_fourier_blends(*prior_, surrogate_->encoding(), blends, first, coalitions, predictions);
  surrogate_->from_process(predictions);
}

double GaussianProcessPath::value_and_gradient(const Configuration& configuration,
                                               Eigen::Ref<Eigen::VectorXd> gradient) const {
  const InputEncoding& encoding = surrogate_->encoding();
  const Kernel& kernel = surrogate_->process().kernel();
  Eigen::VectorXd features(encoding.number_of_features());
  encoding.encode(configuration, features);
  const Kernel::Points point = kernel.points(features);
  const Eigen::VectorXd covariances = kernel.covariance(points_, point);
  Eigen::VectorXd slopes(encoding.number_of_features());
  const double z = prior_->value_and_gradient(features, slopes) + covariances.dot(weights_);
  slopes += kernel.gradient(points_, point, covariances).transpose() * weights_;
  gradient = surrogate_->slope_from_process(z) * encoding.unit_gradient(configuration, slopes);
  return surrogate_->from_process(z);
}

}  // namespace hyperego
