// Writes what the reader reads: Protocol Buffers, byte by byte.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>

namespace hyperego::test {

inline std::string varint(std::uint64_t number) {
  std::string bytes;
  for (; number > 127; number >>= 7U) bytes += static_cast<char>((number & 127U) | 128U);
  return bytes + static_cast<char>(number);
}

inline std::string number(std::uint64_t field, std::int64_t value) {
  return varint(field << 3U) + varint(static_cast<std::uint64_t>(value));
}

/// Text, a message or a packed sequence.
inline std::string block(std::uint64_t field, const std::string& bytes) {
  return varint(field << 3U | 2U) + varint(bytes.size()) + bytes;
}

/// A float or a double as it lies in memory.
template <typename T>
std::string raw(T value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

template <typename T>
std::string fixed(std::uint64_t field, T value) {
  return varint(field << 3U | (sizeof value == 4 ? 5U : 1U)) + raw(value);
}

}  // namespace hyperego::test
