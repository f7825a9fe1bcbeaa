#include <hyperego/surrogate/gaussian_process/detail/blend_plan.hpp>
#include <hyperego/surrogate/gaussian_process/detail/blend_tables.hpp>
#include <hyperego/surrogate/gaussian_process/detail/blend_walk.hpp>
#include <hyperego/surrogate/gaussian_process/detail/gaussian_process_blends.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace hyperego::detail {
namespace {

/// The training points as the tables want them, and the rows of every (player, source).
class Rows {
 public:
  Rows(const GaussianProcess& process, const InputEncoding& encoding, const Blends& blends)
      : process_(process), encoding_(encoding), stride_((process.number_of_points() + 7) / 8 * 8) {
    const Eigen::Index p = encoding.number_of_features();
    training_ = Eigen::MatrixXd::Zero(stride_, p);
    for (Eigen::Index l = 0; l < p; ++l) {
      training_.col(l).head(process.number_of_points()) = scale(l) * process.features().row(l).transpose();
    }
    const auto rows = static_cast<Eigen::Index>(encoding.players().size() * source_count);
    factors_.resize(stride_, rows);
    if (joint()) squares_.resize(stride_, rows);
    for (std::size_t player = 0; player < encoding.players().size(); ++player) {
      const std::size_t j = encoding.players()[player].hyperparameter;
      fill(player, BlendSource::baseline, blends.baseline().is_set(j) ? blends.baseline()[j] : default_of(j), true);
      fill(player, BlendSource::completion, blends.completion()[j], true);
      fill(player, BlendSource::unset, default_of(j), false);
    }
  }

  void take_sample(const Configuration& sample) {
    for (std::size_t player = 0; player < encoding_.players().size(); ++player) {
      const std::size_t j = encoding_.players()[player].hyperparameter;
      if (sample.is_set(j)) fill(player, BlendSource::sample, sample[j], true);
    }
  }

  [[nodiscard]] bool joint() const { return process_.kernel().form() == KernelForm::joint; }
  [[nodiscard]] Eigen::Index stride() const { return stride_; }
  [[nodiscard]] const double* factors() const { return factors_.data(); }
  [[nodiscard]] const double* squares() const { return squares_.data(); }
  /// σ² times the weights of the training points, to which the first half's tables start; its padding keeps that of
  /// every other row out of the sums.
  [[nodiscard]] Eigen::VectorXd root(const Eigen::VectorXd& weights) const {
    Eigen::VectorXd root = Eigen::VectorXd::Zero(stride_);
    root.head(process_.number_of_points()) = process_.kernel().signal_variance() * weights;
    return root;
  }

 private:
  [[nodiscard]] bool is_categorical(Eigen::Index feature) const {
    return encoding_.kinds()[static_cast<std::size_t>(feature)] == FeatureKind::categorical;
  }
  [[nodiscard]] double scale(Eigen::Index feature) const {
    return is_categorical(feature) ? 1.0 : std::sqrt(5.0) / process_.kernel().length_scale(feature);
  }
  [[nodiscard]] double default_of(std::size_t j) const { return encoding_.space()[j].default_code; }

  void include(Eigen::Index feature, double coordinate, Eigen::Index row) {
    const BlendFeature at{.training = training_.col(feature).data(),
                          .inverse_scale = 1.0 / process_.kernel().length_scale(feature),
                          .categorical = is_categorical(feature)};
    const double scaled = scale(feature) * coordinate;
    if (joint() && !at.categorical) {
      HYPEREGO_DISPATCH(add_squared_distance, at, scaled, stride_, squares_.col(row).data());
    } else {
      HYPEREGO_DISPATCH(multiply_factor, at, scaled, stride_, factors_.col(row).data());
    }
  }

  void fill(std::size_t player, BlendSource source, double code, bool set) {
    const auto row = static_cast<Eigen::Index>(player * source_count + index_of(source));
    factors_.col(row).setOnes();
    if (joint()) squares_.col(row).setZero();
    const InputEncoding::Player& features = encoding_.players()[player];
    include(features.coordinate, encoding_.coordinate(features.hyperparameter, code), row);
    if (features.indicator) include(*features.indicator, set ? 1.0 : 0.0, row);
  }

  const GaussianProcess& process_;
  const InputEncoding& encoding_;
  Eigen::Index stride_;
  Eigen::MatrixXd training_;
  Eigen::MatrixXd factors_;  // column player · 4 + source
  Eigen::MatrixXd squares_;  // joint form: numeric features go here, categorical ones into factors_
};

/// The table of one half for one sample: a row for every distinct way of taking the values of its players.
class HalfTable {
 public:
  HalfTable(const HalfPlan& plan, const Rows& rows, Eigen::VectorXd root)
      : nodes_(plan), rows_(rows), root_(std::move(root)), root_squares_(Eigen::VectorXd::Zero(rows.stride())) {
    const auto size = static_cast<Eigen::Index>(nodes_.most_nodes());
    for (Buffers& buffers : buffers_) {
      buffers.factors.resize(rows.stride(), size);
      if (rows.joint()) buffers.squares.resize(rows.stride(), size);
    }
  }

  void build(const SampleSources& sources) {
    nodes_.restart();
    factors_ = root_.data();
    squares_ = root_squares_.data();
    for (std::size_t k = 0; k < nodes_.plan().levels.size(); ++k) {
      nodes_.advance(k, sources);
      Buffers& to = buffers_[k % 2];
      extend(factors_, rows_.factors(), false, to.factors);
      factors_ = to.factors.data();
      if (rows_.joint()) {
        extend(squares_, rows_.squares(), true, to.squares);
        squares_ = to.squares.data();
      }
    }
  }

