#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/report/document/detail/document_parts.hpp>
#include <hyperego/report/document/detail/moved_values.hpp>
#include <hyperego/report/document/detail/sections.hpp>
#include <hyperego/report/explanation/detail/intervals.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t background_size = 24;
constexpr std::size_t most_values = 17;
constexpr std::size_t values_of_pairs = 11;
constexpr std::size_t pairs_shown = 3;
constexpr Eigen::Index draws = 64;

/// Random configurations over which a partial dependence is averaged (Friedman, Annals of Statistics 29(5), 2001).
std::vector<Configuration> background(const std::shared_ptr<const SearchSpace>& space, std::uint64_t seed) {
  const Slice whole(space);
  Rng rng(seed, "partial dependence");
  std::vector<Configuration> configurations;
  for (std::size_t k = 0; k < background_size; ++k) {
    if (auto one = whole.sample(rng)) configurations.push_back(*std::move(one));
  }
  return configurations;
}

/// One point of a partial dependence: the blends in which the values are active and allowed.
std::vector<Configuration> blends(const SearchSpace& space, const std::vector<Configuration>& others,
                                  const std::vector<std::pair<std::size_t, double>>& set) {
  std::vector<Configuration> result;
  for (const Configuration& other : others) {
    Configuration blend = with_values(space, other, set);
    const bool active = std::all_of(set.begin(), set.end(), [&](const auto& one) { return blend.is_set(one.first); });
    if (active && !space.is_forbidden(blend)) result.push_back(std::move(blend));
  }
  return result;
}

struct Curve {
  std::vector<double> codes;
  Eigen::VectorXd mean, low, high;  ///< minimised, on the scale that is modelled
};

/// Standard normals of `rows` places, each column with its opposite, so that the draws lie evenly about the posterior.
Eigen::MatrixXd antithetic_normals(Eigen::Index rows, Rng rng) {
  Eigen::MatrixXd normals(rows, draws);
  for (double& one : normals.leftCols(draws / 2).reshaped()) one = rng.normal();
  normals.rightCols(draws / 2) = -normals.leftCols(draws / 2);
  return normals;
}

/// The average over the background of every joint draw: of these, at each value of the hyperparameter, the median and
/// the central 90 %.
Curve partial_dependence(const Surrogate& model, const SearchSpace& space, const std::vector<Configuration>& others,
                         std::size_t hyperparameter, std::uint64_t seed) {
  Curve curve;
  std::vector<Configuration> all;
  std::vector<std::size_t> sizes;
  for (const double code : grid_of(space[hyperparameter], most_values)) {
    const auto some = blends(space, others, {{hyperparameter, code}});
    if (some.empty()) continue;
    curve.codes.push_back(code);
    sizes.push_back(some.size());
    all.insert(all.end(), some.begin(), some.end());
  }
  if (all.empty()) return curve;
  const Eigen::MatrixXd normals =
      antithetic_normals(static_cast<Eigen::Index>(all.size()), Rng(seed, "partial dependence draws", hyperparameter));
  const Eigen::MatrixXd drawn = model.from_model(model.draws(all, normals));
  const auto points = static_cast<Eigen::Index>(sizes.size());
  curve.mean.resize(points);
  curve.low.resize(points);
  curve.high.resize(points);
  Eigen::Index first = 0;
  for (Eigen::Index k = 0; k < points; ++k) {
    const auto size = static_cast<Eigen::Index>(sizes[static_cast<std::size_t>(k)]);
    const Eigen::RowVectorXd means = drawn.middleRows(first, size).colwise().mean();
    const std::vector<double> averages(means.begin(), means.end());
    const Interval interval = quantile_interval(averages, 0.9);
    curve.mean[k] = median(averages);
    curve.low[k] = interval.first;
    curve.high[k] = interval.second;
    first += size;
  }
  return curve;
}

ordered_json curve_table(const Surrogate& model, const StudyRecord& record, const ObjectiveExplanation* one,
                         std::size_t objective, bool is_log, const std::vector<Configuration>& others,
                         std::uint64_t seed) {
  const StudySpecification& study = record.history.study();
  const Objective& described = study.objectives[objective];
  ordered_json table = empty_table({"hyperparameter", "value", "mean", "low", "high"});
  std::vector<std::size_t> order = study.space->searched();
  if (one != nullptr) {
    const ordered_json& values = one->tunability.at("values");
    const auto worth = [&](std::size_t i) {
      const auto value = values.find((*study.space)[i].name);
      return value != values.end() && value->is_number() ? value->get<double>() : 0.0;
    };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return worth(a) > worth(b); });
  }
  for (const std::size_t i : order) {
    const Curve curve = partial_dependence(model, *study.space, others, i, seed);
    for (std::size_t k = 0; k < curve.codes.size(); ++k) {
      const auto at = static_cast<Eigen::Index>(k);
      double low = raw_value(described, is_log, curve.low[at]);
      double high = raw_value(described, is_log, curve.high[at]);
      if (low > high) std::swap(low, high);
      table["rows"].push_back({(*study.space)[i].name, to_json((*study.space)[i].value_of(curve.codes[k])),
                               number_or_null(raw_value(described, is_log, curve.mean[at])), number_or_null(low),
                               number_or_null(high)});
    }
  }
  return table;
}

