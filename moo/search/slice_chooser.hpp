#pragma once

#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/moo/acquisition/acquisition_maximizer.hpp>
#include <hyperego/moo/decision/decision.hpp>
#include <hyperego/moo/model/acquisition.hpp>
#include <hyperego/moo/model/scalarized_model.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <span>

namespace hyperego {

/// The model of one weight vector, and what it says of the completed configurations.
struct FittedScalarization {
  const ScalarizedModel& model;  ///< pending trials conditioned on
  Eigen::VectorXd predicted;     ///< its predictions of the completed configurations
  std::size_t incumbent;         ///< completed configuration of the lowest prediction
};

/// What was found for a trial, and with what.
struct FoundMaximum {
  const AcquisitionFunction& acquisition;
  const AcquisitionMaximum& maximum;
  /// Evaluated configurations that it may go back towards; none where freezing makes no sense.
  std::span<const Configuration> origins;
  const std::function<bool(const Configuration&)>& excluded;  ///< what may not be suggested
};

/// Chooses where in its domain the search looks for a trial, and what of the place that it finds is worth changing.
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
  /// What is suggested in place of a maximum in the whole domain; nothing where that is suggested itself. Sets the
  /// decision's free and frozen sets and reason where there is something.
  [[nodiscard]] virtual std::optional<AcquisitionMaximum> reduce(const FoundMaximum& /*found*/,
                                                                 Decision& /*decision*/) {
    return std::nullopt;
  }

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
