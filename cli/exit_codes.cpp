#include "exit_codes.hpp"

#include <fmt/format.h>

namespace hyperego::cli {

std::string exit_codes_text() {
  std::string text = "Exit codes:\n";
  for (const ExitCodeMeaning& code : exit_code_meanings) text += fmt::format("  {:<9}{}\n", code.code, code.meaning);
  return text;
}

}  // namespace hyperego::cli
