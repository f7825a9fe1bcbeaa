#include "bindings.hpp"

namespace hyperego::python {

void bind_indicators(nanobind::module_& /*module*/) {}

}  // namespace hyperego::python
