#include "space.hpp"

#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>

#include <nlohmann/json.hpp>

#include "bindings.hpp"
#include "json.hpp"
#include <cstdint>
#include <nanobind/eigen/dense.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>
#include <utility>
#include <vector>

namespace nb = nanobind;

namespace hyperego::python {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

BoundSpace space_of(SearchSpace space) { return {std::make_shared<const SearchSpace>(std::move(space))}; }

BoundSpace space_from_json(nb::handle json, const std::string& where) {
  return space_of(space_from_configspace_json(json_from_python(json, where), where));
}

nb::object json_of(const BoundSpace& bound) { return json_to_python(to_configspace_json(*bound.space)); }

std::vector<std::string> names_of(const BoundSpace& bound) {
  std::vector<std::string> names;
  for (const Hyperparameter& hyperparameter : bound.space->hyperparameters()) names.push_back(hyperparameter.name);
  return names;
}

nb::object default_of(const BoundSpace& bound) {
  return json_to_python(bound.space->to_json(bound.space->default_configuration()));
}

nb::object sample(const BoundSpace& bound, std::size_t count, std::uint64_t seed) {
  const Slice everything(bound.space);
  nb::list samples;
  for (std::size_t i = 0; i < count; ++i) {
    Rng rng(seed, "sample of the space", i);
    const auto configuration = everything.sample(rng);
    if (!configuration) throw InvalidInput("space", "no legal configuration was found; forbid less");
    samples.append(json_to_python(bound.space->to_json(*configuration)));
  }
  return samples;
}

/// What is wrong with a configuration, if anything. @throws TypeError for a value of a type that JSON does not have.
std::optional<std::string> check(const BoundSpace& bound, nb::handle configuration, const std::string& where) {
  const nlohmann::ordered_json json = json_from_python(configuration, where);
  try {
    const Legality legality = bound.space->check(bound.space->configuration_from_json(json, where));
    return legality ? std::nullopt : std::optional(legality.reason);
  } catch (const InvalidInput& error) {
    return error.what();
  }
}

Matrix encode(const BoundSpace& bound, nb::handle configurations, const std::string& where) {
  const nlohmann::ordered_json json = json_from_python(configurations, where);
  Matrix rows(static_cast<Eigen::Index>(json.size()), static_cast<Eigen::Index>(bound.space->size()));
  for (std::size_t i = 0; i < json.size(); ++i) {
    const Configuration configuration =
        bound.space->legal_configuration_from_json(json[i], where + "/" + std::to_string(i));
    rows.row(static_cast<Eigen::Index>(i)) = bound.space->encode(configuration);
  }
  return rows;
}

nb::object decode(const BoundSpace& bound, const Matrix& rows) {
  nb::list configurations;
  for (const auto& row : rows.rowwise()) {
    if (row.array().isNaN().any()) throw InvalidInput("array", "holds NaN; give coordinates in [0, 1]");
    configurations.append(json_to_python(bound.space->to_json(bound.space->decode(row.transpose()))));
  }
  return configurations;
}

}  // namespace

void bind_space(nb::module_& module) {
  nb::class_<BoundSpace>(module, "SearchSpace", "A search space: hyperparameters, conditions and forbidden clauses.")
      .def_static("from_json", &space_from_json, nb::arg("json"), nb::arg("where"))
      .def("to_json", &json_of, nb::sig("def to_json(self) -> dict[str, typing.Any]"))
      .def_prop_ro("name", [](const BoundSpace& bound) { return bound.space->name(); })
      .def_prop_ro("names", &names_of)
      .def("default", &default_of, nb::sig("def default(self) -> dict[str, typing.Any]"))
      .def("sample", &sample, nb::arg("count"), nb::arg("seed"),
           nb::sig("def sample(self, count: int, seed: int) -> list[dict[str, typing.Any]]"))
      .def("check", &check, nb::arg("configuration"), nb::arg("where"))
      .def("encode", &encode, nb::arg("configurations"), nb::arg("where"))
      .def("decode", &decode, nb::arg("array"),
           nb::sig("def decode(self, array: typing.Any) -> list[dict[str, typing.Any]]"))
      .def(
          "describe",
          [](const BoundSpace& bound, const std::string& name) {
            return (*bound.space)[bound.space->index_of(name)].describe();
          },
          nb::arg("name"));
}

}  // namespace hyperego::python
