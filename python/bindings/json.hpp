// Values of Python as JSON and back, without text in between.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <nanobind/nanobind.h>
#include <string>

namespace hyperego::python {

/// None, bool, int, float, str, mappings with str keys, lists, tuples, and NumPy's scalars and arrays. Floats may be
/// NaN or infinite. `where` names the value in messages: "space/hyperparameters/0/lower".
/// @throws nanobind::type_error for any other type; InvalidInput for an integer beyond 64 bits, and for nesting deeper
/// than 100, as where a list holds itself. O(size).
[[nodiscard]] nlohmann::ordered_json json_from_python(nanobind::handle value, const std::string& where);

/// The same in Python: dict, list, str, int, float, bool, None.
[[nodiscard]] nanobind::object json_to_python(const nlohmann::ordered_json& json);

}  // namespace hyperego::python
