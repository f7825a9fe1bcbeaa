#include <hyperego/core/instruction_set.hpp>

#include <algorithm>
#include <cstdlib>

namespace hyperego {
namespace {

InstructionSet supported() {
#if defined(__x86_64__)
  const bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
                  __builtin_cpu_supports("bmi2");
  const bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                  __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                  __builtin_cpu_supports("avx512vl");
  if (v4) return InstructionSet::x86_64_v4;
  if (v3) return InstructionSet::x86_64_v3;
#endif
  return InstructionSet::generic;
}

InstructionSet chosen() {
  const InstructionSet widest = supported();
  const char* wish = std::getenv("HYPEREGO_ISA");  // NOLINT(concurrency-mt-unsafe): read once, before threads matter
  if (wish == nullptr) return widest;
  for (const InstructionSet set : {InstructionSet::generic, InstructionSet::x86_64_v3, InstructionSet::x86_64_v4}) {
    if (to_string(set) == wish) return std::min(set, widest);
  }
  return widest;
}

}  // namespace

InstructionSet instruction_set() {
  static const InstructionSet set = chosen();
  return set;
}

std::string_view to_string(InstructionSet set) {
  switch (set) {
    case InstructionSet::generic:
      return "generic";
    case InstructionSet::x86_64_v3:
      return "x86_64_v3";
    case InstructionSet::x86_64_v4:
      return "x86_64_v4";
  }
  return "generic";
}

}  // namespace hyperego
