#include <hyperego/core/error.hpp>
#include <hyperego/moo/acquisition/acquisition_maximizer.hpp>
#include <hyperego/moo/acquisition/detail/exchange_ascent.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <string>
#include <utility>

using namespace hyperego;

namespace {

/// A float, an integer, a categorical and a child of the categorical: the acquisition is a paraboloid in unit
/// coordinates, plus a bonus for one choice.
std::shared_ptr<const SearchSpace> mixed_space() {
  std::vector<Hyperparameter> h{make_float("x", 0.001, 10, true), make_integer("k", 1, 100),
                                make_categorical("c", {Value("a"), Value("b"), Value("d")}), make_float("y", 0, 1)};
  Comparison is_b{Comparison::Relation::equals, 2, {1}};
  return std::make_shared<const SearchSpace>(std::move(h), std::vector<SearchSpace::ChildCondition>{{3, is_b}});
}

class Paraboloid final : public AcquisitionFunction {
 public:
  explicit Paraboloid(const SearchSpace& space) : space_(space) {}

  Eigen::VectorXd values(std::span<const Configuration> configurations) const override {
    Eigen::VectorXd result(static_cast<Eigen::Index>(configurations.size()));
    Eigen::VectorXd unused(4);
    for (std::size_t i = 0; i < configurations.size(); ++i) {
      result[static_cast<Eigen::Index>(i)] =
          value_and_gradient(configurations[i], space_.encode(configurations[i]), unused);
    }
    return result;
  }

  double value_and_gradient(const Configuration& configuration, const Eigen::VectorXd& unit,
                            Eigen::Ref<Eigen::VectorXd> gradient) const override {
    gradient.setZero();
    double value = configuration[2] == 1 ? 0.3 : 0;
    const Eigen::Vector4d target(0.31, 0.777, 0, 1);
    for (const Eigen::Index i : {0, 1, 3}) {
      if (!configuration.is_set(static_cast<std::size_t>(i))) continue;
      value -= (unit[i] - target[i]) * (unit[i] - target[i]);
      gradient[i] = -2 * (unit[i] - target[i]);
    }
    return value;
  }

 private:
  const SearchSpace& space_;
};

const auto nothing_excluded = [](const Configuration&) { return false; };

}  // namespace

TEST_CASE("the maximum of a mixed, conditional paraboloid") {
  const auto space = mixed_space();
  const Paraboloid acquisition(*space);
  const auto best = maximize_acquisition(acquisition, Slice(space), {}, nothing_excluded, Rng(1, "test"), {});
  REQUIRE(best.has_value());
  CHECK((*space)[0].to_unit(best->configuration[0]) == doctest::Approx(0.31).epsilon(1e-3));
  CHECK(best->configuration[1] == 78);  // bin centres at (k − ½)/100
  CHECK(best->configuration[2] == 1);
  CHECK(best->configuration[3] == doctest::Approx(1));
  CHECK(space->check(best->configuration).verdict == Legality::Verdict::legal);
}

TEST_CASE("frozen means frozen, and excluded configurations are not returned") {
  const auto space = mixed_space();
  const Paraboloid acquisition(*space);
  Configuration frozen = space->default_configuration();
  frozen.set(0, 5.0);
  frozen.set(2, 2);
  const Slice slice(space, {false, true, false, true}, frozen);
  std::vector<Configuration> refused;
  // Start the search at the unconstrained optimum, which is off the slice.
  Configuration anchor = space->default_configuration();
  anchor.set(2, 1);
  anchor.set(3, 1);
  for (int i = 0; i < 5; ++i) {
    const auto best = maximize_acquisition(
        acquisition, slice, std::span(&anchor, 1),
        [&](const Configuration& c) { return std::find(refused.begin(), refused.end(), c) != refused.end(); },
        Rng(1, "test"), {});
    REQUIRE(best.has_value());
    CHECK(slice.contains(best->configuration));
    CHECK(best->configuration[0] == 5.0);
    CHECK(best->configuration[2] == 2);
    CHECK_FALSE(best->configuration.is_set(3));
    CHECK(std::find(refused.begin(), refused.end(), best->configuration) == refused.end());
    refused.push_back(best->configuration);
  }
  // The five best values of k around the optimum, in order.
  CHECK(refused[0][1] == 78);
  CHECK(std::abs(refused[4][1] - 78) <= 3);
}

