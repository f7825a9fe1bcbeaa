#pragma once

#include <hyperego/core/coalition.hpp>
#include <hyperego/core/configuration.hpp>
#include <hyperego/core/search_space.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace hyperego {

/// What becomes of a blend λ ⊕_S λ0 that breaks conditions or forbidden clauses.
enum class BlendTreatment {
  drop,    ///< it is left out of the maximum, mean and variance (semantics of the Python HyperSHAP)
  repair,  ///< it is completed to a legal configuration; dropped only where a forbidden clause still holds
  ignore   ///< it is scored as it is; exists to reproduce the reference's ablation
};

[[nodiscard]] std::string_view to_string(BlendTreatment treatment);

/// Where the value of one hyperparameter of a blend comes from.
enum class BlendSource : std::uint8_t { sample, baseline, completion, unset };

/// The blends λ ⊕_S λ0 of a list of configurations λ with one baseline λ0, for any coalition S of players.
///
/// Players are the space's searched hyperparameters: bit p of a coalition is hyperparameter space.searched()[p].
/// Under `drop` and `ignore` a player in S has the sample's value, or is unset as there, and one outside S the
/// baseline's. Under `repair` a child that becomes inactive is unset; one that becomes active takes its value from λ if
/// it is in S and set there, else from λ0 if set there, else from `completion` (one value for every hyperparameter; the
/// defaults unless given). Constants are nobody's to blind: they are set wherever the blend makes them active.
class Blends {
 public:
  /// @throws InvalidInput where sizes differ from the space's, there are more than 63 players, any value is outside its
  /// domain, the completion lacks one, or the baseline is illegal (not under `ignore`).
  Blends(std::shared_ptr<const SearchSpace> space, Configuration baseline, std::vector<Configuration> samples,
         BlendTreatment treatment = BlendTreatment::repair, std::optional<Configuration> completion = std::nullopt);

  [[nodiscard]] const SearchSpace& space() const { return *space_; }
  [[nodiscard]] const std::shared_ptr<const SearchSpace>& shared_space() const { return space_; }
  [[nodiscard]] const std::vector<std::size_t>& players() const { return space_->searched(); }
  [[nodiscard]] int number_of_players() const { return static_cast<int>(players().size()); }
  [[nodiscard]] std::size_t number_of_samples() const { return samples_.size(); }
  [[nodiscard]] const Configuration& baseline() const { return baseline_; }
  [[nodiscard]] const Configuration& sample(std::size_t i) const { return samples_[i]; }
  [[nodiscard]] const Configuration& completion() const { return completion_; }
  [[nodiscard]] BlendTreatment treatment() const { return treatment_; }

  /// The source of every hyperparameter (length d; constants are never the sample's) of the blend of sample i under S.
  /// What this says of one condition component (SearchSpace::component) depends only on the members of S in it. O(d),
  /// no allocation.
  void sources(std::size_t i, Coalition coalition, std::span<BlendSource> out) const;

  [[nodiscard]] Configuration blend(std::size_t i, Coalition coalition) const;

  /// Whether the blend counts: always under `ignore`, legal under `drop`, not forbidden under `repair`.
  [[nodiscard]] bool counts(std::size_t i, Coalition coalition) const;
  /// True where no blend can fail to count, so that callers need not ask.
  [[nodiscard]] bool all_count() const { return all_count_; }

 private:
  // Of hyperparameter j in the blend of sample i.
  [[nodiscard]] double code(std::size_t j, std::size_t i, BlendSource source) const;
  [[nodiscard]] bool is_active(std::size_t j, std::size_t i, std::span<const BlendSource> sources) const;

  std::shared_ptr<const SearchSpace> space_;
  Configuration baseline_;
  std::vector<Configuration> samples_;
  BlendTreatment treatment_;
  Configuration completion_;
  std::vector<int> player_of_;  // hyperparameter -> player, -1 for constants
  bool all_count_ = false;
};

}  // namespace hyperego
