#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace hyperego::detail {

// What a refusal of Slurm, in its own `words`, means for the user and what to do: a sentence each.

[[nodiscard]] std::string refused_for_good(const std::string& words, bool is_array_too_long);
[[nodiscard]] std::string refused_as_too_long(const std::string& words, std::size_t tasks,
                                              std::optional<std::size_t> max_array_size);
[[nodiscard]] std::string refused_as_queue_is_full(const std::string& words);
/// For now, with words that may mean anything; and where that has happened too often.
[[nodiscard]] std::string refused_for_now(const std::string& words);
[[nodiscard]] std::string refused_too_often(const std::string& words);
[[nodiscard]] std::string unanswered(const std::string& words);

}  // namespace hyperego::detail
