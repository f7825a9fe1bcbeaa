#include <hyperego/core/error.hpp>
#include <hyperego/core/utf8.hpp>
#include <hyperego/yahpo_bridge/detail/protobuf_message.hpp>

#include <bit>
#include <cstring>
#include <type_traits>

namespace hyperego::detail {
namespace {

// Numbers of fixed width are stored little-endian.
static_assert(std::endian::native == std::endian::little, "fixed-width numbers would have to be swapped");

constexpr const char* damaged = "; the file is damaged or not an ONNX model, get it again";
constexpr const char* truncated = "; the file is truncated or damaged, get it again";

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

}  // namespace

void ProtobufBytes::fail(const std::string& message) const {
  throw InvalidInput(*file + ", byte " + std::to_string(rest.data() - file_begin), message);
}

std::uint64_t ProtobufBytes::take_varint() {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    if (i == rest.size()) fail(std::string("ends inside a number") + truncated);
    const auto byte = static_cast<unsigned char>(rest[i]);
    if (i == 9 && byte > 1) break;  // the tenth byte holds the 64th bit
    value |= std::uint64_t{byte & 0x7FU} << (7 * i);
    if (byte < 0x80U) {
      rest.remove_prefix(i + 1);
      return value;
    }
  }
  fail(std::string("a number has more than 64 bits") + damaged);
}

std::string_view ProtobufBytes::take(std::uint64_t count) {
  if (count > rest.size()) {
    fail("a field of " + std::to_string(count) + " bytes is cut off after " + std::to_string(rest.size()) + truncated);
  }
  const std::string_view taken = rest.substr(0, count);
  rest.remove_prefix(count);
  return taken;
}

std::optional<ProtobufField> ProtobufMessage::next() {
  if (bytes_.rest.empty()) return std::nullopt;
  ProtobufField field;
  field.place_ = bytes_;
  const std::uint64_t key = bytes_.take_varint();
  const std::uint64_t number = key >> 3U;
  if (number == 0 || number >= std::uint64_t{1} << 29U) {
    field.fail("no field has the number " + std::to_string(number) + damaged);
  }
  field.number_ = static_cast<std::uint32_t>(number);
  field.wire_ = static_cast<ProtobufField::Wire>(key & 7U);
  std::uint64_t size = 0;
  switch (field.wire_) {
    case ProtobufField::Wire::varint:
      field.varint_ = bytes_.take_varint();
      return field;
    case ProtobufField::Wire::fixed64:
      size = 8;
      break;
    case ProtobufField::Wire::bytes:
      size = bytes_.take_varint();
      break;
    case ProtobufField::Wire::fixed32:
      size = 4;
      break;
    default:
      field.fail("field " + std::to_string(number) + " is stored in an unknown way" + damaged);
  }
  field.content_ = bytes_;
  field.content_.rest = bytes_.take(size);
  return field;
}

void ProtobufField::require(Wire wire) const {
  if (wire_ != wire) fail("field " + std::to_string(number_) + " is of another type than in ONNX" + damaged);
}

std::int64_t ProtobufField::integer() const {
  require(Wire::varint);
  return static_cast<std::int64_t>(varint_);
}

float ProtobufField::real() const {
  require(Wire::fixed32);
  float value = 0;
  std::memcpy(&value, content_.rest.data(), sizeof value);
  return value;
}

std::string_view ProtobufField::bytes() const {
  require(Wire::bytes);
  return content_.rest;
}

std::string ProtobufField::text() const {
  const std::string_view text = bytes();
  if (!is_utf8(text)) fail("field " + std::to_string(number_) + " is not UTF-8 text" + damaged);
  return std::string(text);
}

ProtobufMessage ProtobufField::message() const {
  require(Wire::bytes);
  return ProtobufMessage(content_);
}

template <typename T>
void ProtobufField::append_to(std::vector<T>& elements) const {
  if constexpr (std::is_integral_v<T>) {
    // Readers of int32 drop the upper bits, as the format prescribes.
    if (wire_ != Wire::bytes) return elements.push_back(static_cast<T>(integer()));
    for (ProtobufBytes packed = content_; !packed.rest.empty();) {
      elements.push_back(static_cast<T>(packed.take_varint()));
    }
  } else {
    if (wire_ != Wire::bytes) require(sizeof(T) == 4 ? Wire::fixed32 : Wire::fixed64);
    const std::string_view packed = content_.rest;
    if (packed.size() % sizeof(T) != 0) {
      fail("field " + std::to_string(number_) + " ends inside a number" + damaged);
    }
    const std::size_t before = elements.size();
    elements.resize(before + packed.size() / sizeof(T));
    if (!packed.empty()) std::memcpy(elements.data() + before, packed.data(), packed.size());
  }
}

template void ProtobufField::append_to(std::vector<float>& elements) const;
template void ProtobufField::append_to(std::vector<double>& elements) const;
template void ProtobufField::append_to(std::vector<std::int32_t>& elements) const;
template void ProtobufField::append_to(std::vector<std::int64_t>& elements) const;

}  // namespace hyperego::detail
