#pragma once

#include <nanobind/nanobind.h>

namespace hyperego::python {

/// The GIL is released while it lives, as by nanobind::gil_scoped_release, unless the interpreter ends meanwhile: a
/// daemon thread that wanted the GIL back then would be unwound by CPython (before 3.14), which aborts the process. It
/// stays where it is instead, for ever.
class Unlocked {
 public:
  Unlocked() : state_(PyEval_SaveThread()) {}
  ~Unlocked();
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;

 private:
  PyThreadState* state_;
};

/// From now on threads other than the main one stay away. At exit, with the GIL.
void interpreter_ends();

}  // namespace hyperego::python
