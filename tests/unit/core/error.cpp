#include <hyperego/core/error.hpp>

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

using namespace hyperego;

TEST_CASE("an error names its place") {
  const InvalidInput error("study.json/space", "expected an object");
  CHECK(std::string_view(error.what()) == "study.json/space: expected an object");
  CHECK(error.where() == "study.json/space");
}

TEST_CASE("edit distance") {
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("Lower", "lower") == 0);
  // Letter by letter this would take hours.
  const std::string name(10'000'000, 'n');
  CHECK(edit_distance(name, name + "n") == name.size() + 1);
}

TEST_CASE("suggestions are near or absent") {
  constexpr std::array<std::string_view, 3> known{"lower", "upper", "log"};
  CHECK(did_you_mean("lowr", known) == "; did you mean \"lower\"?");
  CHECK(did_you_mean("batch_size", known).empty());
  CHECK(expected_name("lowr", known) == did_you_mean("lowr", known));
  CHECK(expected_name("batch_size", std::vector<std::string>{}) == "; there are none");
  CHECK(expected_name("?", std::vector<std::string>{"alpha", "beta"}) == "; expected one of \"alpha\", \"beta\"");
  const std::string many = expected_name("?", std::vector<std::string>(20, "epsilon"));
  CHECK(many.substr(many.size() - 11) == " and 8 more");
}
