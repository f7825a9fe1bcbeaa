#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/estimators/detail/sign_products.hpp>

#include <algorithm>

namespace hyperego::detail {
namespace {

/// All sums of signs of at most `order` players, in the order of a depth-first walk: ∅, {0}, {0,1}, {0,1,2}, …
class ParityCounts {
 public:
  ParityCounts(int players, int order, std::span<const Coalition> coalitions)
      : players_(players), order_(order), words_((coalitions.size() + 63) / 64), count_(coalitions.size()) {
    members_.assign(static_cast<std::size_t>(players) * words_, 0);
    for (std::size_t i = 0; i < coalitions.size(); ++i) {
      for_each_player(coalitions[i], [&](int p) {
        members_[static_cast<std::size_t>(p) * words_ + i / 64] |= std::uint64_t{1} << (i % 64);
      });
    }
    parity_.assign(static_cast<std::size_t>(order + 1) * words_, 0);
  }

  [[nodiscard]] std::vector<double> sums() {
    sums_.clear();
    descend(0, 0);
    return std::move(sums_);
  }

 private:
  int players_;
  int order_;
  std::size_t words_;
  std::size_t count_;
  std::vector<std::uint64_t> members_;
  std::vector<std::uint64_t> parity_;
  std::vector<double> sums_;

  void descend(int depth, int first) {
    const std::uint64_t* here = parity_.data() + static_cast<std::size_t>(depth) * words_;
    std::size_t odd = 0;
    for (std::size_t w = 0; w < words_; ++w) odd += static_cast<std::size_t>(std::popcount(here[w]));
    sums_.push_back(static_cast<double>(count_) - 2 * static_cast<double>(odd));
    if (depth == order_) return;
    std::uint64_t* next = parity_.data() + static_cast<std::size_t>(depth + 1) * words_;
    for (int p = first; p < players_; ++p) {
      const std::uint64_t* member = members_.data() + static_cast<std::size_t>(p) * words_;
      for (std::size_t w = 0; w < words_; ++w) next[w] = here[w] ^ member[w];
      descend(depth + 1, p + 1);
    }
  }
};

/// Positions in that walk.
class WalkOrder {
 public:
  WalkOrder(int players, int order) : order_(order) {
    // below(r, p): entries of the walk that descend from a node with players p … n − 1 left and r levels to go.
    below_.assign(static_cast<std::size_t>(order + 1),
                  std::vector<std::uint32_t>(static_cast<std::size_t>(players + 2), 1));
    for (int r = 1; r <= order; ++r) {
      for (int p = players - 1; p >= 0; --p) {
        below_[at(r)][at(p)] = below_[at(r)][at(p + 1)] + below_[at(r - 1)][at(p + 1)];
      }
    }
  }

  [[nodiscard]] std::uint32_t position(Coalition coalition) const {
    std::uint32_t position = 0;
    int first = 0;
    int left = order_;
    for_each_player(coalition, [&](int p) {
      // One for the node itself, then the siblings before p.
      position += 1 + below_[at(left)][at(first)] - below_[at(left)][at(p)];
      first = p + 1;
      --left;
    });
    return position;
  }

 private:
  int order_;
  std::vector<std::vector<std::uint32_t>> below_;

  static std::size_t at(int i) { return static_cast<std::size_t>(i); }
};

}  // namespace

SignProducts::SignProducts(int players, std::span<const Coalition> terms)
    : players_(players), order_(0), width_(static_cast<Eigen::Index>(terms.size())) {
  for (const Coalition term : terms) order_ = std::max(order_, size_of(term));
  const WalkOrder walk(players, std::min(2 * order_, players));
  position_.reserve(terms.size() * (terms.size() + 1) / 2);
  for (std::size_t a = 0; a < terms.size(); ++a) {
    for (std::size_t b = 0; b <= a; ++b) position_.push_back(walk.position(terms[a] ^ terms[b]));
  }
}

Eigen::MatrixXd SignProducts::gram(std::span<const Coalition> coalitions) const {
  const std::vector<double> sums = ParityCounts(players_, std::min(2 * order_, players_), coalitions).sums();
  Eigen::MatrixXd gram(width_, width_);
  const std::uint32_t* position = position_.data();
  for (Eigen::Index a = 0; a < width_; ++a) {
    for (Eigen::Index b = 0; b <= a; ++b) gram(b, a) = sums[*position++];
  }
  gram.triangularView<Eigen::StrictlyLower>() = gram.transpose();
  return gram;
}

}  // namespace hyperego::detail
