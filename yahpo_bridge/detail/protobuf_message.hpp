#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyperego::detail {

// Protocol Buffers as they lie in a file: a message is a sequence of numbered fields without names.
// https://protobuf.dev/programming-guides/encoding/

/// A run of bytes of a file that is read. Views into the file and its name, which both must outlive it.
struct ProtobufBytes {
  std::string_view rest;    ///< what is still to be read
  const char* file_begin;   ///< the same file's first byte
  const std::string* file;  ///< its name

  /// Takes a number of up to 64 bits off the front.
  [[nodiscard]] std::uint64_t take_varint();
  /// Takes `count` bytes off the front.
  [[nodiscard]] std::string_view take(std::uint64_t count);
  /// @throws InvalidInput that names the file and the byte that is next.
  [[noreturn]] void fail(const std::string& message) const;
};

class ProtobufMessage;

/// One field of a message. Every accessor throws InvalidInput, naming file and byte, where the field is stored as
/// something else than the accessor's type.
class ProtobufField {
 public:
  [[nodiscard]] std::uint32_t number() const { return number_; }

  /// int64, int32 and enumerations; negative ones are stored as 64 bits.
  [[nodiscard]] std::int64_t integer() const;
  [[nodiscard]] float real() const;
  [[nodiscard]] std::string_view bytes() const;
  /// bytes() that are valid UTF-8.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] ProtobufMessage message() const;

  /// Appends one element, or all of a packed sequence: T is float, double, std::int32_t or std::int64_t. Allocates at
  /// most 8 bytes for every byte of the file.
  template <typename T>
  void append_to(std::vector<T>& elements) const;

  [[noreturn]] void fail(const std::string& message) const { place_.fail(message); }

 private:
  friend class ProtobufMessage;
  enum class Wire : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

  void require(Wire wire) const;

  std::uint32_t number_ = 0;
  Wire wire_ = Wire::varint;
  std::uint64_t varint_ = 0;
  ProtobufBytes content_ = {};  // of all but varints
  ProtobufBytes place_ = {};    // where the field begins
};

/// The fields of a message, in their order. What is not asked for costs nothing: nested messages are read only by
/// ProtobufField::message(), so that depth is bounded by the caller's own.
class ProtobufMessage {
 public:
  /// A whole file; `file` is its name. Both must outlive the message and its fields.
  ProtobufMessage(std::string_view bytes, const std::string& file)
      : bytes_{.rest = bytes, .file_begin = bytes.data(), .file = &file} {}

  /// The next field, or nothing at the end. O(1), but O(bytes) of a varint.
  /// @throws InvalidInput naming file and byte where the bytes are no message: cut off, or a group (deprecated, and
  /// never used by ONNX).
  [[nodiscard]] std::optional<ProtobufField> next();

  [[noreturn]] void fail(const std::string& message) const { bytes_.fail(message); }

 private:
  friend class ProtobufField;
  explicit ProtobufMessage(ProtobufBytes bytes) : bytes_(bytes) {}

  ProtobufBytes bytes_;
};

}  // namespace hyperego::detail