  [[nodiscard]] std::size_t count() const { return nodes_.count(); }
  [[nodiscard]] std::uint32_t node(std::uint32_t leaf) const { return nodes_.node(leaf); }
  [[nodiscard]] const double* factors() const { return factors_; }
  [[nodiscard]] const double* squares() const { return squares_; }

 private:
  struct Buffers {
    Eigen::MatrixXd factors;
    Eigen::MatrixXd squares;
  };

  void extend(const double* parents, const double* by, bool sum, Eigen::MatrixXd& to) {
    HYPEREGO_DISPATCH(extend_rows, parents, nodes_.parent_of().data(), by, nodes_.row_of().data(),
                      static_cast<std::ptrdiff_t>(nodes_.count()), rows_.stride(), sum, to.data());
  }

  HalfNodes nodes_;
  const Rows& rows_;
  Eigen::VectorXd root_;
  Eigen::VectorXd root_squares_;
  std::array<Buffers, 2> buffers_;
  const double* factors_ = nullptr;
  const double* squares_ = nullptr;
};

/// Σ_i over all training points for every coalition, from both tables of a sample.
class Contraction {
 public:
  explicit Contraction(const BlendPlan& plan) : plan_(plan) {
    for (auto& nodes : nodes_) nodes.resize(plan.leaf_of[0].size());
  }

  void operator()(const Rows& rows, const HalfTable& a, const HalfTable& b, double* out) {
    const std::size_t coalitions = plan_.leaf_of[0].size();
    for (std::size_t c = 0; c < coalitions; ++c) {
      nodes_[0][c] = a.node(plan_.leaf_of[0][c]);
      nodes_[1][c] = b.node(plan_.leaf_of[1][c]);
    }
    const std::size_t pairs = a.count() * b.count();
    if (pairs > product_advantage * coalitions || (rows.joint() && pairs > coalitions)) {
      return singly(rows, a, b, nodes_[0], nodes_[1], out);
    }
    all_.resize(pairs);
    if (rows.joint()) {
      name_all_pairs(a.count(), b.count());
      singly(rows, a, b, all_nodes_[0], all_nodes_[1], all_.data());
    } else {
      HYPEREGO_DISPATCH(all_products, a.factors(), static_cast<std::ptrdiff_t>(a.count()), b.factors(),
                        static_cast<std::ptrdiff_t>(b.count()), rows.stride(), all_.data());
    }
    for (std::size_t c = 0; c < coalitions; ++c) out[c] = all_[nodes_[1][c] * a.count() + nodes_[0][c]];
  }

 private:
  static void singly(const Rows& rows, const HalfTable& a, const HalfTable& b, const std::vector<std::uint32_t>& a_of,
                     const std::vector<std::uint32_t>& b_of, double* out) {
    const auto count = static_cast<std::ptrdiff_t>(a_of.size());
    if (rows.joint()) {
      HYPEREGO_DISPATCH(some_joint_sums, a.factors(), a.squares(), a_of.data(), b.factors(), b.squares(), b_of.data(),
                        count, rows.stride(), out);
    } else {
      HYPEREGO_DISPATCH(some_products, a.factors(), a_of.data(), b.factors(), b_of.data(), count, rows.stride(), out);
    }
  }

  void name_all_pairs(std::size_t a_count, std::size_t b_count) {
    for (auto& nodes : all_nodes_) nodes.clear();
    for (std::uint32_t b = 0; b < b_count; ++b) {
      for (std::uint32_t a = 0; a < a_count; ++a) {
        all_nodes_[0].push_back(a);
        all_nodes_[1].push_back(b);
      }
    }
  }

  const BlendPlan& plan_;
  std::array<std::vector<std::uint32_t>, 2> nodes_;
  std::array<std::vector<std::uint32_t>, 2> all_nodes_;
  std::vector<double> all_;
};

void predict_part(Rows& rows, const Eigen::VectorXd& weights, const Blends& blends, std::size_t first,
                  std::span<const Coalition> coalitions, Eigen::Ref<Eigen::MatrixXd> predictions) {
  const BlendPlan plan(blends.space(), coalitions);
  HalfTable a(plan.halves[0], rows, rows.root(weights));
  HalfTable b(plan.halves[1], rows, Eigen::VectorXd::Ones(rows.stride()));
  SampleSources sources(plan, blends);
  Contraction contraction(plan);
  for (Eigen::Index column = 0; column < predictions.cols(); ++column) {
    const std::size_t i = first + static_cast<std::size_t>(column);
    rows.take_sample(blends.sample(i));
    sources.take_sample(i);
    a.build(sources);
    b.build(sources);
    contraction(rows, a, b, predictions.col(column).data());
  }
}

}  // namespace

void predict_blends(const GaussianProcess& process, const Eigen::VectorXd& weights, const InputEncoding& encoding,
                    const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                    Eigen::Ref<Eigen::MatrixXd> predictions) {
  Rows rows(process, encoding, blends);
  const std::size_t part = coalitions_at_once(blends, coalitions.size());
  for (std::size_t from = 0; from < coalitions.size(); from += part) {
    const std::size_t length = std::min(part, coalitions.size() - from);
    predict_part(rows, weights, blends, first, coalitions.subspan(from, length),
                 predictions.middleRows(static_cast<Eigen::Index>(from), static_cast<Eigen::Index>(length)));
  }
}

}  // namespace hyperego::detail
