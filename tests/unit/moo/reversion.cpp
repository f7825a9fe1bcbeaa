#include <hyperego/moo/model/importance.hpp>
#include <hyperego/moo/search/reversion.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

using namespace hyperego;

namespace reversion_test {
namespace {

std::shared_ptr<const SearchSpace> floats_space(int count) {
  std::vector<Hyperparameter> h;
  for (int i = 0; i < count; ++i) h.push_back(make_float("x" + std::to_string(i), 0, 1));
  return std::make_shared<const SearchSpace>(std::move(h));
}

/// log α = −Σ c_i (1 − x_i) over what is set, and the number of values asked for.
class WeighedDistance final : public AcquisitionFunction {
 public:
  explicit WeighedDistance(std::vector<double> costs) : costs_(std::move(costs)) {}
  Eigen::VectorXd values(std::span<const Configuration> configurations) const override {
    asked += configurations.size();
    Eigen::VectorXd result = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(configurations.size()));
    for (std::size_t k = 0; k < configurations.size(); ++k) {
      for (std::size_t i = 0; i < costs_.size(); ++i) {
        const double missing = configurations[k].is_set(i) ? 1 - configurations[k][i] : 0;
        result[static_cast<Eigen::Index>(k)] -= costs_[i] * missing;
      }
    }
    return result;
  }
  double value_and_gradient(const Configuration& /*configuration*/, const Eigen::VectorXd& /*unit*/,
                            Eigen::Ref<Eigen::VectorXd> /*gradient*/) const override {
    return 0;
  }
  mutable std::size_t asked = 0;

 private:
  std::vector<double> costs_;
};

Configuration all_at(std::size_t size, double code) {
  Configuration result(size);
  for (std::size_t i = 0; i < size; ++i) result.set(i, code);
  return result;
}

const std::function<bool(const Configuration&)> nothing_known = [](const Configuration&) { return false; };

}  // namespace

TEST_CASE("what costs next to none of the acquisition goes back, cheapest first, within the share kept") {
  const auto space = floats_space(5);
  // 0.9 of the maximum is log 0.9 = −0.105: the three cheapest together, not the fourth.
  const WeighedDistance acquisition({2, 0.06, 0.01, 0.12, 0.02});
  const AcquisitionMaximum maximum{all_at(5, 1), 0};
  const std::vector<Configuration> origins{all_at(5, 0)};
  const auto found = revert(acquisition, Slice(space), maximum, origins, 0.9, nothing_known);
  REQUIRE(found);
  CHECK(found->changed == std::vector<std::size_t>{0, 3});
  CHECK(found->reached.value == doctest::Approx(-0.09));
  CHECK(found->reached.configuration[1] == 0);
  CHECK(found->reached.configuration[3] == 1);
  REQUIRE(found->without.size() == 2);
  CHECK(found->without[0] == doctest::Approx(-2.09));
  CHECK(found->without[1] == doctest::Approx(-0.21));
}

TEST_CASE("nothing goes back where everything is worth changing, or there is no origin") {
  const WeighedDistance acquisition({1, 1});
  const AcquisitionMaximum maximum{all_at(2, 1), 0};
  const std::vector<Configuration> origins{all_at(2, 0)};
  const Slice whole(floats_space(2));
  CHECK_FALSE(revert(acquisition, whole, maximum, origins, 0.9, nothing_known));
  CHECK_FALSE(revert(acquisition, whole, maximum, {}, 0.9, nothing_known));
}

TEST_CASE("a known configuration is not returned to") {
  const WeighedDistance acquisition({0.001, 0.002});
  const AcquisitionMaximum maximum{all_at(2, 1), 0};
  const std::vector<Configuration> origins{all_at(2, 0)};
  const auto found = revert(acquisition, Slice(floats_space(2)), maximum, origins, 0.9,
                            [&](const Configuration& c) { return c == origins[0]; });
  REQUIRE(found);
  CHECK(found->changed == std::vector<std::size_t>{1});
}

TEST_CASE("of several origins the one with the fewest changes is taken") {
  const WeighedDistance acquisition({1, 1, 0});
  const AcquisitionMaximum maximum{all_at(3, 1), 0};
  Configuration shares_one = all_at(3, 0);
  shares_one.set(0, 1);
  const std::vector<Configuration> origins{all_at(3, 0), shares_one};
  const auto found = revert(acquisition, Slice(floats_space(3)), maximum, origins, 0.9, nothing_known);
  REQUIRE(found);
  CHECK(found->origin == shares_one);
  CHECK(found->changed == std::vector<std::size_t>{1});
}

TEST_CASE("a child goes with its parent, and what becomes active has a value") {
  std::vector<Hyperparameter> h{make_categorical("kind", {Value("a"), Value("b")}), make_float("depth", 0, 1)};
  const Comparison is_b{Comparison::Relation::equals, 0, {1}};
  const auto space =
      std::make_shared<const SearchSpace>(std::move(h), std::vector<SearchSpace::ChildCondition>{{1, is_b}});
  Configuration with_child(2);
  with_child.set(0, 1);
  with_child.set(1, 0.25);
  Configuration without_child(2);
  without_child.set(0, 0);
  const Slice whole(space);
  const std::vector<std::size_t> none;
  const std::vector<std::size_t> parent{0};
  CHECK(between(whole, without_child, with_child, none) == without_child);
  CHECK(between(whole, with_child, without_child, none) == with_child);
  // Only the parent changes: the child takes its value from whichever has one.
  CHECK(between(whole, without_child, with_child, parent) == with_child);
  CHECK(between(whole, with_child, without_child, parent) == without_child);
}

TEST_CASE("at most d² + d values of the acquisition, and few where effects add up") {
  constexpr std::size_t d = 40;
  std::vector<double> costs(d, 1e-4);
  costs[3] = costs[17] = 3;
  const WeighedDistance acquisition(costs);
  const AcquisitionMaximum maximum{all_at(d, 1), 0};
  const std::vector<Configuration> origins{all_at(d, 0)};
  const auto found = revert(acquisition, Slice(floats_space(d)), maximum, origins, 0.9, nothing_known);
  REQUIRE(found);
  CHECK(found->changed == std::vector<std::size_t>{3, 17});
  CHECK(acquisition.asked <= 3 * d);
}

TEST_CASE("effective dimension: d equal shares count d, a single one 1") {
  CHECK(effective_dimension(Eigen::VectorXd::Constant(8, 1.0 / 8)) == doctest::Approx(8));
  CHECK(effective_dimension(Eigen::Vector3d(0, 1, 0)) == doctest::Approx(1));
}

}  // namespace reversion_test
