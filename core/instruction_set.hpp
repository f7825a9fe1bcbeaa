#pragma once

#include <string_view>

namespace hyperego {

/// The code paths that hot kernels are compiled for. Results are reproducible to the byte within one of them.
enum class InstructionSet { generic, x86_64_v3, x86_64_v4 };

/// The widest instruction set that this processor runs, decided once. The environment variable HYPEREGO_ISA
/// (generic | x86_64_v3 | x86_64_v4) can lower it, for reproducing results of another machine; it can never raise it.
[[nodiscard]] InstructionSet instruction_set();

[[nodiscard]] std::string_view to_string(InstructionSet set);

}  // namespace hyperego

/// Calls NAMESPACE::generic::f, NAMESPACE::x86_64_v3::f or NAMESPACE::x86_64_v4::f as the processor allows.
#if defined(__x86_64__)
#define HYPEREGO_DISPATCH(function, ...)          \
  [&] {                                           \
    switch (::hyperego::instruction_set()) {      \
      case ::hyperego::InstructionSet::x86_64_v4: \
        return x86_64_v4::function(__VA_ARGS__);  \
      case ::hyperego::InstructionSet::x86_64_v3: \
        return x86_64_v3::function(__VA_ARGS__);  \
      default:                                    \
        return generic::function(__VA_ARGS__);    \
    }                                             \
  }()
/// Declares one kernel function for every instruction set: HYPEREGO_KERNEL(void f(double*, int)).
#define HYPEREGO_KERNEL(...) \
  namespace generic {        \
  __VA_ARGS__;               \
  }                          \
  namespace x86_64_v3 {      \
  __VA_ARGS__;               \
  }                          \
  namespace x86_64_v4 {      \
  __VA_ARGS__;               \
  }
#else
#define HYPEREGO_DISPATCH(function, ...) generic::function(__VA_ARGS__)
#define HYPEREGO_KERNEL(...) \
  namespace generic {        \
  __VA_ARGS__;               \
  }
#endif
