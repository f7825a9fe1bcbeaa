#include <hyperego/core/error.hpp>

#include "bindings.hpp"
#include <exception>
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

namespace nb = nanobind;

namespace hyperego::python {
namespace {

/// Raises hyperego.errors.NAME. That module is imported when it is first needed: _core itself needs nothing.
void raise(const char* name, const Error& error) {
  const nb::object type = nb::module_::import_("hyperego.errors").attr(name);
  PyErr_SetObject(type.ptr(), type(error.what(), error.where()).ptr());
}

void translate(const std::exception_ptr& exception, void* /*payload*/) {
  try {
    std::rethrow_exception(exception);
  } catch (const InvalidInput& error) {
    raise("InvalidInput", error);
  } catch (const StoreError& error) {
    raise("StoreError", error);
  } catch (const Error& error) {
    raise("HyperegoError", error);
  }
}

}  // namespace

void bind_errors(nb::module_& /*module*/) { nb::register_exception_translator(translate, nullptr); }

}  // namespace hyperego::python
