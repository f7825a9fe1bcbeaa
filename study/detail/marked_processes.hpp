#pragma once

#include <hyperego/study/detail/process.hpp>

#include <cstddef>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace hyperego::detail {

// Every evaluated program carries a mark in its environment, which its children inherit. It finds them wherever they
// went: into sessions of their own, to another parent. Who wants to stay takes the variable out of its environment.

/// The variable that holds the marks of all evaluations that a process is part of, each with a slash at its end.
inline constexpr auto mark_variable = "HYPEREGO_PROCESS_MARK";

/// Sends `signal` to every process of this user, but the caller, whose environment holds `mark` (4 to 64 bytes) and
/// that is alive. Their number. Safe between fork and exec. Linear in the number of processes of the machine.
std::size_t signal_marked(std::string_view mark, int signal) noexcept;

/// The same for processes that were started after `first`, which was no more than a few seconds ago: looks only at the
/// process numbers given since, where they are few.
std::size_t signal_marked_since(pid_t first, std::string_view mark, int signal) noexcept;

/// SIGKILL until none is left, for at most a second. How many there were. Safe between fork and exec.
std::size_t end_marked(std::string_view mark) noexcept;
std::size_t end_marked_since(pid_t first, std::string_view mark) noexcept;

/// A descriptor (pidfd) of each living descendant of a process that left its process group; they cannot come to mean
/// another process. Finds those without a mark too, but not what has lost its parent.
[[nodiscard]] std::vector<OwnedDescriptor> descendants_outside_group(pid_t leader);

void send_signal(const OwnedDescriptor& process, int signal) noexcept;

}  // namespace hyperego::detail
