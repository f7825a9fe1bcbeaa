#include <hyperego/core/error.hpp>
#include <hyperego/moo/initial_design.hpp>
#include <hyperego/moo/scalarization.hpp>
#include <hyperego/moo/simplex_lattice.hpp>
#include <hyperego/report/explain.hpp>
#include <hyperego/shapley/game_table.hpp>
#include <hyperego/study/run_directory.hpp>
#include <hyperego/surrogate/gaussian_process_surrogate.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

/// What the surrogate learns, to be minimised.
struct Target {
  Eigen::VectorXd values;
  TargetTransform::Kind transform = TargetTransform::Kind::none;
  ordered_json description;
  std::vector<std::string> notes;
};

Target objective_target(const TrialTable& trials, const std::string& name) {
  const std::size_t i = trials.objective_index(name);
  Target target;
  target.values = trials.minimised().row(static_cast<Eigen::Index>(i));
  target.description = {{"objective", name}};
  const Objective& objective = trials.objectives[i];
  if (objective.transform != Objective::Transform::log) return target;
  if (trials.values.row(static_cast<Eigen::Index>(i)).minCoeff() <= 0) {
    target.notes.push_back("\"" + name + "\" has values that are not above 0, so it is not modelled on a log scale");
    return target;
  }
  // ln of the raw value, then turned: the logarithm of a negated value does not exist.
  target.values = trials.values.row(static_cast<Eigen::Index>(i)).array().log();
  if (objective.direction == Direction::maximize) target.values *= -1;
  target.description["scale"] = "log";
  return target;
}

Target tradeoff_target(const TrialTable& trials, const Eigen::VectorXd& given) {
  const auto m = static_cast<Eigen::Index>(trials.objectives.size());
  Eigen::VectorXd weights = given.size() == 0 ? Eigen::VectorXd::Constant(m, 1.0) : given;
  if (weights.size() != m) {
    throw InvalidInput("weights",
                       "there are " + std::to_string(weights.size()) + " for " + std::to_string(m) + " objectives");
  }
  if (!weights.allFinite() || weights.minCoeff() < 0 || weights.sum() <= 0) {
    throw InvalidInput("weights", "must be finite, not negative and not all 0");
  }
  weights /= weights.sum();
  const Eigen::MatrixXd minimised = trials.minimised();
  // The first trials stand for those that no optimizer has chosen; a table without such an order loses nothing by it.
  const auto first = static_cast<Eigen::Index>(
      default_initial_trials(trials.space->searched().size(), static_cast<std::uint64_t>(minimised.cols())));
  const Normalization bounds = normalize_by_front(minimised, std::min(first, minimised.cols()));
  Target target;
  target.values = augmented_chebyshev(bounds.apply(minimised), weights);
  target.notes = bounds.notes;
  const auto list = [](const Eigen::VectorXd& values) {
    return ordered_json(std::vector<double>(values.begin(), values.end()));
  };
  target.description = {{"weights", list(weights)}, {"ideal", list(bounds.ideal)}, {"nadir", list(bounds.nadir)}};
  return target;
}

/// Players whose hyperparameter has one value in all trials where it is set: the data say nothing of them.
Coalition never_varied(const TrialTable& trials) {
  Coalition held = 0;
  const auto& players = trials.space->searched();
  for (std::size_t p = 0; p < players.size(); ++p) {
    std::optional<double> first;
    bool varies = false;
    for (const Configuration& configuration : trials.configurations) {
      if (!configuration.is_set(players[p])) continue;
      if (!first) first = configuration[players[p]];
      varies = varies || configuration[players[p]] != *first;
    }
    if (!varies) held |= Coalition{1} << p;
  }
  return held;
}

Configuration legal(const SearchSpace& space, const Configuration& configuration, const char* what) {
  const Legality legality = space.check(configuration);
  if (!legality) throw InvalidInput(what, legality.reason);
  return configuration;
}

