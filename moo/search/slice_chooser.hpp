#pragma once

#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/moo/decision/decision.hpp>
#include <hyperego/moo/model/scalarized_model.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <optional>

namespace hyperego {

/// The model of one weight vector, and what it says of the completed configurations.
struct FittedScalarization {
  const ScalarizedModel& model;  ///< pending trials conditioned on
  Eigen::VectorXd predicted;     ///< its predictions of the completed configurations
  std::size_t incumbent;         ///< completed configuration of the lowest prediction
};

/// Chooses where in its domain the search looks for the trial of one weight vector.
class SliceChooser {
 public:
  virtual ~SliceChooser() = default;

  /// Where to look for the trial `decision.trial`; nothing for the whole domain. Sets the decision's phase, threshold,
  /// free and frozen sets, game and reason.
  [[nodiscard]] virtual std::optional<Slice> choose(const FittedScalarization& fitted, Decision& decision) = 0;
  /// A slice whose expected improvement is below this share of the whole domain's is not searched; 0: whatever it is.
  [[nodiscard]] virtual double least_improvement_share() const { return 0; }
  /// A larger slice than the last one, whose share was `share`; in the end nothing, for the whole domain. Sets the
  /// decision anew.
  [[nodiscard]] virtual std::optional<Slice> widen(double /*share*/, Decision& /*decision*/) { return std::nullopt; }

  /// Adds what choose() must be given back on replay to a suggestion's state; and takes it back.
  virtual void save(nlohmann::ordered_json& /*state*/) const {}
  virtual void load(const JsonReader& /*state*/) {}
};

/// Nothing is ever frozen.
class FullSpace final : public SliceChooser {
 public:
  [[nodiscard]] std::optional<Slice> choose(const FittedScalarization& fitted, Decision& decision) override;
};

}  // namespace hyperego
