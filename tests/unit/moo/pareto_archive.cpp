#include <hyperego/core/error.hpp>
#include <hyperego/moo/front/pareto_archive.hpp>

#include <doctest/doctest.h>

#include <limits>

namespace hyperego {
namespace {

TEST_CASE("the archive says who entered and who left") {
  ParetoArchive archive(2);
  CHECK(archive.add(7, Eigen::Vector2d(3, 3)).entered);
  CHECK(archive.add(5, Eigen::Vector2d(2, 4)).entered);
  CHECK(archive.add(6, Eigen::Vector2d(3, 3)).entered);
  CHECK_FALSE(archive.add(8, Eigen::Vector2d(3, 4)).entered);
  REQUIRE(archive.size() == 3);
  CHECK(archive.front()[0].id == 5);
  CHECK(archive.front()[1].id == 6);
  CHECK(archive.front()[2].id == 7);
  const auto addition = archive.add(9, Eigen::Vector2d(3, 2));
  CHECK(addition.entered);
  CHECK(addition.evicted == std::vector<ParetoArchive::Id>{6, 7});
  CHECK(archive.front_points() == (Eigen::MatrixXd(2, 2) << 2, 4, 3, 2).finished());
}

TEST_CASE("misuse of the archive names the argument") {
  ParetoArchive archive(2);
  archive.add(1, Eigen::Vector2d(0, 0));
  CHECK_THROWS_WITH_AS(archive.add(1, Eigen::Vector2d(-1, 1)), "id: 1 is already a member; add every trial once",
                       InvalidInput);
  CHECK_THROWS_AS(archive.add(2, Eigen::Vector3d(0, 0, 0)), InvalidInput);
  CHECK_THROWS_AS(archive.add(2, Eigen::Vector2d(0, std::numeric_limits<double>::quiet_NaN())), InvalidInput);
  CHECK_THROWS_AS(ParetoArchive(0), InvalidInput);
}

}  // namespace
}  // namespace hyperego
