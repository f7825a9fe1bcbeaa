#include <hyperego/core/error.hpp>

#include <doctest/doctest.h>

#include <array>
#include <string_view>

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
}

TEST_CASE("suggestions are near or absent") {
  constexpr std::array<std::string_view, 3> known{"lower", "upper", "log"};
  CHECK(did_you_mean("lowr", known) == "; did you mean \"lower\"?");
  CHECK(did_you_mean("batch_size", known).empty());
}
