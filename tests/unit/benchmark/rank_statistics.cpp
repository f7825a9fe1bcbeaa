// Against scipy 1.17.1 (friedmanchisquare, rankdata, studentized_range with df = inf, f) and, for Wilcoxon with ties,
// all 2^n signs.
#include <hyperego/benchmark/rank_statistics.hpp>
#include <hyperego/core/error.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace hyperego;

namespace {

/// Four classifiers on fourteen data sets: the example of Demšar 2006, table 6, with one tie broken (0.9751).
Eigen::MatrixXd demsar_scores() {
  Eigen::MatrixXd scores(14, 4);
  scores << 0.763, 0.768, 0.771, 0.798, 0.599, 0.591, 0.590, 0.569, 0.954, 0.971, 0.968, 0.967, 0.628, 0.661, 0.654,
      0.657, 0.882, 0.888, 0.886, 0.898, 0.936, 0.931, 0.916, 0.931, 0.661, 0.668, 0.609, 0.685, 0.583, 0.583, 0.563,
      0.625, 0.775, 0.838, 0.866, 0.875, 1.000, 1.000, 1.000, 1.000, 0.940, 0.962, 0.965, 0.962, 0.619, 0.666, 0.614,
      0.669, 0.972, 0.981, 0.9751, 0.975, 0.957, 0.978, 0.946, 0.970;
  return scores;
}

}  // namespace

TEST_CASE("ranks share places where scores are equal") {
  Eigen::MatrixXd scores(2, 4);
  scores << 3, 1, 3, 2, 5, 5, 5, 5;
  Eigen::MatrixXd expected(2, 4);
  expected << 1.5, 4, 1.5, 3, 2.5, 2.5, 2.5, 2.5;
  CHECK(ranks_by_row(scores) == expected);
  scores(0, 0) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS((void)ranks_by_row(scores), InvalidInput);
}

TEST_CASE("Friedman's test, corrected for ties") {
  const FriedmanTest test = friedman_test(demsar_scores());
  CHECK(test.mean_ranks[0] == doctest::Approx(3.142857142857143));
  CHECK(test.mean_ranks[1] == doctest::Approx(2.0));
  CHECK(test.mean_ranks[2] == doctest::Approx(2.892857142857143));
  CHECK(test.mean_ranks[3] == doctest::Approx(1.9642857142857142));
  CHECK(test.chi_squared == doctest::Approx(10.228346456692925).epsilon(1e-12));
  CHECK(test.p_chi_squared == doctest::Approx(0.016721580328441323).epsilon(1e-10));
  CHECK(test.f == doctest::Approx(4.1851301115241695).epsilon(1e-12));
  CHECK(test.p_f == doctest::Approx(0.011620659515310975).epsilon(1e-10));
}

TEST_CASE("Friedman's test at its ends") {
  const FriedmanTest equal = friedman_test(Eigen::MatrixXd::Ones(3, 3));
  CHECK(equal.chi_squared == 0);
  CHECK(equal.p_chi_squared == 1);
  CHECK(equal.p_f == 1);
  Eigen::MatrixXd same(4, 3);
  same << 3, 2, 1, 6, 5, 4, 9, 8, 7, 3, 2, 1;
  const FriedmanTest agreed = friedman_test(same);
  CHECK(agreed.chi_squared == doctest::Approx(8));  // N (k − 1)
  CHECK(std::isinf(agreed.f));
  CHECK(agreed.p_f == 0);
  CHECK_THROWS_AS((void)friedman_test(Eigen::MatrixXd::Ones(3, 1)), InvalidInput);
  CHECK_THROWS_AS((void)friedman_test(Eigen::MatrixXd::Ones(1, 3)), InvalidInput);
}

TEST_CASE("the studentized range with infinitely many degrees of freedom") {
  struct Row {
    int k;
    double at_half, at_two, at_three_and_a_half, at_five;
    double demsar;  ///< table 5 of Demšar 2006: q_0.05 / √2
  };
  for (const Row& row :
       {Row{2, 0.7236736098317631, 0.15729920705028522, 0.013328328780817356, 0.00040695201744500586, 1.960},
        Row{3, 0.933421945135287, 0.33349932504015, 0.03555704186316044, 0.0011839912309870027, 2.343},
        Row{4, 0.9848499118944073, 0.49036940998054945, 0.06387633385690328, 0.002300502938198834, 2.569},
        Row{5, 0.9966596839434493, 0.6184494805509919, 0.09633846396542678, 0.0037302738051944173, 2.728},
        Row{10, 0.9999985866194843, 0.9232142386068531, 0.28201643828913625, 0.014857437887783598, 3.164}}) {
    CAPTURE(row.k);
    CHECK(std::abs(studentized_range_tail(0.5, row.k) - row.at_half) < 1e-9);
    CHECK(std::abs(studentized_range_tail(2, row.k) - row.at_two) < 1e-9);
    CHECK(std::abs(studentized_range_tail(3.5, row.k) - row.at_three_and_a_half) < 1e-9);
    CHECK(std::abs(studentized_range_tail(5, row.k) - row.at_five) < 1e-9);
    CHECK(std::abs(studentized_range_quantile(0.05, row.k) / std::sqrt(2.0) - row.demsar) < 1e-3);
  }
  CHECK(studentized_range_tail(0, 3) == doctest::Approx(1));
  CHECK(studentized_range_tail(50, 3) == 0);
  CHECK_THROWS_AS((void)studentized_range_tail(-1, 3), InvalidInput);
  CHECK_THROWS_AS((void)studentized_range_quantile(1, 3), InvalidInput);
}

TEST_CASE("Nemenyi's critical difference is where its p-value is the level") {
  // Demšar 2006, section 3.2.2: 4 classifiers, 14 data sets, 1.25 at 0.05 and 1.12 at 0.10.
  CHECK(nemenyi_critical_difference(4, 14) == doctest::Approx(1.25).epsilon(0.005));
  CHECK(nemenyi_critical_difference(4, 14, 0.1) == doctest::Approx(1.12).epsilon(0.005));
  const double difference = nemenyi_critical_difference(5, 11, 0.05);
  CHECK(nemenyi_p_value(difference, 5, 11) == doctest::Approx(0.05).epsilon(1e-6));
  CHECK(nemenyi_p_value(-difference, 5, 11) == doctest::Approx(0.05).epsilon(1e-6));
  CHECK(nemenyi_p_value(0, 5, 11) == doctest::Approx(1));
}

TEST_CASE("Wilcoxon's signed ranks, exact with and without ties") {
  Eigen::VectorXd differences(8);
  differences << 0.5, -0.2, 0.9, 1.4, -0.6, 0.3, 0.7, 1.1;
  CHECK(wilcoxon_signed_rank(differences).positive_ranks == 31);
  CHECK(wilcoxon_signed_rank(differences).p == doctest::Approx(0.078125));
  CHECK(wilcoxon_signed_rank(-differences).p == doctest::Approx(0.078125));
  Eigen::VectorXd tied(9);
  tied << 1, 2, 2, -2, 3, -1, 4, 5, 0;
  CHECK(wilcoxon_signed_rank(tied).pairs == 8);
  CHECK(wilcoxon_signed_rank(tied).positive_ranks == 30.5);
  CHECK(wilcoxon_signed_rank(tied).p == doctest::Approx(0.1015625));
  CHECK(wilcoxon_signed_rank(Eigen::VectorXd::Zero(4)).p == 1);
  CHECK(wilcoxon_signed_rank(Eigen::VectorXd::LinSpaced(6, 1, 6)).p == doctest::Approx(2.0 / 64));
}
