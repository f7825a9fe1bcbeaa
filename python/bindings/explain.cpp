#include <hyperego/core/error.hpp>
#include <hyperego/report/document/document.hpp>
#include <hyperego/report/document/figure_data.hpp>
#include <hyperego/report/explanation/explain.hpp>
#include <hyperego/report/explanation/explain_function.hpp>
#include <hyperego/report/page/html.hpp>

#include <nlohmann/json.hpp>

#include "bindings.hpp"
#include "explain_options.hpp"
#include "json.hpp"
#include "signals.hpp"
#include "space.hpp"
#include "trial_source.hpp"
#include "unlocked.hpp"
#include <memory>
#include <nanobind/eigen/dense.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <string>
#include <utility>
#include <vector>

namespace nb = nanobind;

namespace hyperego::python {
namespace {

using nlohmann::ordered_json;
using Codes = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic>;  // columns lie in one piece

/// The completed trials.
TrialTable trial_table(const TrialSource& source) {
  TrialTable table = trials_of_history(source.record.history);
  table.notes = source.record.notes;
  return table;
}

/// One explanation for each target; several sources are aggregated. Models are fitted once.
nb::object explain_trials(const std::vector<const TrialSource*>& sources, nb::handle given) {
  const ordered_json arguments = json_from_python(given, "arguments");
  ordered_json explanations = ordered_json::array();
  {
    const Unlocked unlocked;
    if (sources.empty()) throw InvalidInput("data", "is an empty list; give at least one source of trials");
    const StudySpecification& first = sources.front()->record.history.study();
    ExplainOptions options = explain_options(arguments, *first.space);
    options.progress = signals_hook();
    const std::vector<ExplainTarget> targets = explain_targets(arguments, first.objectives);
    std::vector<TrialModels> models;
    for (const TrialSource* source : sources) {
      models.emplace_back(trial_table(*source), options.model, options.seed, options.reach, options.progress);
    }
    if (targets.front().objective) {
      for (const ExplainTarget& target : targets) {
        explanations.push_back(explain(models, std::span(&target, 1), options).front());
      }
    } else {
      explanations = explain(models, targets, options);
    }
  }
  return json_to_python(explanations);
}

/// A function of Python: asked for the values at a matrix of codes (configurations × hyperparameters, NaN where unset),
/// or with one configuration at a time.
class PythonFunction final : public BlendPredictor {
 public:
  PythonFunction(std::shared_ptr<const SearchSpace> space, nb::object function, bool is_vectorized)
      : space_(std::move(space)), function_(std::move(function)), is_vectorized_(is_vectorized) {}

  [[nodiscard]] int max_threads() const override { return 1; }
  [[nodiscard]] Eigen::VectorXd predict(std::span<const Configuration> configurations) const override {
    const nb::gil_scoped_acquire acquire;
    return is_vectorized_ ? of_matrix(configurations) : one_by_one(configurations);
  }

 private:
  [[nodiscard]] Eigen::VectorXd of_matrix(std::span<const Configuration> configurations) const {
    const auto rows = static_cast<Eigen::Index>(configurations.size());
    Codes codes(rows, static_cast<Eigen::Index>(space_->size()));
    for (Eigen::Index i = 0; i < rows; ++i) {
      const Configuration& configuration = configurations[static_cast<std::size_t>(i)];
      for (Eigen::Index j = 0; j < codes.cols(); ++j) codes(i, j) = configuration[static_cast<std::size_t>(j)];
    }
    auto values = nb::cast<Eigen::VectorXd>(function_(std::move(codes)));
    if (values.size() != rows) {
      throw InvalidInput("function", "returned " + std::to_string(values.size()) + " values for " +
                                         std::to_string(rows) + " rows; return one for each");
    }
    return values;
  }

  [[nodiscard]] Eigen::VectorXd one_by_one(std::span<const Configuration> configurations) const {
    Eigen::VectorXd values(static_cast<Eigen::Index>(configurations.size()));
    for (std::size_t i = 0; i < configurations.size(); ++i) {
      const nb::object value = function_(json_to_python(space_->to_json(configurations[i])));
      values(static_cast<Eigen::Index>(i)) = nb::cast<double>(value);
    }
    return values;
  }

  std::shared_ptr<const SearchSpace> space_;
  nb::object function_;
  bool is_vectorized_;
};

/// Several functions are aggregated.
nb::object explain_functions_of(const std::vector<nb::object>& functions, const BoundSpace& bound, bool is_vectorized,
                                const std::string& name, bool maximize, nb::handle given) {
  const ordered_json arguments = json_from_python(given, "arguments");
  ExplainOptions options = explain_options(arguments, *bound.space);
  options.progress = signals_hook();
  std::vector<ExplainedFunction> explained;
  for (const nb::object& function : functions) {
    explained.push_back({.space = bound.space,
                         .predictor = std::make_shared<PythonFunction>(bound.space, function, is_vectorized),
                         .name = name,
                         .direction = maximize ? Direction::maximize : Direction::minimize});
  }
  return json_to_python(explain_functions(explained, options));
}

/// A report's content and its page.
struct Document {
  ordered_json json;
};

Document document_of(const TrialSource& source, nb::handle given) {
  const ordered_json arguments = json_from_python(given, "arguments");
  const Unlocked unlocked;
  ReportOptions options;
  const ExplainOptions read = explain_options(arguments, *source.record.history.study().space);
  options.explanations = arguments.value("models", true);
  options.model = arguments.contains("model") && !arguments.at("model").is_null() ? read.model : options.model;
  options.draws = read.draws;
  options.replicates = read.replicates;
  options.samples = read.samples;
  options.seed = read.seed;
  options.threads = read.threads;
  if (const auto number = arguments.find("tradeoffs"); number != arguments.end() && number->is_number_integer()) {
    options.tradeoffs = number->get<std::size_t>();
  }
  options.progress = signals_hook();
  return {report_document(source.record, options)};
}

std::string page_of(const Document& document) {
  const Unlocked unlocked;
  return render_html(document.json);
}

}  // namespace

void bind_explain(nb::module_& module) {
  bind_trial_source(module);
  module.def("explain_trials", &explain_trials, nb::arg("sources"), nb::arg("arguments"),
             nb::sig("def explain_trials(sources: list[TrialSource], arguments: object) -> list[dict[str, Any]]"));
  module.def("explain_functions", &explain_functions_of, nb::arg("functions"), nb::arg("space"),
             nb::arg("is_vectorized"), nb::arg("name"), nb::arg("maximize"), nb::arg("arguments"),
             nb::sig("def explain_functions(functions: list[object], space: SearchSpace, is_vectorized: bool, name: "
                     "str, maximize: bool, arguments: object) -> dict[str, Any]"));
  nb::class_<Document>(module, "Document", "What a report says.")
      .def_static("of", &document_of, nb::arg("source"), nb::arg("arguments"))
      .def("html", &page_of)
      .def(
          "to_json", [](const Document& document) { return json_to_python(document.json); },
          nb::sig("def to_json(self) -> dict[str, Any]"))
      .def(
          "write",
          [](const Document& document, const std::string& path, bool force) {
            const Unlocked unlocked;
            write_output(path, render_html(document.json), report_page_kind(),
                         force ? Overwrite::any_file : Overwrite::own_kind);
          },
          nb::arg("path"), nb::arg("force"))
      .def(
          "write_data",
          [](const Document& document, const std::string& folder, bool force) {
            const Unlocked unlocked;
            return write_figure_data(document.json, folder, force ? Overwrite::any_file : Overwrite::own_kind);
          },
          nb::arg("folder"), nb::arg("force"));
}

}  // namespace hyperego::python
