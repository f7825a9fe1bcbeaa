// All coalitions of a block of samples from one walk down every tree.
//
// Where a hyperparameter's value comes from depends on the coalition's members among its ancestors in the condition
// graph (under `repair`) and on its own membership. So the coalitions of a list are grouped by their members among the
// *leading* players: those that are parents, and those that are in all or in none of the list. Within a group every
// other player has one value as a member and one as a stranger, a walk tells these apart, and a sample's predictions of
// all coalitions of the group are one table.
#include <hyperego/core/error.hpp>
#include <hyperego/surrogate/forest/detail/forest_function.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <map>
#include <utility>

namespace hyperego::detail {
namespace {

/// A table of all coalitions of the players that are told apart is used where it is at most so many times longer than
/// the list, else every reached leaf is compared with the whole list.
constexpr std::size_t table_advantage = 8;
constexpr int most_players_tabulated = 18;
/// Entries of the tables of a block of samples: 1 MiB, a second-level cache.
constexpr std::size_t most_entries = std::size_t{1} << 17U;

struct BlendGroup {
  Coalition leading = 0;                  // members among the leading players
  std::vector<std::uint32_t> rows;        // places in the list
  std::vector<std::uint64_t> coalitions;  // members among the others, bit k for the k-th of them
};

struct ForestPlan {
  std::vector<int> told_apart;
  Coalition others = 0;  // as a set
  std::vector<BlendGroup> groups;

  ForestPlan(const Blends& blends, std::span<const Coalition> coalitions) {
    const int players = blends.number_of_players();
    Coalition always = grand_coalition(players);
    Coalition ever = 0;
    for (const Coalition coalition : coalitions) {
      always &= coalition;
      ever |= coalition;
    }
    Coalition candidates = ever & ~always & grand_coalition(players);
    if (blends.treatment() == BlendTreatment::repair) candidates &= ~parents(blends);
    for (int p = 0; p < players; ++p) {
      if (!contains(candidates, p) || told_apart.size() == static_cast<std::size_t>(forest_players)) continue;
      told_apart.push_back(p);
      others |= Coalition{1} << p;
    }
    std::map<Coalition, std::size_t> group_of;
    for (std::size_t row = 0; row < coalitions.size(); ++row) {
      const Coalition leading = coalitions[row] & ~others;
      const auto [found, fresh] = group_of.try_emplace(leading, groups.size());
      if (fresh) groups.push_back({.leading = leading, .rows = {}, .coalitions = {}});
      BlendGroup& group = groups[found->second];
      group.rows.push_back(static_cast<std::uint32_t>(row));
      std::uint64_t code = 0;
      for (std::size_t k = 0; k < told_apart.size(); ++k) code |= (coalitions[row] >> told_apart[k] & 1U) << k;
      group.coalitions.push_back(code);
    }
  }

  static Coalition parents(const Blends& blends) {
    std::vector<bool> is_parent(blends.space().size(), false);
    for (std::size_t i = 0; i < blends.space().size(); ++i) {
      for (const std::size_t parent : blends.space().parents(i)) is_parent[parent] = true;
    }
    Coalition found = 0;
    for (int p = 0; p < blends.number_of_players(); ++p) {
      if (is_parent[blends.players()[static_cast<std::size_t>(p)]]) found |= Coalition{1} << p;
    }
    return found;
  }
};

/// The cells of a block of samples as members and as strangers.
class BlockCells {
 public:
  BlockCells(const ForestOverSpace& forest, const Blends& blends)
      : forest_(forest),
        blends_(blends),
        p_(forest.forest().number_of_features()),
        baseline_(p_),
        completion_(p_),
        samples_(p_ * block),
        members_(p_ * block),
        strangers_(p_ * block),
        from_(blends.space().size()) {
    forest.cells(blends.baseline(), baseline_);
    forest.cells(blends.completion(), completion_);
  }

  void take_samples(std::size_t first, std::size_t count) {
    first_ = first;
    count_ = count;
    for (std::size_t k = 0; k < count; ++k) {
      forest_.cells(blends_.sample(first + k), std::span(samples_).subspan(k * p_, p_));
    }
  }

  /// Players of `others` are told apart, the members among all others are `leading`.
  void take_group(Coalition leading, Coalition others) {
    for (std::size_t k = 0; k < count_; ++k) {
      write(k, leading | others, members_);
      write(k, leading, strangers_);
    }
    are_strangers_alike_ = true;
    for (std::size_t f = 0; f < p_ && are_strangers_alike_; ++f) {
      const std::uint32_t* column = strangers_.data() + f * block;
      are_strangers_alike_ = std::all_of(column, column + count_, [&](std::uint32_t cell) { return cell == *column; });
    }
  }
  [[nodiscard]] bool are_strangers_alike() const { return are_strangers_alike_; }
  [[nodiscard]] const std::uint32_t* members() const { return members_.data(); }
  [[nodiscard]] const std::uint32_t* strangers() const { return strangers_.data(); }