TEST_CASE("nothing is returned where everything is excluded") {
  const auto space = mixed_space();
  const Paraboloid acquisition(*space);
  CHECK_FALSE(
      maximize_acquisition(acquisition, Slice(space), {}, [](const Configuration&) { return true; }, Rng(1, "test"), {})
          .has_value());
  CHECK_THROWS_AS(AcquisitionMaximizerOptions{.starts = 0}.validate(), InvalidInput);
}

namespace {

/// Σ (u_i − t_i)² over integers and categoricals, counting what is valued.
class CountedDistance final : public AcquisitionFunction {
 public:
  explicit CountedDistance(const SearchSpace& space) : space_(space) {}

  Eigen::VectorXd values(std::span<const Configuration> configurations) const override {
    valued += configurations.size();
    Eigen::VectorXd result(static_cast<Eigen::Index>(configurations.size()));
    for (std::size_t k = 0; k < configurations.size(); ++k) {
      const Eigen::VectorXd unit = space_.encode(configurations[k]);
      double sum = 0;
      for (Eigen::Index i = 0; i < unit.size(); ++i) sum += std::pow(unit[i] - static_cast<double>(i % 3) / 2, 2);
      result[static_cast<Eigen::Index>(k)] = -sum;
    }
    return result;
  }
  // Flat, so that only exchanges climb.
  double value_and_gradient(const Configuration& configuration, const Eigen::VectorXd& /*unit*/,
                            Eigen::Ref<Eigen::VectorXd> gradient) const override {
    gradient.setZero();
    return values(std::span(&configuration, 1))[0];
  }

  mutable std::size_t valued = 0;

 private:
  const SearchSpace& space_;
};

std::shared_ptr<const SearchSpace> discrete_space(std::size_t d) {
  std::vector<Hyperparameter> h;
  for (std::size_t i = 0; i < d; ++i) {
    const std::string name = "h" + std::to_string(i);
    h.push_back(i % 2 == 0 ? make_integer(name, 0, 10)
                           : make_categorical(name, {Value("a"), Value("b"), Value("c"), Value("d")}));
  }
  return std::make_shared<const SearchSpace>(std::move(h));
}

/// Values of one ascent from the defaults, and how far it got.
std::pair<std::size_t, double> ascended(const std::shared_ptr<const SearchSpace>& space, std::uint64_t seed = 1) {
  const CountedDistance acquisition(*space);
  const Configuration start = space->default_configuration();
  AcquisitionMaximum current{start, acquisition.values(std::span(&start, 1))[0]};
  const double before = current.value;
  acquisition.valued = 0;
  std::size_t offered = 0;
  Rng rng(seed, "test");
  CHECK(detail::exchange_ascent(
      acquisition, Slice(space), current, [&](const Configuration&, double) { ++offered; }, rng));
  CHECK(offered == acquisition.valued);
  CHECK(space->check(current.configuration).verdict == Legality::Verdict::legal);
  CHECK(current.value == acquisition.values(std::span(&current.configuration, 1))[0]);
  return {offered, current.value - before};
}

}  // namespace

TEST_CASE("an ascent over many discrete hyperparameters values a number of exchanges that does not grow with them") {
  const auto [at_40, gain_40] = ascended(discrete_space(40));
  const auto [at_400, gain_400] = ascended(discrete_space(400));
  CHECK(at_40 <= 200);
  CHECK(at_400 <= 200);
  CHECK(gain_40 > 0.5);
  CHECK(gain_400 > 0.5);
  CHECK(ascended(discrete_space(400)).second == gain_400);  // keyed
  CHECK(ascended(discrete_space(400), 2).second != gain_400);
}

TEST_CASE("up to twenty discrete hyperparameters the ascent is the steepest one and draws nothing") {
  const auto space = discrete_space(20);
  CHECK(ascended(space, 1) == ascended(space, 2));
  CHECK(ascended(space).first > 1000);  // whole sweeps
}

TEST_CASE("of very many choices only some are valued") {
  std::vector<Value> choices;
  for (int k = 0; k < 100000; ++k) choices.emplace_back("c" + std::to_string(k));
  const auto space = std::make_shared<const SearchSpace>(
      std::vector<Hyperparameter>{make_categorical("c", std::move(choices), Value("c50000"))});
  const auto [valued, gain] = ascended(space);
  CHECK(valued <= 20000);
  CHECK(gain > 0.2);
}
