#include <hyperego/core/parallel.hpp>
#include <hyperego/core/version.hpp>

#include "bindings.hpp"
#include "unlocked.hpp"
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

namespace nb = nanobind;

NB_MODULE(_core, module) {
  // A daemon thread that holds a study when the interpreter ends is no leak of ours, and its user can do nothing about
  // it.
  nb::set_leak_warnings(false);
  module.doc() = "The C++ library behind hyperego.";
  module.attr("version") = std::string(hyperego::version());
  module.def("set_threads", &hyperego::set_threads, nb::arg("threads"));
  module.def("number_of_threads", &hyperego::number_of_threads, nb::arg("wanted") = 0);
  nb::module_::import_("atexit").attr("register")(nb::cpp_function(&hyperego::python::interpreter_ends));
  hyperego::python::bind_errors(module);
  hyperego::python::bind_space(module);
  hyperego::python::bind_study(module);
  hyperego::python::bind_schedule(module);
  hyperego::python::bind_explain(module);
  hyperego::python::bind_indicators(module);
}
