#include <hyperego/moo/front/hypervolume.hpp>
#include <hyperego/moo/front/indicators.hpp>
#include <hyperego/moo/front/pareto.hpp>

#include "bindings.hpp"
#include "unlocked.hpp"
#include <nanobind/eigen/dense.h>
#include <nanobind/nanobind.h>

namespace nb = nanobind;

namespace hyperego::python {
namespace {

using Points = Eigen::MatrixXd;

template <double (*indicator)(const Eigen::Ref<const Eigen::MatrixXd>&, const Eigen::Ref<const Eigen::MatrixXd>&)>
double between(const Points& points, const Points& reference_set) {
  const Unlocked unlocked;
  return indicator(points, reference_set);
}

double volume(const Points& points, const Eigen::VectorXd& reference) {
  const Unlocked unlocked;
  return hypervolume(points, reference);
}

Eigen::VectorXd contributions(const Points& points, const Eigen::VectorXd& reference) {
  const Unlocked unlocked;
  return hypervolume_contributions(points, reference);
}

}  // namespace

void bind_indicators(nb::module_& module) {
  module.def("hypervolume", &volume, nb::arg("points"), nb::arg("reference"));
  module.def("hypervolume_contributions", &contributions, nb::arg("points"), nb::arg("reference"));
  module.def("igd", &between<igd>, nb::arg("points"), nb::arg("reference_set"));
  module.def("igd_plus", &between<igd_plus>, nb::arg("points"), nb::arg("reference_set"));
  module.def("additive_epsilon", &between<additive_epsilon>, nb::arg("points"), nb::arg("reference_set"));
  module.def(
      "r2_exact", [](const Points& points, const Eigen::VectorXd& ideal) { return r2_exact(points, ideal); },
      nb::arg("points"), nb::arg("ideal"));
}

}  // namespace hyperego::python
