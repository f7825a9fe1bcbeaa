#include <hyperego/core/blend.hpp>
#include <hyperego/core/detail/evaluate_condition.hpp>
#include <hyperego/core/error.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace hyperego {
namespace {

void check_codes(const SearchSpace& space, const Configuration& configuration, const std::string& where) {
  if (configuration.size() != space.size()) {
    throw InvalidInput(where, "has " + std::to_string(configuration.size()) + " entries in a space of " +
                                  std::to_string(space.size()) + " hyperparameters");
  }
  for (std::size_t i = 0; i < space.size(); ++i) {
    if (configuration.is_set(i) && !space[i].is_legal_code(configuration[i])) {
      throw InvalidInput(where, "\"" + space[i].name + "\" is outside its domain; give " + space[i].describe());
    }
  }
}

bool sets_everything(const Configuration& configuration) {
  for (std::size_t i = 0; i < configuration.size(); ++i) {
    if (!configuration.is_set(i)) return false;
  }
  return true;
}

/// The default of every hyperparameter, active or not.
Configuration all_defaults(const SearchSpace& space) {
  Configuration defaults(space.size());
  for (std::size_t i = 0; i < space.size(); ++i) defaults.set(i, space[i].default_code);
  return defaults;
}

}  // namespace

std::string_view to_string(BlendTreatment treatment) {
  switch (treatment) {
    case BlendTreatment::drop:
      return "drop";
    case BlendTreatment::repair:
      return "repair";
    case BlendTreatment::ignore:
      return "ignore";
  }
  return "repair";
}

Blends::Blends(std::shared_ptr<const SearchSpace> space, Configuration baseline, std::vector<Configuration> samples,
               BlendTreatment treatment, std::optional<Configuration> completion)
    : space_(std::move(space)), baseline_(std::move(baseline)), samples_(std::move(samples)), treatment_(treatment) {
  if (!space_) throw InvalidInput("space", "is null; give the blends a space");
  if (players().size() > static_cast<std::size_t>(max_players)) {
    throw InvalidInput("space", "has " + std::to_string(players().size()) +
                                    " searched hyperparameters; games have at most " + std::to_string(max_players) +
                                    " players, so make some of them constants");
  }
  completion_ = completion ? std::move(*completion) : all_defaults(*space_);
  check_codes(*space_, completion_, "completion");
  for (std::size_t i = 0; i < space_->size(); ++i) {
    if (!completion_.is_set(i))
      throw InvalidInput("completion", "\"" + (*space_)[i].name + "\" is not set; give a value for each");
  }
  check_codes(*space_, baseline_, "baseline");
  if (treatment_ != BlendTreatment::ignore) {
    const Legality legality = space_->check(baseline_);
    if (!legality) throw InvalidInput("baseline", legality.reason);
  }
  bool all_full = sets_everything(baseline_);
  for (std::size_t i = 0; i < samples_.size(); ++i) {
    check_codes(*space_, samples_[i], "samples/" + std::to_string(i));
    all_full = all_full && sets_everything(samples_[i]);
  }
  player_of_.assign(space_->size(), -1);
  for (std::size_t p = 0; p < players().size(); ++p) player_of_[players()[p]] = static_cast<int>(p);
  const bool no_clauses = space_->forbidden_clauses().empty();
  // Without conditions a repair changes nothing in complete samples; with them it leaves only forbidden clauses to
  // break.
  all_count_ = treatment_ == BlendTreatment::ignore || (treatment_ == BlendTreatment::repair && no_clauses) ||
               (no_clauses && !space_->has_conditions() && all_full);
}

void Blends::sources(std::size_t i, Coalition coalition, std::span<BlendSource> out) const {
  const Configuration& sample = samples_[i];
  const auto from_baseline = [&](std::size_t j) {
    return baseline_.is_set(j) ? BlendSource::baseline : BlendSource::unset;
  };
  // What j takes where it is to have a value.
  const auto completed = [&](std::size_t j) {
    if (player_of_[j] >= 0 && hyperego::contains(coalition, player_of_[j]) && sample.is_set(j))
      return BlendSource::sample;
    return baseline_.is_set(j) ? BlendSource::baseline : BlendSource::completion;
  };
  const bool repair = treatment_ == BlendTreatment::repair;
  for (const std::size_t j : space_->topological_order()) {
    const bool blinded = !repair && player_of_[j] >= 0;
    if (blinded) {
      const bool kept = hyperego::contains(coalition, player_of_[j]);
      out[j] = !kept ? from_baseline(j) : sample.is_set(j) ? BlendSource::sample : BlendSource::unset;
    } else {
      // Constants are nobody's to blind: they are there wherever the blend makes them active.
      out[j] = is_active(j, i, out) ? completed(j) : BlendSource::unset;
    }
  }
}

double Blends::code(std::size_t j, std::size_t i, BlendSource source) const {
  switch (source) {
    case BlendSource::sample:
      return samples_[i][j];
    case BlendSource::baseline:
      return baseline_[j];
    case BlendSource::completion:
      return completion_[j];
    case BlendSource::unset:
      break;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

bool Blends::is_active(std::size_t j, std::size_t i, std::span<const BlendSource> sources) const {
  if (!space_->is_conditional(j)) return true;
  return space_->is_active(j, [&](std::size_t parent) { return code(parent, i, sources[parent]); });
}

Configuration Blends::blend(std::size_t i, Coalition coalition) const {
  std::vector<BlendSource> from(space_->size());
  sources(i, coalition, from);
  Configuration blended(space_->size());
  for (std::size_t j = 0; j < from.size(); ++j) {
    if (from[j] != BlendSource::unset) blended.set(j, code(j, i, from[j]));
  }
  return blended;
}

bool Blends::counts(std::size_t i, Coalition coalition) const {
  if (all_count_) return true;
  constexpr std::size_t usual_size = 128;
  std::array<BlendSource, usual_size> on_stack;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
  std::vector<BlendSource> on_heap(space_->size() > usual_size ? space_->size() : 0);
  const std::span<BlendSource> from =
      on_heap.empty() ? std::span(on_stack).first(space_->size()) : std::span<BlendSource>(on_heap);
  sources(i, coalition, from);
  if (treatment_ == BlendTreatment::drop) {
    for (std::size_t j = 0; j < from.size(); ++j) {
      if (is_active(j, i, from) != (from[j] != BlendSource::unset)) return false;
    }
  }
  const auto code_of = [&](std::size_t j) { return code(j, i, from[j]); };
  return std::none_of(space_->forbidden_clauses().begin(), space_->forbidden_clauses().end(),
                      [&](const ForbiddenClause& clause) { return detail::is_forbidden_by(clause, code_of); });
}

}  // namespace hyperego
