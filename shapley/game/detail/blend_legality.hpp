#pragma once

#include <hyperego/core/blend.hpp>
#include <hyperego/core/coalition.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hyperego::detail {

/// Which blends count, fast for whole rows of coalitions.
///
/// Conditions and forbidden clauses tie hyperparameters into groups, and a blend is legal exactly when its part in
/// every group is. As the baseline is legal, the part in group G under S is judged by Blends::counts(i, S ∩ G). These
/// verdicts are tabulated per sample and group, so that a coalition costs one look-up for every group that has
/// constraints. Groups whose tables would be too large ask Blends every time.
class BlendLegality {
 public:
  explicit BlendLegality(const Blends& blends, int threads = 0);

  /// True where every blend counts.
  [[nodiscard]] bool all_count() const { return blends_->all_count(); }

  /// Positions of a list of coalitions in the tables; made once for a list and used for all samples.
  struct Rows {
    std::span<const Coalition> coalitions;
    std::vector<std::vector<std::uint32_t>> positions;  // one list per tabulated group
  };
  [[nodiscard]] Rows rows(std::span<const Coalition> coalitions) const;

  /// counts[j] = 1 where the blend of `sample` under rows.coalitions[j] counts, else 0.
  void counts(std::size_t sample, const Rows& rows, std::span<std::uint8_t> counts) const;

 private:
  struct Group {
    std::vector<int> players;
    std::vector<std::uint8_t> verdicts;  // samples × 2^players, sample by sample; empty where not tabulated
  };
  [[nodiscard]] static Coalition coalition_of(const Group& group, std::size_t position);

  const Blends* blends_;
  std::vector<Group> groups_;
  Coalition untabulated_ = 0;
};

}  // namespace hyperego::detail
