#include <hyperego/surrogate/gaussian_process/detail/blend_plan.hpp>
#include <hyperego/surrogate/gaussian_process/detail/blend_tables.hpp>
#include <hyperego/surrogate/gaussian_process/detail/blend_walk.hpp>
#include <hyperego/surrogate/gaussian_process/detail/fourier_blends.hpp>
#include <hyperego/surrogate/gaussian_process/detail/fourier_tables.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace hyperego::detail {
namespace {

/// The phases of every (player, source).
class PhaseRows {
 public:
  PhaseRows(const FourierFeatures& function, const InputEncoding& encoding, const Blends& blends)
      : function_(function),
        encoding_(encoding),
        rows_(2 * function.count(), static_cast<Eigen::Index>(encoding.players().size() * source_count)) {
    for (std::size_t player = 0; player < encoding.players().size(); ++player) {
      const std::size_t j = encoding.players()[player].hyperparameter;
      const double by_default = encoding.space()[j].default_code;
      fill(player, BlendSource::baseline, blends.baseline().is_set(j) ? blends.baseline()[j] : by_default, true);
      fill(player, BlendSource::completion, blends.completion()[j], true);
      fill(player, BlendSource::unset, by_default, false);
    }
  }

  void take_sample(const Configuration& sample) {
    for (std::size_t player = 0; player < encoding_.players().size(); ++player) {
      const std::size_t j = encoding_.players()[player].hyperparameter;
      if (sample.is_set(j)) fill(player, BlendSource::sample, sample[j], true);
    }
  }

  [[nodiscard]] const double* data() const { return rows_.data(); }
  [[nodiscard]] Eigen::Index count() const { return function_.count(); }

 private:
  void fill(std::size_t player, BlendSource source, double code, bool set) {
    double* row = rows_.col(static_cast<Eigen::Index>(player * source_count + index_of(source))).data();
    const InputEncoding::Player& features = encoding_.players()[player];
    function_.phases(features.coordinate, encoding_.coordinate(features.hyperparameter, code), row);
    if (features.indicator) function_.multiply_signs_of(*features.indicator, set ? 1.0 : 0.0, row);
  }

  const FourierFeatures& function_;
  const InputEncoding& encoding_;
  Eigen::MatrixXd rows_;  // column player · source_count + source
};

/// The joined phases of one half for one sample, conjugated in the second half: a real product of two rows is then the
/// real part of the complex one.
class PhaseTable {
 public:
  PhaseTable(const HalfPlan& plan, const PhaseRows& rows, Eigen::VectorXd root, bool conjugate)
      : nodes_(plan), rows_(rows), root_(std::move(root)), conjugate_(conjugate) {
    for (Eigen::MatrixXd& buffer : buffers_) {
      buffer.resize(root_.size(), static_cast<Eigen::Index>(nodes_.most_nodes()));
    }
  }

  void build(const SampleSources& sources) {
    nodes_.restart();
    table_ = root_.data();
    for (std::size_t k = 0; k < nodes_.plan().levels.size(); ++k) {
      nodes_.advance(k, sources);
      double* to = buffers_[k % 2].data();
      HYPEREGO_DISPATCH(extend_phase_rows, table_, nodes_.parent_of().data(), rows_.data(), nodes_.row_of().data(),
                        static_cast<std::ptrdiff_t>(nodes_.count()), rows_.count(), conjugate_, to);
      table_ = to;
    }
  }

  [[nodiscard]] std::size_t count() const { return nodes_.count(); }
  [[nodiscard]] std::uint32_t node(std::uint32_t leaf) const { return nodes_.node(leaf); }
  [[nodiscard]] const double* data() const { return table_; }

 private:
  HalfNodes nodes_;
  const PhaseRows& rows_;
  Eigen::VectorXd root_;
  bool conjugate_;
  std::array<Eigen::MatrixXd, 2> buffers_;
  const double* table_ = nullptr;
};

/// The products of both tables of a sample for every coalition.
class PhaseContraction {
 public:
  explicit PhaseContraction(const BlendPlan& plan) : plan_(plan), products_(plan.leaf_of[0].size()) {
    for (auto& nodes : nodes_) nodes.resize(plan.leaf_of[0].size());
  }

  void add(const PhaseTable& a, const PhaseTable& b, std::ptrdiff_t stride, double* out) {
    const std::size_t coalitions = plan_.leaf_of[0].size();
    for (std::size_t c = 0; c < coalitions; ++c) {
      nodes_[0][c] = a.node(plan_.leaf_of[0][c]);
      nodes_[1][c] = b.node(plan_.leaf_of[1][c]);
    }
    const std::size_t pairs = a.count() * b.count();
    if (pairs > product_advantage * coalitions) {
      HYPEREGO_DISPATCH(some_products, a.data(), nodes_[0].data(), b.data(), nodes_[1].data(),
                        static_cast<std::ptrdiff_t>(coalitions), stride, products_.data());
      for (std::size_t c = 0; c < coalitions; ++c) out[c] += products_[c];
      return;
    }
    all_.resize(pairs);
    HYPEREGO_DISPATCH(all_products, a.data(), static_cast<std::ptrdiff_t>(a.count()), b.data(),
                      static_cast<std::ptrdiff_t>(b.count()), stride, all_.data());
    for (std::size_t c = 0; c < coalitions; ++c) out[c] += all_[nodes_[1][c] * a.count() + nodes_[0][c]];
  }

 private:
  const BlendPlan& plan_;
  std::array<std::vector<std::uint32_t>, 2> nodes_;
  std::vector<double> products_;
  std::vector<double> all_;
};

void add_fourier_part(const FourierFeatures& function, PhaseRows& rows, const Blends& blends, std::size_t first,
                      std::span<const Coalition> coalitions, Eigen::Ref<Eigen::MatrixXd> predictions) {
  const BlendPlan plan(blends.space(), coalitions);
  Eigen::VectorXd one = Eigen::VectorXd::Zero(2 * function.count());
  one.head(function.count()).setOnes();
  PhaseTable a(plan.halves[0], rows, function.weights(), false);
  PhaseTable b(plan.halves[1], rows, std::move(one), true);
  SampleSources sources(plan, blends);
  PhaseContraction contraction(plan);
  for (Eigen::Index column = 0; column < predictions.cols(); ++column) {
    const std::size_t i = first + static_cast<std::size_t>(column);
    rows.take_sample(blends.sample(i));
    sources.take_sample(i);
    a.build(sources);
    b.build(sources);
    contraction.add(a, b, 2 * function.count(), predictions.col(column).data());
  }
}

}  // namespace

void add_fourier_blends(const FourierFeatures& function, const InputEncoding& encoding, const Blends& blends,
                        std::size_t first, std::span<const Coalition> coalitions,
                        Eigen::Ref<Eigen::MatrixXd> predictions) {
  PhaseRows rows(function, encoding, blends);
  const std::size_t part = coalitions_at_once(blends, coalitions.size());
  for (std::size_t from = 0; from < coalitions.size(); from += part) {
    const std::size_t length = std::min(part, coalitions.size() - from);
    add_fourier_part(function, rows, blends, first, coalitions.subspan(from, length),
                     predictions.middleRows(static_cast<Eigen::Index>(from), static_cast<Eigen::Index>(length)));
  }
}

}  // namespace hyperego::detail
