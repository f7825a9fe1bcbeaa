#include <hyperego/surrogate/detail/blend_plan.hpp>
#include <hyperego/surrogate/detail/blend_tables.hpp>
#include <hyperego/surrogate/detail/gaussian_process_blends.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace hyperego::detail {
namespace {

constexpr std::size_t source_count = 4;  // of BlendSource
/// A matrix product of whole tables does about so many products in the time of one taken singly.
constexpr std::size_t product_advantage = 3;
/// Tables hold at most so many rows: longer lists of coalitions are taken in parts.
constexpr std::size_t table_rows = std::size_t{1} << 14U;

std::size_t index_of(BlendSource source) { return static_cast<std::size_t>(source); }

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
  /// σ² α, to which the first half's tables start; its padding keeps that of every other row out of the sums.
  [[nodiscard]] Eigen::VectorXd weights() const {
    Eigen::VectorXd weights = Eigen::VectorXd::Zero(stride_);
    weights.head(process_.number_of_points()) = process_.kernel().signal_variance() * process_.weights();
    return weights;
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
  HalfTable(const HalfPlan& plan, const Rows& rows, Eigen::VectorXd root) : plan_(plan), rows_(rows) {
    std::size_t widest = 1;
    for (const HalfPlan::Level& level : plan.levels) widest = std::max(widest, level.parent.size());
    const auto size = static_cast<Eigen::Index>(widest);
    for (Buffers& buffers : buffers_) {
      buffers.factors.resize(rows.stride(), size);
      if (rows.joint()) buffers.squares.resize(rows.stride(), size);
    }
    root_ = std::move(root);
    root_squares_ = Eigen::VectorXd::Zero(rows.stride());
  }

  /// source_of(k, u): where the k-th player's value comes from in prefix u of level k.
  template <typename SourceOf>
  void build(SourceOf&& source_of) {
    nodes_.assign(1, 0);
    count_ = 1;
    const double* factors = root_.data();
    const double* squares = root_squares_.data();
    for (std::size_t k = 0; k < plan_.levels.size(); ++k) {
      const std::size_t before = count_;
      name_nodes(k, before, source_of);
      Buffers& to = buffers_[k % 2];
      extend(factors, rows_.factors(), false, to.factors);
      factors = to.factors.data();
      if (rows_.joint()) {
        extend(squares, rows_.squares(), true, to.squares);
        squares = to.squares.data();
      }
    }
    factors_ = factors;
    squares_ = squares;
  }

  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] std::uint32_t node(std::uint32_t leaf) const { return nodes_[leaf]; }
  [[nodiscard]] const double* factors() const { return factors_; }
  [[nodiscard]] const double* squares() const { return squares_; }

 private:
  struct Buffers {
    Eigen::MatrixXd factors;
    Eigen::MatrixXd squares;
  };

  /// Prefixes whose players take their values from the same sources are one node.
  template <typename SourceOf>
  void name_nodes(std::size_t k, std::size_t before, SourceOf& source_of) {
    constexpr std::uint32_t none = ~std::uint32_t{0};
    const HalfPlan::Level& level = plan_.levels[k];
    named_.assign(before * source_count, none);
    next_nodes_.resize(level.parent.size());
    parent_of_.clear();
    factor_of_.clear();
    const auto first_row = static_cast<std::size_t>(plan_.players[k]) * source_count;
    for (std::size_t u = 0; u < level.parent.size(); ++u) {
      const std::uint32_t parent = nodes_[level.parent[u]];
      const std::size_t source = index_of(source_of(k, u));
      std::uint32_t& name = named_[parent * source_count + source];
      if (name == none) {
        name = static_cast<std::uint32_t>(parent_of_.size());
        parent_of_.push_back(parent);
        factor_of_.push_back(static_cast<std::uint32_t>(first_row + source));
      }
      next_nodes_[u] = name;
    }
    nodes_.swap(next_nodes_);
    count_ = parent_of_.size();
  }

  void extend(const double* parents, const double* by, bool sum, Eigen::MatrixXd& to) {
    HYPEREGO_DISPATCH(extend_rows, parents, parent_of_.data(), by, factor_of_.data(),
                      static_cast<std::ptrdiff_t>(count_), rows_.stride(), sum, to.data());
  }

