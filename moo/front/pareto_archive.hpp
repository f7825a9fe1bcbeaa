#pragma once

#include <Eigen/Core>

#include <cstdint>
#include <vector>

namespace hyperego {

/// The non-dominated points of a stream, all objectives minimised, each with the caller's id (such as a trial number).
///
/// Equal points stay side by side, as none dominates the other, so the content does not depend on the order of arrival
/// and is that of non_dominated() on everything added so far.
class ParetoArchive {
 public:
  using Id = std::uint64_t;

  struct Member {
    Id id;
    Eigen::VectorXd objectives;
  };

  struct Addition {
    bool entered = false;
    std::vector<Id> evicted;  ///< members that the new point dominates, in ascending order of id
  };

  /// @throws InvalidInput when `number_of_objectives` is below 1.
  explicit ParetoArchive(int number_of_objectives);

  /// O(n m) with n members. @throws InvalidInput for a wrong number of objectives, NaN, or an id that is already a
  /// member.
  Addition add(Id id, const Eigen::Ref<const Eigen::VectorXd>& objectives);

  /// In lexicographic order of objectives, then by id. O(1).
  [[nodiscard]] const std::vector<Member>& front() const { return members_; }
  /// The objectives of front(), one row per member.
  [[nodiscard]] Eigen::MatrixXd front_points() const;
  [[nodiscard]] std::size_t size() const { return members_.size(); }
  [[nodiscard]] bool empty() const { return members_.empty(); }
  [[nodiscard]] int number_of_objectives() const { return number_of_objectives_; }

 private:
  int number_of_objectives_;
  std::vector<Member> members_;
};

}  // namespace hyperego
