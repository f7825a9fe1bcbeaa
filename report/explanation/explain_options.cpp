#include <hyperego/core/error.hpp>
#include <hyperego/report/explanation/explain_options.hpp>

#include <array>

namespace hyperego {
namespace {

constexpr std::array<std::string_view, 3> model_names{"gp", "forest", "automatic"};

}  // namespace

std::string_view to_string(ModelKind kind) { return model_names[static_cast<std::size_t>(kind)]; }

ModelKind model_kind_from(std::string_view text, const std::string& where) {
  for (std::size_t i = 0; i < model_names.size(); ++i) {
    if (text == model_names[i]) return static_cast<ModelKind>(i);
  }
  throw InvalidInput(where, "\"" + std::string(text) + "\" is no model of trials" + expected_name(text, model_names));
}

void ExplainOptions::validate() const {
  if (samples && *samples < 1) throw InvalidInput("samples", "must be at least 1");
  if (samples && !sample_list.empty()) throw InvalidInput("samples", "is a number and a list; give one of them");
  if (!sample_list.empty() && (game == GameKind::ablation || game == GameKind::optimizer_bias)) {
    throw InvalidInput("samples",
                       "are for games with maxima or variances; " + std::string(to_string(game)) + " has none of them");
  }
  if (suggest > 0 && game == GameKind::optimizer_bias) {
    throw InvalidInput("suggest", "is not for optimizer_bias, which says something of optimizers, not of trials");
  }
  if (order && *order < 1) throw InvalidInput("order", "must be at least 1");
  if (!(level >= 0 && level <= 1)) throw InvalidInput("level", "a quantile's level must be in [0, 1]");
  if (!(coverage > 0 && coverage < 1)) throw InvalidInput("coverage", "must be between 0 and 1");
  if (!(reach >= 0)) throw InvalidInput("reach", "must not be negative");
  if (budget && exact) throw InvalidInput("budget", "contradicts exact; give one of them");
  if (!(target_standard_error >= 0)) throw InvalidInput("target_standard_error", "must not be negative");
  if (incumbent_as_baseline && game == GameKind::ablation && !of) {
    throw InvalidInput("incumbent_as_baseline",
                       "is what ablation explains unless `of` is given; give one or another baseline");
  }
  if (of && game != GameKind::ablation) throw InvalidInput("of", "belongs to the ablation game only");
  if (bias.ensemble.empty()) throw InvalidInput("ensemble", "needs at least one optimizer to compare with");
  if (bias.trials < 1) throw InvalidInput("optimizer_trials", "must be at least 1");
}

}  // namespace hyperego
