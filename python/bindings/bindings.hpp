// The parts of hyperego._core. Each registers its functions and classes; module.cpp calls them all.
#pragma once

#include <nanobind/nanobind.h>

namespace hyperego::python {

/// Exceptions of the library become those of hyperego/errors.py.
void bind_errors(nanobind::module_& module);
void bind_space(nanobind::module_& module);
void bind_study(nanobind::module_& module);
void bind_schedule(nanobind::module_& module);
void bind_explain(nanobind::module_& module);
void bind_indicators(nanobind::module_& module);

}  // namespace hyperego::python
