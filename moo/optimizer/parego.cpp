#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/number_text.hpp>
#include <hyperego/moo/fidelity/chance.hpp>
#include <hyperego/moo/optimizer/parego.hpp>
#include <hyperego/moo/search/fidelity_choice.hpp>
#include <hyperego/moo/search/freeze_after.hpp>
#include <hyperego/moo/search/game_slices.hpp>
#include <hyperego/moo/search/model_store.hpp>
#include <hyperego/moo/search/search_state.hpp>
#include <hyperego/moo/turns/turn.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <utility>

namespace hyperego {
namespace {

/// Of a suggestion's state; one that does not name its format has the first.
constexpr std::int64_t newest_state_format = 1;

/// Values other than the incumbent's are those of a slice, which is chosen before the search.
std::unique_ptr<SliceChooser> slices_of(const SearchState& state, const FreezingOptions& options) {
  using Order = FreezingOptions::Order;
  const bool many = state.problem.space->searched().size() > static_cast<std::size_t>(options.most_players) &&
                    options.frozen_values == FreezingOptions::FrozenValues::incumbent;
  if (options.order.value_or(many ? Order::after : Order::before) == Order::after)
    return std::make_unique<FreezeAfter>(state, options);
  return std::make_unique<GameSlices>(state, options);
}

}  // namespace

HpiParEgoOptions HpiParEgoOptions::authors() {
  return {.parego = {.random_share = 0.1,
                     .reweigh = 5,
                     .target = ParEgoOptions::Target::scalarized,
                     .hypervolume_share = 0,
                     .offspring_share = 0,
                     .model = ParEgoOptions::Model::random_forest},
          .freezing = {.order = FreezingOptions::Order::before,
                       .schedule = {0, 0.8, 0},
                       .selection = SelectionRule::cumulative,
                       .least_improvement_share = 0}};
}

std::vector<Option> options_of(HpiParEgoOptions& o, const std::vector<Objective>& objectives) {
  std::vector<Option> options = options_of(o.parego, objectives);
  for (Option& option : options_of(o.freezing)) options.push_back(std::move(option));
  return options;
}

void HpiParEgoOptions::validate() const {
  parego.validate();
  freezing.validate();
}

ParEgo::ParEgo(OptimizationProblem problem, const ParEgoOptions& options)
    : name_("parego"),
      state_(std::make_unique<SearchState>(std::move(problem), options)),
      models_(std::make_unique<ModelStore>(*state_)),
      slices_(std::make_unique<FullSpace>()),
      turns_(turns_in_order({*state_, *models_, *slices_})) {}

ParEgo::ParEgo(OptimizationProblem problem, const HpiParEgoOptions& options)
    : name_("hpi-parego"),
      state_(std::make_unique<SearchState>(std::move(problem), options.parego)),
      models_(std::make_unique<ModelStore>(*state_)),
      slices_(slices_of(*state_, options.freezing)),
      turns_(turns_in_order({*state_, *models_, *slices_})) {}

ParEgo::~ParEgo() = default;

std::vector<Suggestion> ParEgo::ask(std::size_t count) {
  if (!state_->progress) return suggestions(count);
  const TrialHistory history = state_->history;
  const PartialTrials partial = state_->partial;
  const ModelStore models = *models_;
  nlohmann::ordered_json slices = nlohmann::ordered_json::object();
  slices_->save(slices);
  try {
    return suggestions(count);
  } catch (...) {
    state_->history = history;
    state_->partial = partial;
    models_->restore(models);
    slices_->load(JsonReader(slices, "state"));
    throw;
  }
}

std::vector<Suggestion> ParEgo::suggestions(std::size_t count) {
  std::vector<Suggestion> suggestions;
  while (suggestions.size() < count) {
    std::optional<Suggestion> suggestion = suggest();
    if (!suggestion) break;
    take(*suggestion);
    suggestions.push_back(std::move(*suggestion));
  }
  return suggestions;
}

std::optional<Suggestion> ParEgo::suggest() {
  Suggestion draft;
  draft.trial = draft.decision.trial = state_->history.next_number();
  draft.decision.free = state_->domain.free();
  for (const std::unique_ptr<Turn>& turn : turns_) {
    std::optional<Suggestion> suggestion = turn->propose(draft);
    if (!suggestion) continue;
    set_usual_fidelity(*state_, *suggestion);
    // Where no model was asked there is nothing new to remember.
    if (suggestion->decision.surrogate)
      suggestion->state = std::make_shared<const nlohmann::ordered_json>(remembered());
    return suggestion;
  }
  return std::nullopt;
}

void ParEgo::take(const Suggestion& suggestion) {
  state_->history.suggest(suggestion.trial, suggestion.configuration);
  state_->partial.suggest(suggestion.trial, suggestion.configuration, suggestion.fidelity);
}

nlohmann::ordered_json ParEgo::remembered() const {
  nlohmann::ordered_json state = nlohmann::ordered_json::object();
  models_->save(state);
  slices_->save(state);
  return state;
}

void ParEgo::replay(const Suggestion& suggestion) {
  take(suggestion);
  if (!suggestion.state || suggestion.state->is_null()) return;
  const JsonReader reader(*suggestion.state, "trial " + std::to_string(suggestion.trial) + "/state");
  if (const auto format = reader.find("format"); format && format->integer(1) > newest_state_format) {
    format->fail("is that of a newer version of hyperego; go on with that version");
  }
  models_->load(reader);
  slices_->load(reader);
}

void ParEgo::tell(const Trial& trial) {
  state_->history.end(trial);
  state_->partial.end(trial);
  if (trial.outcome.status != TrialStatus::lost) reports_.erase(trial.number);
}

void ParEgo::report(std::uint64_t trial, const IntermediateReport& report) { reports_[trial].push_back(report); }

Continuation ParEgo::goes_on(std::uint64_t trial) const {
  const auto reports = reports_.find(trial);
  const auto pending = state_->partial.pending().find(trial);
  const double least = state_->options.stop_below;
  if (least == 0 || reports == reports_.end() || pending == state_->partial.pending().end()) return {};
  const Configuration& configuration = pending->second.configuration;
  const ModelStore::LastModels last = models_->last_models(configuration, reports->second);
  if (last.surrogates.empty() || !state_->can_model()) return {};
  Continuation result;
  result.chance = chance_to_improve(last.surrogates, configuration, last.objectives);
  result.goes_on = result.chance >= least;
  if (!result.goes_on) {
    result.reason = "by the model, its full evaluation improves the front with a chance of " +
                    number_text(result.chance, 2) + ", less than " + number_text(least, 2) + " (\"stop_below\")";
  }
  return result;
}

void ParEgo::set_progress(const ProgressHook& progress) { state_->progress = progress; }

std::unique_ptr<Optimizer> make_optimizer(OptimizationProblem problem, const ParEgoOptions& options) {
  return std::make_unique<ParEgo>(std::move(problem), options);
}

std::unique_ptr<Optimizer> make_optimizer(OptimizationProblem problem, const HpiParEgoOptions& options) {
  return std::make_unique<ParEgo>(std::move(problem), options);
}

}  // namespace hyperego