/// The pairs with the largest interactions, by player.
std::vector<std::pair<std::size_t, std::size_t>> strongest_pairs(const ObjectiveExplanation& one,
                                                                 const SearchSpace& space) {
  const int players = one.game.number_of_players();
  if (players < 2 || one.game.values.empty()) return {};
  const InteractionValues values = pair_interactions(one.game);
  std::vector<std::size_t> order;
  for (std::size_t k = static_cast<std::size_t>(players); k < values.interactions.size(); ++k) {
    if (values.values[k] != 0) order.push_back(k);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::abs(values.values[a]) > std::abs(values.values[b]);
  });
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t k = 0; k < std::min(order.size(), pairs_shown); ++k) {
    std::vector<std::size_t> members;
    for (int p = 0; p < players; ++p) {
      if (contains(values.interactions[order[k]], p)) members.push_back(space.searched()[static_cast<std::size_t>(p)]);
    }
    pairs.emplace_back(members[0], members[1]);
  }
  return pairs;
}

ordered_json surface_table(const Surrogate& model, const StudyRecord& record, const ObjectiveExplanation& one,
                           const std::vector<Configuration>& others) {
  const SearchSpace& space = *record.history.study().space;
  const Objective& objective = record.history.study().objectives[one.objective];
  ordered_json table = empty_table({"first", "second", "first value", "second value", "mean"});
  for (const auto& [a, b] : strongest_pairs(one, space)) {
    for (const double x : grid_of(space[a], values_of_pairs)) {
      for (const double y : grid_of(space[b], values_of_pairs)) {
        const auto some = blends(space, others, {{a, x}, {b, y}});
        if (some.empty()) continue;
        table["rows"].push_back({space[a].name, space[b].name, to_json(space[a].value_of(x)),
                                 to_json(space[b].value_of(y)),
                                 number_or_null(raw_value(objective, one.is_log, model.predict(some).mean()))});
      }
    }
  }
  return table;
}

/// The trials of objective j along each hyperparameter; `curve` names the figure whose curves are drawn through them.
void add_slice(ordered_json& section, const StudyRecord& record, std::size_t j, const std::string& curve, bool is_log) {
  ordered_json chart = trial_columns(record);
  chart["kind"] = "slice";
  chart["objective"] = j;
  chart["log"] = is_log;
  chart["curve"] = curve.empty() ? ordered_json(nullptr) : ordered_json(curve);
  const std::string& name = record.history.study().objectives[j].name;
  add_figure(section, "slice-" + std::to_string(j + 1), name + ": trials along each hyperparameter",
             "Every point is a trial as it was measured" +
                 std::string(curve.empty() ? "." : ", with the partial dependence and its band behind."),
             std::move(chart), "trials");
}

void add_models(ordered_json& section, const StudyRecord& record, const Explanations& explanations,
                const ReportOptions& options) {
  const StudySpecification& study = record.history.study();
  const std::vector<Configuration> others = background(study.space, options.seed);
  const ordered_json columns = trial_columns(record);
  for (std::size_t j = 0; j < study.objectives.size(); ++j) {
    tell(options.progress, {"marginals", j, study.objectives.size()});
    const ObjectiveExplanation* one = explanations.objectives.size() > j ? &explanations.objectives[j] : nullptr;
    const TargetModel target = explanations.models->objective(j);
    const bool is_log = explanations.models->is_logarithmic(j);
    const std::string& name = study.objectives[j].name;
    const std::string number = "-" + std::to_string(j + 1);
    add_figure(
        section, "dependence" + number, name + ": partial dependence",
        "What the model predicts on average as one hyperparameter moves and the others are random: the median of what "
        "the trials leave plausible, and a band that holds 90 % of it." +
            std::string(is_log ? " Averages are geometric, because the model sees logarithms." : ""),
        {{"kind", "dependence"}, {"value", name}, {"log", is_log}, {"hyperparameters", columns.at("hyperparameters")}},
        curve_table(*target.surrogate(), record, one, j, is_log, others, options.seed));
    add_slice(section, record, j, "dependence" + number, is_log);
    if (one == nullptr) continue;
    ordered_json surfaces = surface_table(*target.surrogate(), record, *one, others);
    if (surfaces.at("rows").empty()) continue;
    add_figure(
        section, "surface" + number, name + ": the strongest interactions",
        "The average prediction over two hyperparameters at once.",
        {{"kind", "surface"}, {"value", name}, {"log", is_log}, {"hyperparameters", columns.at("hyperparameters")}},
        std::move(surfaces));
  }
}

}  // namespace

ordered_json marginals_section(const StudyRecord& record, const Explanations& explanations,
                               const ReportOptions& options) {
  ordered_json section = empty_section("marginals", "Marginals");
  if (record.history.ended() > 0) {
    ordered_json chart = trial_columns(record);
    chart["kind"] = "parallel";
    section["text"].push_back(
        "Every line of the parallel coordinates is a trial. Draw along an axis to choose a range: the trials inside "
        "are marked on the front as well.");
    add_figure(section, "parallel", "All trials, hyperparameters and objectives",
               "The front stands out; failed trials end before the objectives.", std::move(chart), "trials");
  }
  if (explanations.models) {
    add_models(section, record, explanations, options);
  } else if (has_values(record.history)) {
    for (std::size_t j = 0; j < record.history.study().objectives.size(); ++j) add_slice(section, record, j, "", false);
  }
  for (const std::string& note : explanations.notes) section["text"].push_back(note);
  return section;
}

}  // namespace hyperego::detail
