#pragma once

#include <hyperego/moo/optimizer/optimizer.hpp>
#include <hyperego/moo/search/freezing_options.hpp>
#include <hyperego/moo/search/parego_options.hpp>

#include <map>
#include <memory>
#include <string_view>
#include <vector>

namespace hyperego {

struct SearchState;
class ModelStore;
class SliceChooser;
class Turn;

/// ParEGO, and what it freezes.
struct HpiParEgoOptions {
  ParEgoOptions parego = {};
  FreezingOptions freezing = {};

  /// The setting of Theodorakopoulos, Wever & Lindauer (arXiv 2601.03166): a new weight vector every fifth trial, a
  /// tenth of all trials at random, cumulative selection, a random forest of the scalarised objective, no hypervolume
  /// phase.
  [[nodiscard]] static HpiParEgoOptions authors();

  /// @throws InvalidInput naming the field.
  void validate() const;
};

[[nodiscard]] std::vector<Option> options_of(HpiParEgoOptions& o, const std::vector<Objective>& objectives = {});

/// ParEGO (Knowles, IEEE TEVC 10(1), 2006): every trial takes the next weight vector of a stratified sequence,
/// scalarises all finished trials with it, fits a Gaussian process (or grows a random forest) and maximises the log
/// expected improvement over the space. Trials of other kinds come between (moo/turns/turn.hpp).
///
/// HPI-ParEGO plays a HyperSHAP tunability game for every weight vector and searches only the hyperparameters that
/// matter for it (Theodorakopoulos, Wever & Lindauer, arXiv 2601.03166; games by Wever et al., AAAI 2026, arXiv
/// 2502.01276), as long as that costs next to none of the expected improvement (moo/search/game_slices.hpp). The model
/// itself always sees all dimensions.
///
/// An ask/tell machine of few moves: it numbers trials, asks one kind of trial after the other for a suggestion, and
/// gives everything that remembers something its share of a suggestion's state. One ask costs the fits
/// (moo/search/model_store.hpp) and the search for the maximum, O(n²) per point looked at.
class ParEgo final : public Optimizer {
 public:
  /// "parego". @throws InvalidInput for options that are not valid.
  ParEgo(OptimizationProblem problem, const ParEgoOptions& options);
  /// "hpi-parego". Likewise.
  ParEgo(OptimizationProblem problem, const HpiParEgoOptions& options);
  ParEgo(const ParEgo&) = delete;
  ParEgo& operator=(const ParEgo&) = delete;
  ParEgo(ParEgo&&) = delete;
  ParEgo& operator=(ParEgo&&) = delete;
  ~ParEgo() override;

  [[nodiscard]] std::vector<Suggestion> ask(std::size_t count) override;
  void replay(const Suggestion& suggestion) override;
  void tell(const Trial& trial) override;
  void report(std::uint64_t trial, const IntermediateReport& report) override;
  /// The chance by the models of the last fits, which know the trial's reports (ParEgoOptions::stop_below).
  [[nodiscard]] Continuation goes_on(std::uint64_t trial) const override;
  void set_progress(const ProgressHook& progress) override;
  [[nodiscard]] std::string_view name() const override { return name_; }

 private:
  ParEgo(std::string_view name, std::unique_ptr<SearchState> state, std::unique_ptr<SliceChooser> slices);
  [[nodiscard]] std::vector<Suggestion> suggestions(std::size_t count);
  [[nodiscard]] std::optional<Suggestion> suggest();
  void take(const Suggestion& suggestion);
  /// What replay() takes back.
  [[nodiscard]] nlohmann::ordered_json remembered() const;

  std::string_view name_;
  std::unique_ptr<SearchState> state_;
  std::unique_ptr<ModelStore> models_;
  std::unique_ptr<SliceChooser> slices_;
  std::vector<std::unique_ptr<Turn>> turns_;
  std::map<std::uint64_t, std::vector<IntermediateReport>> reports_;  // of pending trials
};

/// The optimizer that typed options describe; make_optimizer() of optimizer.hpp reads them from JSON.
[[nodiscard]] std::unique_ptr<Optimizer> make_optimizer(OptimizationProblem problem, const ParEgoOptions& options);
[[nodiscard]] std::unique_ptr<Optimizer> make_optimizer(OptimizationProblem problem, const HpiParEgoOptions& options);

}  // namespace hyperego
