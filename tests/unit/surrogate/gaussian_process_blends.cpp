// The specialised prediction of blends against building and predicting every blend.
#include <hyperego/core/error.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <doctest/doctest.h>

#include "surrogate_spaces.hpp"
#include <numeric>
#include <optional>
#include <vector>

using namespace hyperego;

namespace {

std::vector<Coalition> every_coalition(int players) {
  std::vector<Coalition> coalitions(std::size_t{1} << static_cast<unsigned>(players));
  std::iota(coalitions.begin(), coalitions.end(), Coalition{0});
  return coalitions;
}

GaussianProcessSurrogate surrogate_on(const std::shared_ptr<const SearchSpace>& space, KernelForm form,
                                      TargetTransform::Kind transform = TargetTransform::Kind::none, int n = 37) {
  const auto configurations = test::sample_space(space, n, 21);
  return GaussianProcessSurrogate::fit(
      space, configurations, test::some_targets(*space, configurations),
      {.process = {.kernel = form, .evaluations_per_start = 15}, .transform = transform});
}

void check_blends(const GaussianProcessSurrogate& surrogate, const Blends& blends,
                  const std::vector<Coalition>& coalitions) {
  const std::size_t first = 2;
  const auto columns = static_cast<Eigen::Index>(blends.number_of_samples() - first);
  const auto rows = static_cast<Eigen::Index>(coalitions.size());
  Eigen::MatrixXd expected(rows, columns);
  Eigen::MatrixXd found = Eigen::MatrixXd::Constant(rows, columns, -1e9);
  surrogate.BlendPredictor::predict_blends(blends, first, coalitions, expected);
  surrogate.predict_blends(blends, first, coalitions, found);
  CHECK(found.allFinite());
  double range = 0;
  double worst = 0;
  int counted = 0;
  for (Eigen::Index i = 0; i < columns; ++i) {
    for (Eigen::Index j = 0; j < rows; ++j) {
      if (!blends.counts(first + static_cast<std::size_t>(i), coalitions[static_cast<std::size_t>(j)])) continue;
      ++counted;
      range = std::max(range, std::abs(expected(j, i) - expected(0, 0)));
      worst = std::max(worst, std::abs(expected(j, i) - found(j, i)));
    }
  }
  CHECK(counted > 0);
  CHECK(range > 0.1);
  CHECK(worst <= 1e-10 * range);
}

}  // namespace

TEST_CASE("half tables agree with predicting every blend") {
  for (const KernelForm form : {KernelForm::product, KernelForm::joint}) {
    for (const auto& space : {test::conditional_space(), test::flat_space(6), test::flat_space(7, true)}) {
      const GaussianProcessSurrogate surrogate = surrogate_on(space, form);
      const auto samples = test::sample_space(space, 12, 22);
      for (const auto treatment : {BlendTreatment::repair, BlendTreatment::drop, BlendTreatment::ignore}) {
        CAPTURE(to_string(form));
        CAPTURE(to_string(treatment));
        for (std::size_t baseline = 0; baseline < 4; ++baseline) {
          const Blends blends(space, test::sample_space(space, 4, 23)[baseline], samples, treatment);
          check_blends(surrogate, blends, every_coalition(blends.number_of_players()));
          check_blends(surrogate, blends, {grand_coalition(blends.number_of_players()), 5, 0, 17, 5, 42});
        }
      }
    }
  }
}

TEST_CASE("half tables take completions, transforms, partial samples and single players") {
  const auto space = test::conditional_space(false);
  Configuration completion = test::sample_space(space, 1, 31)[0];
  for (std::size_t i = 0; i < space->size(); ++i) {
    if (!completion.is_set(i)) completion.set(i, (*space)[i].from_unit(0.83));
  }
  const auto samples = test::sample_space(space, 9, 32);
  const Blends blends(space, samples[1], samples, BlendTreatment::repair, completion);
  check_blends(surrogate_on(space, KernelForm::product, TargetTransform::Kind::yeo_johnson), blends,
               every_coalition(7));
  check_blends(surrogate_on(space, KernelForm::joint, TargetTransform::Kind::log), blends, every_coalition(7));

  const auto line = test::flat_space(1);
  const auto points = test::sample_space(line, 6, 33);
  check_blends(surrogate_on(line, KernelForm::product), Blends(line, points[0], points), {0, 1});

  // More points than a block of the joint sums, and not a multiple of 8.
  const auto cube = test::flat_space(3);
  const auto corners = test::sample_space(cube, 6, 34);
  check_blends(surrogate_on(cube, KernelForm::joint, TargetTransform::Kind::none, 203),
               Blends(cube, corners[0], corners), every_coalition(3));
}

TEST_CASE("tiles of any size give the same bytes") {
  const auto space = test::conditional_space();
  const GaussianProcessSurrogate surrogate = surrogate_on(space, KernelForm::product);
  const auto samples = test::sample_space(space, 10, 41);
  const Blends blends(space, samples[0], samples);
  const auto coalitions = every_coalition(7);
  Eigen::MatrixXd whole(128, 10);
  surrogate.predict_blends(blends, 0, coalitions, whole);
  Eigen::MatrixXd pieces(128, 10);
  for (std::size_t i = 0; i < 10; i += 5) {
    surrogate.predict_blends(blends, i, coalitions, pieces.middleCols(static_cast<Eigen::Index>(i), 5));
  }
  CHECK(whole == pieces);
}

TEST_CASE("tiles that do not fit are refused") {
  const auto space = test::flat_space(3);
  const GaussianProcessSurrogate surrogate = surrogate_on(space, KernelForm::product);
  const auto samples = test::sample_space(space, 4, 1);
  const Blends blends(space, samples[0], samples);
  Eigen::MatrixXd tile(8, 4);
  CHECK_THROWS_AS(surrogate.predict_blends(blends, 1, every_coalition(3), tile), InvalidInput);
  const auto other = test::flat_space(4);
  const auto foreign = test::sample_space(other, 4, 1);
  CHECK_THROWS_AS(surrogate.predict_blends(Blends(other, foreign[0], foreign), 0, every_coalition(3), tile),
                  InvalidInput);
}
