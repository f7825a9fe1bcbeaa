#include <hyperego/study/detail/slurm_script.hpp>

#include <cmath>
#include <cstdint>
#include <sstream>

namespace hyperego::detail {
namespace {

constexpr double bytes_in_mb = 1 << 20;

std::string number(double value) {
  std::ostringstream text;
  text.precision(17);
  text << value;
  return text.str();
}

}  // namespace

std::string shell_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string task_script(const CommandEvaluation& evaluation, const TrialCommand& command, const TaskFiles& files) {
  const auto limit = static_cast<std::uint64_t>(evaluation.output_mb * bytes_in_mb);
  std::string script = "#!/bin/sh\n# One trial. Written by hyperego, run by Slurm.\n";
  script += "out=" + shell_quoted(files.output.string()) + "\nerr=" + shell_quoted(files.errors.string()) +
            "\nresult=" + shell_quoted(files.result.string()) + "\n";
  script += "cut_log() {\n  size=$(wc -c <\"$1\") || return\n  [ \"$size\" -gt " + std::to_string(limit) +
            " ] || return\n  { head -c " + std::to_string(limit / 4) +
            " \"$1\"; printf '\\n[hyperego: a part of %s bytes is left out here]\\n' \"$size\"; tail -c " +
            std::to_string(limit - limit / 4) + " \"$1\"; } >\"$1.cut\" && mv \"$1.cut\" \"$1\"\n}\n";
  // A controller that lost its memory may start a task once more.
  script +=
      "[ -e \"$result\" ] && exit 0\nrm -rf \"$out\" \"$err\" \"$result.own\"\nmkdir \"$result.own\" || exit "
      "1\nstart=$(date +%s.%N)\n(\n";
  script += "  cd " + shell_quoted(evaluation.directory.string()) + " || exit 126\n";
  if (evaluation.memory_mb) {
    script += "  ulimit -d " + std::to_string(static_cast<std::uint64_t>(std::ceil(*evaluation.memory_mb * 1024))) +
              " || exit 126\n";
  }
  for (const auto& [name, value] : command.environment())
    script += "  export " + name + "=" + shell_quoted(value) + "\n";
  script += std::string("  export ") + result_variable + "=\"$result.own/result.json\"\n  exec";
  if (evaluation.timeout_s) {
    script += " timeout -k " + number(evaluation.grace_s) + " " + number(*evaluation.timeout_s);
  }
  for (const std::string& argument : command.arguments()) script += " " + shell_quoted(argument);
  script += "\n) <" + shell_quoted(files.input.string()) + " >\"$out\" 2>\"$err\"\ncode=$?\n";
  script +=
      "end=$(date +%s.%N)\nif grep -q '[^[:space:]]' \"$result.own/result.json\" 2>/dev/null; then\n"
      "  { echo \"$code $start $end file\"; head -c " +
      std::to_string(limit) + " \"$result.own/result.json\"; }\nelse\n  { echo \"$code $start $end\"; tail -c " +
      std::to_string(limit - limit / 4) + " \"$out\"; }\nfi >\"$result.tmp\" || exit 1\nrm -rf \"$result.own\"\n";
  script += "cut_log \"$out\"\ncut_log \"$err\"\nmv \"$result.tmp\" \"$result\" || exit 1\nexit \"$code\"\n";
  return script;
}

std::optional<TaskResult> parse_task_result(const std::string& text) {
  const std::size_t newline = text.find('\n');
  if (newline == std::string::npos) return std::nullopt;
  std::istringstream line(text.substr(0, newline));
  TaskResult result;
  if (!(line >> result.status) || result.status < 0 || result.status > 255) return std::nullopt;
  double start = 0;
  double end = 0;
  if (line >> start >> end && end > start) result.seconds = end - start;
  const std::string first = text.substr(0, newline);
  result.is_file = first.size() > 5 && first.compare(first.size() - 5, 5, " file") == 0;
  result.output = text.substr(newline + 1);
  return result;
}

}  // namespace hyperego::detail
