#include <hyperego/core/error.hpp>
#include <hyperego/yahpo_bridge/detail/protobuf_message.hpp>

#include <doctest/doctest.h>

#include "protobuf_bytes.hpp"
#include <limits>
#include <string>
#include <vector>

using hyperego::InvalidInput;
using hyperego::detail::ProtobufField;
using hyperego::detail::ProtobufMessage;
using namespace hyperego::test;
using namespace std::string_literals;

namespace {

const std::string file = "m.onnx";

// The only field of `bytes`, which must outlive it.
ProtobufField only(const std::string& bytes) {
  ProtobufMessage message(bytes, file);
  const auto field = message.next();
  REQUIRE(field.has_value());
  CHECK_FALSE(message.next().has_value());
  return *field;
}

template <typename T>
std::vector<T> elements(const std::string& bytes) {
  std::vector<T> result;
  ProtobufMessage message(bytes, file);
  while (const auto field = message.next()) field->append_to(result);
  return result;
}

void read_all(const std::string& bytes) {
  ProtobufMessage message(bytes, file);
  while (message.next()) continue;
}

}  // namespace

TEST_CASE("numbers of any length are read") {
  CHECK(only("\x08\x96\x01"s).integer() == 150);  // the example of the format's own documentation
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  constexpr auto greatest = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t value : {std::int64_t{0}, std::int64_t{127}, std::int64_t{128}, std::int64_t{16384},
                                   std::int64_t{-1}, least, greatest}) {
    const std::string bytes = number(7, value);
    CHECK(only(bytes).number() == 7);
    CHECK(only(bytes).integer() == value);
  }
  CHECK(only(number((1U << 29U) - 1, 1)).number() == (1U << 29U) - 1);
  // More bytes than are needed are allowed.
  CHECK(only("\x08\x81\x80\x00"s).integer() == 1);
}

TEST_CASE("fields come in their order, each by its own accessor") {
  const std::string bytes = number(1, 5) + fixed(2, 1.5F) + fixed(3, 2.5) + block(4, "text") + block(5, number(1, 9));
  ProtobufMessage message(bytes, file);
  CHECK(message.next()->integer() == 5);
  CHECK(message.next()->real() == 1.5F);
  CHECK(message.next()->number() == 3);
  const auto text = message.next();
  CHECK(text->text() == "text");
  CHECK(text->bytes() == "text");
  ProtobufMessage inner = message.next()->message();
  CHECK(inner.next()->integer() == 9);
  CHECK_FALSE(inner.next().has_value());
  CHECK_FALSE(message.next().has_value());
}

TEST_CASE("a sequence may be packed, one by one, or both") {
  const std::vector<std::int64_t> integers{3, -1, 300};
  CHECK(elements<std::int64_t>(block(1, varint(3) + varint(~0ULL) + varint(300))) == integers);
  CHECK(elements<std::int64_t>(number(1, 3) + number(1, -1) + number(1, 300)) == integers);
  CHECK(elements<std::int64_t>(number(1, 3) + block(1, varint(~0ULL) + varint(300))) == integers);
  CHECK(elements<std::int32_t>(number(1, -7) + block(1, varint(8))) == std::vector<std::int32_t>{-7, 8});
  CHECK(elements<float>(block(1, raw(1.5F) + raw(-2.F)) + fixed(1, 3.F)) == std::vector<float>{1.5F, -2, 3});
  CHECK(elements<double>(fixed(1, 0.1) + block(1, raw(0.2))) == std::vector<double>{0.1, 0.2});
  CHECK(elements<float>(block(1, "")).empty());
}

TEST_CASE("bytes that are no message are refused at their place") {
  const auto refused = [](const std::string& bytes, const std::string& at, const std::string& why) {
    CHECK_THROWS_WITH_AS(read_all(bytes), doctest::Contains((file + ", byte " + at + ": ").c_str()), InvalidInput);
    CHECK_THROWS_WITH_AS(read_all(bytes), doctest::Contains(why.c_str()), InvalidInput);
  };
  const std::string before = number(1, 5);  // two bytes
  refused(before + "\x08"s, "3", "ends inside a number");
  refused(before + "\x08\xff"s, "3", "ends inside a number");
  refused(before + "\x08"s + std::string(10, '\x80') + "\x01", "3", "more than 64 bits");
  refused(before + "\x08"s + std::string(9, '\x80') + "\x02", "3", "more than 64 bits");
  refused(before + "\x0a\x05" + "four", "4", "a field of 5 bytes is cut off after 4");
  refused(before + "\x0a" + varint(~0ULL), "13", "a field of 18446744073709551615 bytes is cut off after 0");
  refused(before + "\x0d" + "abc", "3", "a field of 4 bytes is cut off after 3");
  refused(before + "\x09" + "abcdefg", "3", "a field of 8 bytes is cut off after 7");
  refused(before + "\x00\x00"s, "2", "no field has the number 0");
  refused(before + varint(std::uint64_t{1} << 32U) + "\x00"s, "2", "no field has the number 536870912");
  for (const char* group : {"\x0b", "\x0c", "\x0e", "\x0f"}) refused(before + group, "2", "stored in an unknown way");
}

TEST_CASE("a field of another type is refused at its place") {
  const std::string bytes = number(1, 5) + fixed(2, 1.5F) + fixed(3, 2.5) + block(4, "\xff"s + "bcde");
  ProtobufMessage message(bytes, file);
  const auto integer = message.next();
  const auto real = message.next();
  const auto real64 = message.next();
  const auto text = message.next();
  std::vector<float> float32;
  std::vector<double> float64;
  CHECK_THROWS_WITH_AS((void)integer->bytes(), doctest::Contains("m.onnx, byte 0: field 1 is of another type"),
                       InvalidInput);
  CHECK_THROWS_AS((void)integer->real(), InvalidInput);
  CHECK_THROWS_AS((void)integer->message(), InvalidInput);
  CHECK_THROWS_AS(integer->append_to(float32), InvalidInput);
  CHECK_THROWS_WITH_AS((void)real->integer(), doctest::Contains("byte 2"), InvalidInput);
  CHECK_THROWS_AS(real->append_to(float64), InvalidInput);
  CHECK_THROWS_AS(real64->append_to(float32), InvalidInput);
  CHECK_THROWS_AS((void)real64->real(), InvalidInput);
  CHECK_THROWS_WITH_AS((void)text->text(), doctest::Contains("field 4 is not UTF-8"), InvalidInput);
  CHECK_THROWS_WITH_AS(text->append_to(float32), doctest::Contains("ends inside a number"), InvalidInput);
  CHECK(float32.empty());
}
