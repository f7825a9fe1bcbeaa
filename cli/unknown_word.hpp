#pragma once

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace hyperego::cli {

/// After a command line that could not be parsed: what is wrong with the first word that is no command or option of the
/// program, and which one is meant. Nothing where no such word is the matter.
[[nodiscard]] std::optional<std::string> unknown_word(const CLI::App& app);

}  // namespace hyperego::cli