std::string interaction_name(Coalition interaction, const std::vector<std::string>& players) {
  std::string name;
  for (std::size_t p = 0; p < players.size(); ++p) {
    if (contains(interaction, static_cast<int>(p))) name += (name.empty() ? "" : ",") + players[p];
  }
  return name;
}

/// What a game is played with.
struct Setting {
  Configuration baseline;
  std::vector<Configuration> samples;
};

Setting setting_of(const TrialTable& trials, const ExplainOptions& options, const Configuration& incumbent) {
  const SearchSpace& space = *trials.space;
  Setting setting;
  const bool is_ablation = options.game == GameKind::ablation;
  setting.baseline = trials.space->default_configuration();
  if (options.baseline) setting.baseline = legal(space, *options.baseline, "baseline");
  if (options.incumbent_as_baseline) setting.baseline = incumbent;
  if (is_ablation) {
    setting.samples = {options.of ? legal(space, *options.of, "of") : incumbent};
    return setting;
  }
  const bool searched = options.maximum == MaximumKind::optimized && options.game != GameKind::sensitivity;
  setting.samples = draw_samples(trials.space, options.samples.value_or(searched ? 1000 : 10000), options.seed);
  if (searched)
    setting.samples.insert(setting.samples.end(), trials.configurations.begin(), trials.configurations.end());
  return setting;
}

}  // namespace

Eigen::MatrixXd TrialTable::minimised() const {
  Eigen::MatrixXd result = values;
  for (std::size_t i = 0; i < objectives.size(); ++i) {
    if (objectives[i].direction == Direction::maximize) result.row(static_cast<Eigen::Index>(i)) *= -1;
  }
  return result;
}

std::size_t TrialTable::objective_index(const std::string& name) const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < objectives.size(); ++i) {
    if (objectives[i].name == name) return i;
    names.push_back(objectives[i].name);
  }
  std::string known;
  for (const std::string& candidate : names) known += (known.empty() ? "" : ", ") + candidate;
  throw InvalidInput("objective", "there is no \"" + name + "\" among " + known + did_you_mean(name, names));
}

TrialTable trials_of_run(const std::filesystem::path& directory) {
  const StudyHistory history = RunDirectory::read_history(directory);
  TrialTable table;
  table.space = history.study().space;
  table.objectives = history.study().objectives;
  table.values.resize(static_cast<Eigen::Index>(table.objectives.size()),
                      static_cast<Eigen::Index>(history.count(TrialStatus::completed)));
  for (const StudyHistory::Record& record : history.records()) {
    if (!record.outcome || record.outcome->status != TrialStatus::completed) continue;
    table.values.col(static_cast<Eigen::Index>(table.configurations.size())) = record.outcome->objectives;
    table.configurations.push_back(record.configuration);
  }
  return table;
}

void ExplainOptions::validate() const {
  if (samples && *samples < 1) throw InvalidInput("samples", "must be at least 1");
  if (order && *order < 1) throw InvalidInput("order", "must be at least 1");
  if (baseline && incumbent_as_baseline)
    throw InvalidInput("incumbent_as_baseline", "contradicts baseline; give one of them");
  if (incumbent_as_baseline && game == GameKind::ablation && !of) {
    throw InvalidInput("incumbent_as_baseline",
                       "is what ablation explains unless `of` is given; give one or another baseline");
  }
  if (of && game != GameKind::ablation) throw InvalidInput("of", "belongs to the ablation game only");
}

