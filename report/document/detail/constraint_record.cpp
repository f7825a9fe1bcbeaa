#include <hyperego/report/document/detail/constraint_record.hpp>
#include <hyperego/report/document/detail/document_parts.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego::detail {
namespace {

void count_in(ConstraintRecord& record, double value) {
  record.least = record.measured == 0 ? value : std::min(record.least, value);
  record.greatest = record.measured == 0 ? value : std::max(record.greatest, value);
  ++record.measured;
  if (value < record.constraint.lower) ++record.below;
  if (value > record.constraint.upper) ++record.above;
}

}  // namespace

std::vector<ConstraintRecord> constraint_records(const StudyHistory& history) {
  std::vector<ConstraintRecord> records;
  for (const Constraint& constraint : history.study().constraints) records.push_back({.constraint = constraint});
  for (const StudyHistory::Record& trial : history.records()) {
    if (!trial.outcome) continue;
    const Eigen::VectorXd& values = trial.outcome->constraints;
    for (std::size_t i = 0; i < records.size() && static_cast<Eigen::Index>(i) < values.size(); ++i) {
      count_in(records[i], values[static_cast<Eigen::Index>(i)]);
    }
  }
  return records;
}

std::string limits_in_words(const Constraint& constraint) {
  if (std::isinf(constraint.lower)) return "at most " + in_words(constraint.upper);
  if (std::isinf(constraint.upper)) return "at least " + in_words(constraint.lower);
  return "from " + in_words(constraint.lower) + " to " + in_words(constraint.upper);
}

std::string broken_in_words(const std::vector<Constraint>& constraints, const Outcome& outcome) {
  std::vector<std::string> broken;
  for (std::size_t i = 0; i < constraints.size(); ++i) {
    if (static_cast<Eigen::Index>(i) >= outcome.constraints.size()) break;
    const double value = outcome.constraints[static_cast<Eigen::Index>(i)];
    if (value < constraints[i].lower)
      broken.push_back(constraints[i].name + " below " + in_words(constraints[i].lower));
    if (value > constraints[i].upper)
      broken.push_back(constraints[i].name + " above " + in_words(constraints[i].upper));
  }
  return listed(broken);
}

}  // namespace hyperego::detail
