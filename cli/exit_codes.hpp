#pragma once

#include <array>
#include <string>
#include <string_view>

namespace hyperego::cli {

struct ExitCodeMeaning {
  std::string_view code;
  std::string_view meaning;
};

/// For --help, the manual page and docs/exit-codes.md (a test compares them).
inline constexpr std::array exit_code_meanings{
    ExitCodeMeaning{"0", "done; a limit that the study sets is a way to be done"},
    ExitCodeMeaning{"1", "an error inside hyperego: please report it"},
    ExitCodeMeaning{"2", "misuse: a wrong command line or input that cannot be accepted; nothing was changed"},
    ExitCodeMeaning{"3",
                    "the study stopped by itself: too many trials failed, none completed, or nothing is left to try"},
    ExitCodeMeaning{"4",
                    "the machine refused: a run directory is locked or damaged, the disk is full, output cannot be "
                    "written, memory, threads or descriptors are short, Slurm takes no jobs"},
    ExitCodeMeaning{"128 + N", "ended by signal N (129 SIGHUP, 130 SIGINT, 143 SIGTERM); everything told is saved"}};

/// The last lines of --help.
[[nodiscard]] std::string exit_codes_text();

}  // namespace hyperego::cli
