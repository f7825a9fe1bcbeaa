// A file of golden/hypershap: its space, configurations and closed-form objective (formulas in the README there).
#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/search_space.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hyperego::test {

using Json = nlohmann::ordered_json;

inline Value json_value(const Json& json) { return value_from_json(json, "golden"); }

inline std::vector<Value> json_values(const Json& json) {
  std::vector<Value> values;
  for (const Json& item : json) values.push_back(json_value(item));
  return values;
}

inline Hyperparameter golden_hyperparameter(const Json& json) {
  const std::string name = json.at("name");
  const std::string type = json.at("type");
  if (type == "categorical")
    return make_categorical(name, json_values(json.at("choices")), json_value(json.at("default")));
  if (type == "ordinal") return make_ordinal(name, json_values(json.at("sequence")), json_value(json.at("default")));
  const bool log = json.at("log");
  if (type == "int")
    return make_integer(name, json.at("lower"), json.at("upper"), log, json.at("default").get<std::int64_t>());
  return make_float(name, json.at("lower"), json.at("upper"), log, json.at("default").get<double>());
}

class HyperShapCase {
 public:
  explicit HyperShapCase(Json json) : json_(std::move(json)) {
    std::vector<Hyperparameter> hyperparameters;
    for (const Json& h : json_.at("hyperparameters")) hyperparameters.push_back(golden_hyperparameter(h));
    const SearchSpace bare(hyperparameters);
    std::vector<SearchSpace::ChildCondition> conditions;
    for (const Json& c : json_.at("conditions")) {
      Comparison comparison{.relation = Comparison::Relation::in,
                            .parent = bare.index_of(c.at("parent").get<std::string>()),
                            .codes = {}};
      for (const Value& value : json_values(c.at("values")))
        comparison.codes.push_back(*bare[comparison.parent].code_of(value));
      conditions.push_back({.child = bare.index_of(c.at("child").get<std::string>()), .condition = comparison});
    }
    space_ = std::make_shared<SearchSpace>(hyperparameters, conditions);
  }

  [[nodiscard]] const Json& json() const { return json_; }
  [[nodiscard]] const std::shared_ptr<const SearchSpace>& space() const { return space_; }

  [[nodiscard]] Configuration configuration(const Json& values) const {
    Configuration result(space_->size());
    for (std::size_t i = 0; i < space_->size(); ++i) {
      if (!values.at(i).is_null()) result.set(i, (*space_)[i].code_of(json_value(values.at(i))).value());
    }
    return result;
  }
  [[nodiscard]] std::vector<Configuration> configurations(const Json& list) const {
    std::vector<Configuration> result;
    for (const Json& values : list) result.push_back(configuration(values));
    return result;
  }

  /// The objective with the coefficients `params`; larger is better.
  [[nodiscard]] std::function<double(const Configuration&)> objective(const Json& params) const {
    const std::string name = json_.at("name");
    if (name.starts_with("nn4")) return [this, params](const Configuration& c) { return nn4(c, params); };
    if (name.starts_with("svm6")) return [this, params](const Configuration& c) { return svm6(c, params); };
    return [this, params](const Configuration& c) { return gbm8(c, params); };
  }

 private:
  [[nodiscard]] double number(const Configuration& c, const char* name) const { return c[space_->index_of(name)]; }
  [[nodiscard]] double log10_of(const Configuration& c, const char* name) const { return std::log10(number(c, name)); }
  [[nodiscard]] std::string choice(const Configuration& c, const char* name) const {
    const std::size_t i = space_->index_of(name);
    return to_string((*space_)[i].value_of(c[i]));
  }
  static double weight(const Json& weights, double code) { return weights.at(static_cast<std::size_t>(code)); }
  static double square(double x) { return x * x; }

  [[nodiscard]] double nn4(const Configuration& c, const Json& p) const {
    const auto k = [&](const char* name) { return p.at(name).get<double>(); };
    const double lr = log10_of(c, "lr");
    const double layers = number(c, "layers");
    const double momentum = number(c, "momentum");
    const double sgd = choice(c, "opt") == "sgd" ? 1 : 0;
    return weight(p.at("w_opt"), number(c, "opt")) - k("a") * square(lr - k("l0")) -
           k("b") * sgd * square(momentum - k("m0")) + k("c") * layers - k("d") * layers * layers +
           k("e") * (layers - 4) * (lr + 3) + k("g") * momentum * (lr + 2);
  }

  [[nodiscard]] double svm6(const Configuration& c, const Json& p) const {
    const auto k = [&](const char* name) { return p.at(name).get<double>(); };
    const double cost = log10_of(c, "C");
    double gamma = k("gu");
    if (c.is_set(space_->index_of("gamma"))) {
      const double g = log10_of(c, "gamma") + 1.5;
      gamma = k("g0") - k("g2") * g * g - k("gc") * cost * g + (choice(c, "kernel") == "rbf" ? k("gr") * g : 0);
    }
    double degree = k("du");
    if (c.is_set(space_->index_of("degree"))) {
      const double d = number(c, "degree") - 3;
      degree = k("d1") * d - k("d2") * d * d;
    }
    const double shrink = choice(c, "shrink") == "on" ? k("s0") + k("sc") * cost : 0;
    return weight(p.at("w_kernel"), number(c, "kernel")) - k("a") * square(cost - k("c0")) + gamma + degree + shrink -
           k("t2") * square(log10_of(c, "tol") + 4);
  }

  [[nodiscard]] double gbm8(const Configuration& c, const Json& p) const {
    const auto k = [&](const char* name) { return p.at(name).get<double>(); };
    const double depth = number(c, "depth");
    const double subsample = number(c, "subsample");
    const double colsample = number(c, "colsample");
    const double tree = choice(c, "booster") != "gblinear" ? 1 : 0;
    const std::size_t bin = space_->index_of("max_bin");
    const double max_bin = std::stod(to_string((*space_)[bin].value_of(c[bin])));
    return weight(p.at("w_b"), number(c, "booster")) -
           k("a") * square(log10_of(c, "eta") + log10_of(c, "n_est") - k("u0")) +
           tree * (k("b1") * depth - k("b2") * depth * depth) - k("s2") * square(subsample - k("s0")) -
           k("c2") * square(colsample - k("c0")) * tree + k("i") * (subsample - 0.5) * (colsample - 0.5) * depth -
           k("l2") * square(log10_of(c, "l2") - 0.2 * depth) + k("m") * (std::log2(max_bin) - 7) * tree +
           k("n1") * std::sin(3 * log10_of(c, "n_est"));
  }

  Json json_;
  std::shared_ptr<const SearchSpace> space_;
};

}  // namespace hyperego::test
