#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/core/sobol.hpp>

#include <boost/random/sobol.hpp>

#include <vector>

namespace hyperego {
namespace {

std::size_t checked(std::size_t dimension) {
  if (dimension == 0 || dimension > SobolSequence::largest_dimension) {
    throw InvalidInput("dimension", std::to_string(dimension) + " is not between 1 and " +
                                        std::to_string(SobolSequence::largest_dimension));
  }
  return dimension;
}

}  // namespace

struct SobolSequence::State {
  boost::random::sobol engine;
  std::vector<std::uint64_t> shift;
  std::uint64_t index =
      0;  // of the next point; Boost starts at 1, for only without the origin is its first point inside the cube
};

SobolSequence::SobolSequence(std::size_t dimension, std::uint64_t seed)
    : state_(std::make_unique<State>(State{boost::random::sobol(checked(dimension)), {}, 0})) {
  Rng rng(seed, "sobol shift");
  for (std::size_t k = 0; k < dimension; ++k) state_->shift.push_back(rng());
}

SobolSequence::~SobolSequence() = default;
SobolSequence::SobolSequence(SobolSequence&&) noexcept = default;
SobolSequence& SobolSequence::operator=(SobolSequence&&) noexcept = default;

Eigen::VectorXd SobolSequence::next() {
  Eigen::VectorXd point(static_cast<Eigen::Index>(state_->shift.size()));
  for (std::size_t k = 0; k < state_->shift.size(); ++k) {
    const std::uint64_t bits = (state_->index == 0 ? 0 : state_->engine()) ^ state_->shift[k];
    point(static_cast<Eigen::Index>(k)) = static_cast<double>(bits >> 11U) * 0x1.0p-53;
  }
  ++state_->index;
  return point;
}

void SobolSequence::discard(std::uint64_t count) {
  state_->index += count;
  if (state_->index > 0) state_->engine.seed(state_->index - 1);
}

}  // namespace hyperego
