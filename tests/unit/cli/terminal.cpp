// What reaches a terminal, and how it fits.
#include "cli/terminal.hpp"

#include <doctest/doctest.h>

#include "cli/output.hpp"
#include "cli/progress.hpp"
#include <cstdlib>

using namespace hyperego::cli;

TEST_CASE("columns of characters") {
  CHECK(display_width("größe") == 5);
  CHECK(display_width("温度") == 4);
  CHECK(display_width("🌡") == 2);
  CHECK(display_width("e\u0301") == 1);
  CHECK(cut_to_width("abcdef", 6) == "abcdef");
  CHECK(cut_to_width("abcdefg", 6) == "abcde…");
  CHECK(cut_to_width("温度温度", 5) == "温度…");
  CHECK(cut_to_width("abc", 0).empty());
}

TEST_CASE("nothing moves the cursor or turns the text round") {
  CHECK(printable("a\n\tb\x1b[31m\x7f") == "a\\n\\tb\\x1b[31m\\x7f");
  CHECK(printable("\u0085 \u202e \u2066 \u2027") == "\\u0085 \\u202e \\u2066 \u2027");
  CHECK(printable("caf\xe9 größe \u00a0") == "caf\\xe9 größe \u00a0");
  CHECK(table_text({"a", "b"}, {{"温", "1"}, {"x\n", "2"}}) == "a    b\n温   1\nx\\n  2\n");
  CHECK(indented_lines("Traceback:\n  File\x1b\nend") == "  Traceback:\n    File\\x1b\n  end\n");
}

TEST_CASE("lines fit") {
  const std::vector<std::string> parts{"12/100 trials", "0:40 left", "front 5"};
  CHECK(fitting_line(parts, 80) == "12/100 trials  0:40 left  front 5");
  CHECK(fitting_line(parts, 32) == "12/100 trials  0:40 left");
  CHECK(fitting_line(parts, 13) == "12/100 trials");
  CHECK(fitting_line(parts, 8) == "12/100 …");
  CHECK(wrapped("one two three", 7) == "one two\nthree");
  CHECK(wrapped("one-and-two three", 5) == "one-and-two\nthree");
  CHECK(wrapped("one two", 80) == "one two");
  CHECK(table_width({"trial", "x"}, {{"1", "0.25"}}) == 11);
}

TEST_CASE("a terminal without a cursor") {
  for (const char* name : {"dumb", ""}) {
    ::setenv("TERM", name, 1);
    CHECK_FALSE(terminal_has_cursor());
  }
  ::setenv("TERM", "xterm", 1);
  CHECK(terminal_has_cursor());
}
