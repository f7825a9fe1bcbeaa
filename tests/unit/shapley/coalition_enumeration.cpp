#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>

#include <doctest/doctest.h>

using namespace hyperego;

TEST_CASE("coalitions of one size come in lexicographic order of their players") {
  std::string keys;
  for (const Coalition coalition : coalitions_of_size(4, 2)) keys += coalition_key(coalition) + " ";
  CHECK_EQ(keys, "0,1 0,2 0,3 1,2 1,3 2,3 ");
  CHECK_EQ(coalitions_of_size(3, 0), std::vector<Coalition>{0});
  CHECK_EQ(coalitions_of_size(3, 3), std::vector<Coalition>{0b111});
  CHECK(coalitions_of_size(3, 4).empty());
}

TEST_CASE("the rank is the position") {
  for (int n : {1, 5, 9}) {
    for (int size = 0; size <= n; ++size) {
      const std::vector<Coalition> coalitions = coalitions_of_size(n, size);
      CHECK_EQ(coalitions.size(), binomial_coefficient(n, size));
      for (std::size_t i = 0; i < coalitions.size(); ++i) CHECK_EQ(lexicographic_rank(coalitions[i], n), i);
    }
  }
}

TEST_CASE("binomial coefficients up to 63") {
  CHECK_EQ(binomial_coefficient(5, 2), 10);
  CHECK_EQ(binomial_coefficient(63, 31), 916312070471295267ULL);
  CHECK_EQ(binomial_coefficient(4, 5), 0);
  CHECK_EQ(binomial_coefficient(4, -1), 0);
}

TEST_CASE("subsets and players are visited once, ascending") {
  std::vector<Coalition> subsets;
  for_each_subset(0b1010, [&](Coalition subset) { subsets.push_back(subset); });
  CHECK_EQ(subsets, std::vector<Coalition>{0, 0b10, 0b1000, 0b1010});
  CHECK_EQ(players_of(0b1010), std::vector<int>{1, 3});
}