ordered_json explain(const TrialTable& trials, const ExplainTarget& target, const ExplainOptions& options) {
  options.validate();
  if (trials.configurations.size() < 2) {
    throw InvalidInput("trials",
                       "there are " + std::to_string(trials.configurations.size()) +
                           " completed ones; a model needs at least 2, and some ten per hyperparameter to be of use");
  }
  const bool is_objective = target.objective.has_value() || trials.objectives.size() == 1;
  const Target modelled = is_objective
                              ? objective_target(trials, target.objective.value_or(trials.objectives.front().name))
                              : tradeoff_target(trials, target.weights);
  GaussianProcessSurrogateOptions surrogate_options;
  surrogate_options.process.seed = options.seed;
  surrogate_options.transform = modelled.transform;
  const auto surrogate =
      GaussianProcessSurrogate::fit(trials.space, trials.configurations, modelled.values, surrogate_options);
  Eigen::Index best = 0;
  surrogate.predict(trials.configurations).minCoeff(&best);
  const Setting setting = setting_of(trials, options, trials.configurations[static_cast<std::size_t>(best)]);
  const Blends blends(trials.space, setting.baseline, setting.samples);

  GameOptions game;
  game.kind = options.game;
  game.maximum = options.maximum;
  game.sign = -1;  // the surrogate predicts something to be minimised
  game.held = never_varied(trials);
  game.seed = options.seed;
  game.threads = options.threads;
  game.most_players_optimized = 16;
  const GameTable table = play_game(surrogate, blends, game);
  const int order = options.order.value_or(default_order(options.index, table.number_of_players()));
  check_order(options.index, order, table.number_of_players());
  const InteractionValues values = interaction_values(table.values, options.index, order);

  ordered_json json{{"game", std::string(to_string(options.game))},
                    {"index", std::string(to_string(options.index))},
                    {"order", order},
                    {"target", modelled.description}};
  if (modelled.description.contains("weights")) json["weights"] = modelled.description.at("weights");
  json["players"] = table.players;
  json["baseline"] = trials.space->to_json(setting.baseline);
  if (options.game == GameKind::ablation) json["of"] = trials.space->to_json(setting.samples.front());
  json["values"] = ordered_json::object();
  for (std::size_t i = 0; i < values.interactions.size(); ++i) {
    // A held player changes nothing in any coalition; what the transform leaves is rounding.
    const bool is_held = (values.interactions[i] & game.held) != 0;
    json["values"][interaction_name(values.interactions[i], table.players)] = is_held ? 0.0 : values.values[i];
  }
  json["empty"] = table.empty();
  json["full"] = table.full();
  json["coalitions"] = table.values.size();
  json["legal_share"] = table.lowest_legal_share();
  json["fit"] = surrogate.fit_quality().to_json();
  json["fit"]["trials"] = trials.configurations.size();
  json["intervals"] = ordered_json::object();
  if (options.game != GameKind::ablation && options.game != GameKind::sensitivity) {
    json["maximum"] = std::string(to_string(options.maximum));
  }
  json["samples"] = setting.samples.size();
  std::vector<std::string> notes = modelled.notes;
  notes.insert(notes.end(), table.statuses.begin(), table.statuses.end());
  for (std::size_t p = 0; p < table.players.size(); ++p) {
    if (contains(game.held, static_cast<int>(p))) {
      notes.push_back("\"" + table.players[p] + "\" never varied in the trials, so its importance is 0");
    }
  }
  json["notes"] = notes;
  json["seed"] = options.seed;
  return json;
}

std::vector<Eigen::VectorXd> tradeoffs(int objectives, std::size_t count) {
  std::vector<Eigen::VectorXd> result;
  if (objectives == 1) return {count, Eigen::VectorXd::Constant(1, 1.0)};
  if (objectives == 2 && count > 1) {
    for (std::size_t i = 0; i < count; ++i) {
      const double w = static_cast<double>(i) / static_cast<double>(count - 1);
      result.push_back(Eigen::Vector2d(1 - w, w));
    }
    return result;
  }
  if (count == 1) return {Eigen::VectorXd::Constant(objectives, 1.0 / objectives)};
  // The finest lattice that is not too large, thinned to `count` spread over its lexicographic order.
  int partitions = 1;
  Eigen::MatrixXd lattice = simplex_lattice(objectives, partitions);
  while (lattice.rows() < static_cast<Eigen::Index>(count)) lattice = simplex_lattice(objectives, ++partitions);
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = static_cast<Eigen::Index>(i * static_cast<std::size_t>(lattice.rows() - 1) /
                                               std::max<std::size_t>(1, count - 1));
    result.push_back(lattice.row(row));
  }
  return result;
}

}  // namespace hyperego
