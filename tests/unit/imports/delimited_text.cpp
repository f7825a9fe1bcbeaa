#include <hyperego/core/error.hpp>
#include <hyperego/imports/table/delimited_text.hpp>

#include <doctest/doctest.h>

using namespace hyperego;
using Rows = std::vector<std::vector<std::string>>;

TEST_CASE("records, quotations and ends of lines") {
  CHECK(parse_csv("a,b\r\n1,\"x,\"\"y\"\"\n z\"\n\n   \n 2 , \" q \" \n", "t") ==
        Rows{{"a", "b"}, {"1", "x,\"y\"\n z"}, {"2", " q "}});
  CHECK(parse_csv("\xEF\xBB\xBF"
                  "a,b\r1,2\r",
                  "t") == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(parse_csv("a,b\n,\n", "t") == Rows{{"a", "b"}, {"", ""}});
  CHECK(parse_csv("a\n3\" disk\n", "t") == Rows{{"a"}, {"3\" disk"}});
  CHECK(parse_csv("", "t").empty());
  const auto records = parse_delimited("a;b\n\n\"1\n2\";3\n4;5", ';', "t");
  REQUIRE(records.size() == 3);
  CHECK(records[1].line == 3);
  CHECK(records[2].line == 5);
  CHECK_THROWS_WITH_AS((void)parse_csv("a\n\"b\n c", "t"), doctest::Contains("t:2: a quotation begins here"),
                       InvalidInput);
}

TEST_CASE("text after a quotation is refused") {
  CHECK(parse_csv("\"a\" ,b\n", "t") == Rows{{"a", "b"}});
  CHECK_THROWS_WITH_AS((void)parse_csv("a\n\"b\"c\n", "t"), doctest::Contains("t:2: text follows the end"),
                       InvalidInput);
}

TEST_CASE("the delimiter is what divides records evenly") {
  CHECK(delimiter_of("a,b\n1,2\n", "t") == ',');
  CHECK(delimiter_of("a;b\n0,5;1,5\n", "t") == ';');
  CHECK(delimiter_of("a\tb\n\"x,y\"\t1,5\n", "t") == '\t');
  CHECK(delimiter_of("a\tb\n1\t,\"open\n", "t") == '\t');
  CHECK(delimiter_of("sep=;\na,b\n1,2\n", "t") == ';');
  CHECK(delimiter_of("a;b;c\n1;2\n", "t") == ';');  // for the complaint that follows
  CHECK(delimiter_of("a\n1\n", "t") == ',');
}

TEST_CASE("only UTF-8") {
  CHECK_NOTHROW(require_utf8("aé→😀\n", "t"));
  for (const char* text : {"a\n\xE9", "a\n\xC0\x80", "a\n\xE0\x80\x80", "a\n\xED\xA0\x80", "a\n\xF4\x90\x80\x80",
                           "a\n\xF0\x9F", "a\n\x80"}) {
    CHECK_THROWS_WITH_AS(require_utf8(text, "t"), doctest::Contains("t:2: is no UTF-8 text"), InvalidInput);
  }
  CHECK_THROWS_AS(require_utf8(std::string("a\0b", 3), "t"), InvalidInput);
}
