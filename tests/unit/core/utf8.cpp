#include <hyperego/core/utf8.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace hyperego;

TEST_CASE("valid text is left alone, every other byte is escaped") {
  const std::string valid = "a\n größe 温度 🌡 \u0301";
  CHECK(valid_utf8(valid) == valid);
  CHECK(valid_utf8("caf\xe9.json") == "caf\\xe9.json");
  CHECK(valid_utf8("\xff\x80") == "\\xff\\x80");
  CHECK(valid_utf8("cut \xe6\xb8") == "cut \\xe6\\xb8");
  CHECK(valid_utf8("\xc0\xaf") == "\\xc0\\xaf");  // too many bytes for what it says
  CHECK(valid_utf8("\xe0\x80\xaf") == "\\xe0\\x80\\xaf");
  CHECK(valid_utf8("\xed\xa0\x80") == "\\xed\\xa0\\x80");           // a surrogate
  CHECK(valid_utf8("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // beyond U+10FFFF
  CHECK(valid_utf8("\xf4\x8f\xbf\xbf") == "\xf4\x8f\xbf\xbf");
}

TEST_CASE("JSON of any strings can be written and read") {
  nlohmann::ordered_json json{{"a", {"x\xff", 1.5, nullptr}}};
  json["n\xe9"] = "größe";
  CHECK(dump_utf8(json) == R"({"a":["x\\xff",1.5,null],"n\\xe9":"größe"})");
  CHECK(nlohmann::ordered_json::parse(dump_utf8(json, 2)).size() == 2);
}
