#include <hyperego/core/error.hpp>
#include <hyperego/moo/problems/problem.hpp>

#include <limits>
#include <sstream>

namespace hyperego {
namespace {

std::string text(double value) {
  std::ostringstream out;
  out.precision(std::numeric_limits<double>::max_digits10);
  out << value;
  return out.str();
}

}  // namespace

void Problem::read_shape() {
  lower_ = self_->lower();
  upper_ = self_->upper();
  number_of_objectives_ = self_->number_of_objectives();
  const int variables = self_->number_of_variables();
  if (variables < 1) throw InvalidInput("number_of_variables", "must be 1 or more");
  if (number_of_objectives_ < 1) throw InvalidInput("number_of_objectives", "must be 1 or more");
  if (lower_.size() != variables) throw InvalidInput("lower", "needs one bound per variable");
  if (upper_.size() != variables) throw InvalidInput("upper", "needs one bound per variable");
  if (!lower_.allFinite() || !upper_.allFinite() || !(lower_.array() <= upper_.array()).all()) {
    throw InvalidInput("upper", "every bound must be finite and no lower bound above its upper bound");
  }
}

Eigen::VectorXd Problem::evaluate(std::span<const double> x) const {
  if (x.size() != static_cast<std::size_t>(lower_.size())) {
    throw InvalidInput("x", "has " + std::to_string(x.size()) + " values; " + name() + " takes " +
                                std::to_string(lower_.size()) + " variables");
  }
  const bool only_bits = binary();
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto c = static_cast<Eigen::Index>(i);
    const auto where = [&] { return "x[" + std::to_string(i) + "]"; };
    if (!(x[i] >= lower_(c) && x[i] <= upper_(c))) {
      throw InvalidInput(where(),
                         "is " + text(x[i]) + "; give a value in [" + text(lower_(c)) + ", " + text(upper_(c)) + "]");
    }
    if (only_bits && x[i] != 0 && x[i] != 1) throw InvalidInput(where(), "is " + text(x[i]) + "; give 0 or 1");
  }
  return self_->evaluate(x);
}

Eigen::MatrixXd Problem::pareto_front(Eigen::Index count) const {
  if (front_knowledge() == FrontKnowledge::unknown) {
    throw InvalidInput("pareto_front",
                       "the front of " + name() + " has no known form; give a reference set of your own");
  }
  if (count < 2) throw InvalidInput("count", "is " + std::to_string(count) + "; give 2 or more");
  return self_->pareto_front(count);
}

}  // namespace hyperego
