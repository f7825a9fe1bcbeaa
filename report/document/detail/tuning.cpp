#include <hyperego/core/number_text.hpp>
#include <hyperego/report/document/detail/document_parts.hpp>
#include <hyperego/report/document/detail/explanations.hpp>
#include <hyperego/report/document/detail/moved_values.hpp>
#include <hyperego/report/document/detail/sections.hpp>
#include <hyperego/report/document/detail/tuning.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t values_tried = 101;

/// The best prediction along one hyperparameter while the others keep their defaults.
struct BestAlone {
  double predicted = 0;
  std::optional<double> code{};  ///< nothing where no value is better than the default
};

BestAlone best_alone(const BlendPredictor& predictor, const SearchSpace& space, std::size_t moved) {
  const Configuration baseline = space.default_configuration();
  std::vector<Configuration> line{baseline};
  std::vector<double> codes{0};
  for (const double code : grid_of(space[moved], values_tried)) {
    Configuration configuration = with_values(space, baseline, {{moved, code}});
    if (!configuration.is_set(moved) || space.is_forbidden(configuration)) continue;
    codes.push_back(code);
    line.push_back(std::move(configuration));
  }
  Eigen::Index best = 0;
  BestAlone result{predictor.predict(line).minCoeff(&best)};
  if (best > 0) result.code = codes[static_cast<std::size_t>(best)];
  return result;
}

TunedHyperparameter described(const ordered_json& tunability, const std::string& name) {
  TunedHyperparameter one{{}, name, nullptr, nullptr, {}, {}};
  const ordered_json& value = tunability.at("values").at(name);
  if (value.is_null()) return one;
  one.verdict = Verdict::leave;
  one.value = one.low = one.high = beside_gain(value.get<double>(), gain_of(tunability));
  const ordered_json& intervals = tunability.at("intervals");
  const char* kind = intervals.contains("model") ? "model" : "sampling";
  if (intervals.contains(kind)) {
    one.low = intervals.at(kind).at(name).at(0).get<double>();
    one.high = intervals.at(kind).at(name).at(1).get<double>();
  }
  if (tunability.contains("p_values")) one.p_value = tunability.at("p_values").at(name).get<double>();
  return one;
}

}  // namespace

std::string in_words(Verdict verdict) {
  switch (verdict) {
    case Verdict::tune:
      return "tune";
    case Verdict::leave:
      return "leave";
    case Verdict::noise:
      return "not told from noise";
    case Verdict::unknown:
      break;
  }
  return "never varied";
}

std::string in_words(double objective, double difference, const Tuning& tuning) {
  return tuning.is_log ? number_text(objective, 3) : number_text_within(objective, difference);
}

Tuning tuning_of(const ordered_json& tunability, const GameTable& game, TrialModels& models, std::size_t objective) {
  const SearchSpace& space = *models.trials().space;
  const Objective& measured = models.trials().objectives[objective];
  const bool is_log = models.is_logarithmic(objective);
  const TargetModel target = models.objective(objective);
  const ordered_json defaults = space.to_json(space.default_configuration());
  Tuning tuning{.is_log = is_log,
                .baseline = raw_value(measured, is_log, -tunability.at("empty").get<double>()),
                .all = raw_value(measured, is_log, -tunability.at("full").get<double>())};
  double total = 0;
  for (std::size_t player = 0; player < space.searched().size(); ++player) {
    const std::size_t i = space.searched()[player];
    TunedHyperparameter one = described(tunability, space[i].name);
    one.baseline = defaults.value(one.name, ordered_json(nullptr));
    total += std::abs(one.value);
    if (one.verdict != Verdict::unknown) {
      const BestAlone best = best_alone(target.predictor(), space, i);
      one.better = best.code ? to_json(space[i].value_of(*best.code)) : one.baseline;
      const double modelled = game.values.empty() ? best.predicted : -game.values[std::size_t{1} << player];
      one.alone = raw_value(measured, is_log, modelled);
    }
    tuning.hyperparameters.push_back(std::move(one));
  }
  for (TunedHyperparameter& one : tuning.hyperparameters) {
    if (one.verdict != Verdict::unknown) one.verdict = verdict_of(one.value, total, one.p_value);
  }
  const auto rank = [](const TunedHyperparameter& one) {
    return one.verdict == Verdict::unknown ? -std::numeric_limits<double>::infinity() : one.value;
  };
  std::stable_sort(tuning.hyperparameters.begin(), tuning.hyperparameters.end(),
                   [&](const auto& a, const auto& b) { return rank(a) > rank(b); });
  return tuning;
}

std::vector<const TunedHyperparameter*> leaders(const Tuning& tuning) {
  std::vector<const TunedHyperparameter*> gaining;
  std::vector<Ranked> ranked;
  for (const TunedHyperparameter& one : tuning.hyperparameters) {
    if (one.verdict != Verdict::tune || !(one.value > 0)) continue;
    gaining.push_back(&one);
    ranked.push_back(one);
  }
  std::vector<const TunedHyperparameter*> found;
  for (const std::size_t k : leaders_among(ranked)) found.push_back(gaining[k]);
  return found;
}

}  // namespace hyperego::detail
