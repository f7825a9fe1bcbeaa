#include <hyperego/core/error.hpp>
#include <hyperego/moo/front/pareto.hpp>
#include <hyperego/moo/front/pareto_archive.hpp>

#include <algorithm>
#include <string>

namespace hyperego {
namespace {

bool before(const ParetoArchive::Member& a, const ParetoArchive::Member& b) {
  for (Eigen::Index c = 0; c < a.objectives.size(); ++c) {
    if (a.objectives(c) != b.objectives(c)) return a.objectives(c) < b.objectives(c);
  }
  return a.id < b.id;
}

}  // namespace

ParetoArchive::ParetoArchive(int number_of_objectives) : number_of_objectives_(number_of_objectives) {
  if (number_of_objectives < 1) throw InvalidInput("number_of_objectives", "must be 1 or more");
}

ParetoArchive::Addition ParetoArchive::add(Id id, const Eigen::Ref<const Eigen::VectorXd>& objectives) {
  if (objectives.size() != number_of_objectives_) {
    throw InvalidInput("objectives", "has " + std::to_string(objectives.size()) + " values; give " +
                                         std::to_string(number_of_objectives_) + ", one per objective of the archive");
  }
  if (objectives.hasNaN()) throw InvalidInput("objectives", "has a NaN; leave failed trials out of the archive");
  const auto same_id = [&](const Member& member) { return member.id == id; };
  if (std::any_of(members_.begin(), members_.end(), same_id)) {
    throw InvalidInput("id", std::to_string(id) + " is already a member; add every trial once");
  }
  const auto dominating = [&](const Member& member) { return dominates(member.objectives, objectives); };
  if (std::any_of(members_.begin(), members_.end(), dominating)) return {};
  Addition addition{.entered = true, .evicted = {}};
  std::erase_if(members_, [&](const Member& member) {
    const bool dominated = dominates(objectives, member.objectives);
    if (dominated) addition.evicted.push_back(member.id);
    return dominated;
  });
  std::sort(addition.evicted.begin(), addition.evicted.end());
  Member newcomer{id, objectives};
  members_.insert(std::upper_bound(members_.begin(), members_.end(), newcomer, before), std::move(newcomer));
  return addition;
}

Eigen::MatrixXd ParetoArchive::front_points() const {
  Eigen::MatrixXd points(static_cast<Eigen::Index>(members_.size()), number_of_objectives_);
  for (std::size_t i = 0; i < members_.size(); ++i) {
    points.row(static_cast<Eigen::Index>(i)) = members_[i].objectives.transpose();
  }
  return points;
}

}  // namespace hyperego
