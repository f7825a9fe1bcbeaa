#pragma once

#include <hyperego/core/error.hpp>

#include <string>

namespace hyperego {

/// This process or the machine has no descriptor, process, thread or memory left for what an evaluation needs. It says
/// nothing about the trial, which stays pending. The program ends with exit code 4.
class ResourceShortage : public Error {
 public:
  using Error::Error;
};

/// Whether the error number tells of such a shortage.
[[nodiscard]] bool is_shortage(int error) noexcept;

/// Throws ResourceShortage with the remedy for a shortage, Error for everything else.
[[noreturn]] void fail_to_get(const std::string& where, const std::string& what, int error);

}  // namespace hyperego