  const HalfPlan& plan_;
  const Rows& rows_;
  Eigen::VectorXd root_;
  Eigen::VectorXd root_squares_;
  std::array<Buffers, 2> buffers_;
  std::vector<std::uint32_t> nodes_, next_nodes_, named_, parent_of_, factor_of_;
  std::size_t count_ = 1;
  const double* factors_ = nullptr;
  const double* squares_ = nullptr;
};

/// The sources of all hyperparameters in the blends of one sample: of every pair of leaves with equal index where
/// players depend on one another, else of no and of all players.
class SampleSources {
 public:
  SampleSources(const BlendPlan& plan, const Blends& blends) : plan_(plan), blends_(blends), d_(blends.space().size()) {
    for (const HalfPlan& half : plan.halves) {
      if (!half.independent) pairs_ = std::max(pairs_, half.leaves.size());
    }
    sources_.resize((2 + pairs_) * d_);
  }

  void take_sample(std::size_t i) {
    sample_ = i;
    read(0, 0);
    read(1, grand_coalition(blends_.number_of_players()));
    for (std::size_t t = 0; t < pairs_; ++t) {
      Coalition coalition = 0;
      for (const HalfPlan& half : plan_.halves) {
        if (!half.independent && t < half.leaves.size()) coalition |= half.leaves[t];
      }
      read(2 + t, coalition);
    }
  }

  [[nodiscard]] BlendSource operator()(const HalfPlan& half, std::size_t k, std::size_t u) const {
    const HalfPlan::Level& level = half.levels[k];
    const std::size_t j = blends_.players()[static_cast<std::size_t>(half.players[k])];
    return sources_[(half.independent ? level.contains[u] : 2 + level.leaf[u]) * d_ + j];
  }

 private:
  void read(std::size_t row, Coalition coalition) {
    const std::span<BlendSource> out(sources_.data() + row * d_, d_);
    blends_.sources(sample_, coalition, out);
    // A value that the baseline has as well is the baseline's: fewer distinct rows.
    const Configuration& sample = blends_.sample(sample_);
    for (std::size_t j = 0; j < d_; ++j) {
      if (out[j] == BlendSource::sample && sample[j] == blends_.baseline()[j]) out[j] = BlendSource::baseline;
    }
  }

  const BlendPlan& plan_;
  const Blends& blends_;
  std::size_t d_;
  std::size_t pairs_ = 0;
  std::size_t sample_ = 0;
  std::vector<BlendSource> sources_;
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

void predict_part(Rows& rows, const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                  Eigen::Ref<Eigen::MatrixXd> predictions) {
  const BlendPlan plan(blends.space(), coalitions);
  HalfTable a(plan.halves[0], rows, rows.weights());
  HalfTable b(plan.halves[1], rows, Eigen::VectorXd::Ones(rows.stride()));
  SampleSources sources(plan, blends);
  Contraction contraction(plan);
  for (Eigen::Index column = 0; column < predictions.cols(); ++column) {
    const std::size_t i = first + static_cast<std::size_t>(column);
    rows.take_sample(blends.sample(i));
    sources.take_sample(i);
    a.build([&](std::size_t k, std::size_t u) { return sources(plan.halves[0], k, u); });
    b.build([&](std::size_t k, std::size_t u) { return sources(plan.halves[1], k, u); });
    contraction(rows, a, b, predictions.col(column).data());
  }
}

}  // namespace

void predict_blends(const GaussianProcess& process, const InputEncoding& encoding, const Blends& blends,
                    std::size_t first, std::span<const Coalition> coalitions, Eigen::Ref<Eigen::MatrixXd> predictions) {
  Rows rows(process, encoding, blends);
  // Flat spaces of up to 28 players have tables below the limit; only lists over large components need parts.
  const bool small = blends.number_of_players() <= 28 && !blends.space().has_conditions();
  const std::size_t part = small ? coalitions.size() : table_rows;
  for (std::size_t from = 0; from < coalitions.size(); from += part) {
    const std::size_t length = std::min(part, coalitions.size() - from);
    predict_part(rows, blends, first, coalitions.subspan(from, length),
                 predictions.middleRows(static_cast<Eigen::Index>(from), static_cast<Eigen::Index>(length)));
  }
}

}  // namespace hyperego::detail
