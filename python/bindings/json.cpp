#include "json.hpp"

#include <hyperego/core/error.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

namespace nb = nanobind;

namespace hyperego::python {
namespace {

using nlohmann::ordered_json;

constexpr int deepest = 100;

[[noreturn]] void refuse_type(nb::handle value, const std::string& where) {
  const std::string type = nb::cast<std::string>(nb::str(value.type().attr("__qualname__")));
  throw nb::type_error((where + ": expected None, a bool, a number, text, a list or a dict, found " + type).c_str());
}

std::string text_of(nb::handle text, const std::string& where) {
  Py_ssize_t size = 0;
  const char* utf8 = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
  if (utf8 != nullptr) return {utf8, static_cast<std::size_t>(size)};
  PyErr_Clear();
  throw InvalidInput(where, "holds a surrogate, which is no character and cannot be written as UTF-8");
}

ordered_json integer_of(nb::handle value, const std::string& where) {
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(value.ptr(), &overflow);
  if (overflow == 0) return static_cast<std::int64_t>(number);
  throw InvalidInput(where, "is an integer of more than 64 bits; give a float or text");
}

bool is_numpy(nb::handle value) {
  const nb::object module = value.type().attr("__module__");
  return nb::isinstance<nb::str>(module) && nb::cast<std::string>(module) == "numpy";
}

ordered_json from_python(nb::handle value, const std::string& where, int depth);

ordered_json array_of(nb::handle sequence, const std::string& where, int depth) {
  ordered_json json = ordered_json::array();
  for (const nb::handle element : nb::borrow<nb::sequence>(sequence)) {
    json.push_back(from_python(element, where + "/" + std::to_string(json.size()), depth + 1));
  }
  return json;
}

ordered_json object_of(nb::handle mapping, const std::string& where, int depth) {
  ordered_json json = ordered_json::object();
  for (const nb::handle key : nb::list(mapping.attr("keys")())) {
    if (!nb::isinstance<nb::str>(key)) {
      const std::string shown = nb::cast<std::string>(nb::repr(key));
      throw nb::type_error((where + ": expected names as keys, which are text, found " + shown).c_str());
    }
    const std::string name = text_of(key, where);
    json[name] = from_python(mapping[key], where + "/" + name, depth + 1);
  }
  return json;
}

bool is_mapping(nb::handle value) {
  return nb::isinstance<nb::dict>(value) || (PyMapping_Check(value.ptr()) != 0 && nb::hasattr(value, "keys"));
}

ordered_json from_python(nb::handle value, const std::string& where, int depth) {
  if (depth > deepest) throw InvalidInput(where, "is nested deeper than 100");
  if (value.is_none()) return nullptr;
  if (nb::isinstance<nb::bool_>(value)) return value.ptr() == Py_True;
  if (nb::isinstance<nb::int_>(value)) return integer_of(value, where);
  if (nb::isinstance<nb::float_>(value)) return nb::cast<double>(value);
  if (nb::isinstance<nb::str>(value)) return text_of(value, where);
  if (nb::isinstance<nb::list>(value) || nb::isinstance<nb::tuple>(value)) return array_of(value, where, depth);
  if (is_numpy(value) && nb::hasattr(value, "tolist")) return from_python(value.attr("tolist")(), where, depth + 1);
  if (is_mapping(value)) return object_of(value, where, depth);
  refuse_type(value, where);
}

}  // namespace

ordered_json json_from_python(nb::handle value, const std::string& where) { return from_python(value, where, 0); }

nb::object json_to_python(const ordered_json& json) {
  switch (json.type()) {
    case ordered_json::value_t::boolean:
      return nb::bool_(json.get<bool>());
    case ordered_json::value_t::number_integer:
      return nb::int_(json.get<std::int64_t>());
    case ordered_json::value_t::number_unsigned:
      return nb::int_(json.get<std::uint64_t>());
    case ordered_json::value_t::number_float:
      return nb::float_(json.get<double>());
    case ordered_json::value_t::string: {
      const auto& text = json.get_ref<const std::string&>();
      return nb::str(text.data(), text.size());
    }
    case ordered_json::value_t::array: {
      nb::list list;
      for (const ordered_json& element : json) list.append(json_to_python(element));
      return list;
    }
    case ordered_json::value_t::object: {
      nb::dict dict;
      for (const auto& [name, member] : json.items()) dict[nb::str(name.data(), name.size())] = json_to_python(member);
      return dict;
    }
    default:
      return nb::none();
  }
}

}  // namespace hyperego::python
