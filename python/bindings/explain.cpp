#include "bindings.hpp"

namespace hyperego::python {

void bind_explain(nanobind::module_& /*module*/) {}

}  // namespace hyperego::python