 private:
  static constexpr std::size_t block = static_cast<std::size_t>(forest_block);

  void write(std::size_t k, Coalition coalition, std::vector<std::uint32_t>& columns) {
    blends_.sources(first_ + k, coalition, from_);
    for (std::size_t f = 0; f < p_; ++f) columns[f * block + k] = cell(f, k);
  }

  [[nodiscard]] std::uint32_t cell(std::size_t f, std::size_t k) const {
    switch (from_[blends_.players()[f]]) {
      case BlendSource::sample:
        return samples_[k * p_ + f];
      case BlendSource::baseline:
        return baseline_[f];
      case BlendSource::completion:
        return completion_[f];
      case BlendSource::unset:
        break;
    }
    return 0;
  }

  const ForestOverSpace& forest_;
  const Blends& blends_;
  std::size_t p_;
  std::vector<std::uint32_t> baseline_;
  std::vector<std::uint32_t> completion_;
  std::vector<std::uint32_t> samples_;
  std::vector<std::uint32_t> members_;
  std::vector<std::uint32_t> strangers_;
  std::vector<BlendSource> from_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  bool are_strangers_alike_ = false;
};

bool is_tabulated(const BlendGroup& group, int players) {
  return players <= most_players_tabulated && std::size_t{1} << players <= table_advantage * group.rows.size();
}

/// Entries that a sample needs: its tables, or one for every coalition of the list.
std::size_t entries_of(const BlendGroup& group, int players) {
  return is_tabulated(group, players) ? static_cast<std::size_t>(forest_tables) << players : group.rows.size();
}

void require_fitting(const ForestOverSpace& forest, const Blends& blends, std::size_t first,
                     std::span<const Coalition> coalitions, const Eigen::Ref<Eigen::MatrixXd>& predictions) {
  if (static_cast<std::size_t>(predictions.rows()) != coalitions.size() ||
      first + static_cast<std::size_t>(predictions.cols()) > blends.number_of_samples()) {
    throw InvalidInput("predictions",
                       "does not fit: one row per coalition and one column per sample of the tile are needed");
  }
  const SearchSpace& space = *forest.shared_space();
  if (blends.space().size() != space.size() || blends.players() != space.searched()) {
    throw InvalidInput("blends", "belong to another space than the surrogate");
  }
}

}  // namespace

void ForestFunction::predict_blends(const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                                    Eigen::Ref<Eigen::MatrixXd> predictions) const {
  require_fitting(*forest_, blends, first, coalitions, predictions);
  const CompiledForest& trees = forest_->forest();
  const ForestPlan plan(blends, coalitions);
  const auto players = static_cast<int>(plan.told_apart.size());
  std::vector<std::uint32_t> player_of(trees.number_of_features(), 0);
  for (std::size_t k = 0; k < plan.told_apart.size(); ++k) {
    player_of[static_cast<std::size_t>(plan.told_apart[k])] = static_cast<std::uint32_t>(k);
  }
  const ForestTrees walked_trees = trees.trees(values_.values);
  BlockCells cells(*forest_, blends);
  std::vector<std::byte> scratch(trees.scratch());
  // Kept from call to call: the allocator would give so large a piece back, and a fifth of the time went into its
  // pages.
  thread_local std::vector<std::int64_t> table;
  std::size_t longest = 1;
  for (const BlendGroup& group : plan.groups) longest = std::max(longest, entries_of(group, players));
  const std::size_t block = std::clamp<std::size_t>(most_entries / longest, 4, static_cast<std::size_t>(forest_block));
  const auto columns = static_cast<std::size_t>(predictions.cols());
  for (std::size_t start = 0; start < columns; start += block) {
    const std::size_t count = std::min(block, columns - start);
    cells.take_samples(first + start, count);
    for (const BlendGroup& group : plan.groups) {
      cells.take_group(group.leading, plan.others);
      const ForestCells walked{cells.members(),  cells.strangers(), static_cast<std::ptrdiff_t>(count),
                               player_of.data(), players,           cells.are_strangers_alike()};
      const bool tabulated = is_tabulated(group, players);
      const std::size_t stride = entries_of(group, players);
      table.assign(stride * count, 0);
      if (tabulated) {
        HYPEREGO_DISPATCH(add_coefficients, walked_trees, walked, scratch.data(), table.data());
      } else {
        HYPEREGO_DISPATCH(add_listed, walked_trees, walked, scratch.data(), group.coalitions.data(),
                          static_cast<std::ptrdiff_t>(stride), table.data());
      }
      for (std::size_t k = 0; k < count; ++k) {
        std::int64_t* row = table.data() + k * stride;
        if (tabulated) HYPEREGO_DISPATCH(sum_coefficients, row, players);
        double* out = predictions.col(static_cast<Eigen::Index>(start + k)).data();
        for (std::size_t j = 0; j < group.rows.size(); ++j) {
          out[group.rows[j]] = own_scale(row[tabulated ? group.coalitions[j] : j]);
        }
      }
    }
  }
}

}  // namespace hyperego::detail
