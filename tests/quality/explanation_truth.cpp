// Are explanations true? Fits models to trials of objectives that can be asked at will, explains them and compares with
// the games of the objectives themselves, whose maxima are searched coalition by coalition.
//   HYPEREGO_YAHPO_DATA=… bench_explanation_truth --tasks lcbench-167185,rbv2_rpart-40499 --trials 30,120 --sets 10
//
// A line for every task, objective, number of trials, model and game:
//   l1      Σ|φ − φ true| over the true gain v(N) − v(∅) of tunability, median of the sets
//   rank    rank correlation (Spearman) of φ and φ true, mean
//   top1, top2   share of sets whose first is the true first; mean share of the true first two among the first two
//   gain    (v(N) − v(∅)) over the true one, median
//   inside  share of true values inside their interval (nominal coverage .9)
//   width   width of intervals over the true gain, median
//   p<.05   share of players with p < .05 among those with at least a tenth of the true gain, and among all others
// With --notes instead the share of sets whose explanation has a note on where the trials are: random ones as they are,
// concentrated about the best, with two hyperparameters going together, with few values far outside, with one value.
// With --csv FILE one record for every player of every set.
#include <hyperego/benchmark/suite.hpp>
#include <hyperego/benchmark/task.hpp>
#include <hyperego/core/blend.hpp>
#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/quantile.hpp>
#include <hyperego/core/rank_correlation.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>
#include <hyperego/report/explanation/explain.hpp>
#include <hyperego/shapley/game/game.hpp>
#include <hyperego/shapley/index/interaction_index.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <vector>

namespace {

using namespace hyperego;

struct Plan {
  std::string suite = "benchmark/suites/hpo.json";
  std::vector<std::string> tasks;
  std::vector<std::size_t> trials = {30, 120};
  std::size_t sets = 10;
  std::uint64_t first_seed = 1;
  std::vector<std::string> games = {"tunability", "ablation", "sensitivity"};
  std::vector<std::string> models = {"gp", "forest"};
  std::string source = "random";  // or the name of an optimizer
  std::string csv;
  std::string truths;
  std::string exported;
  bool noise = false;
  bool notes = false;
};

/// One objective of one task as a function to be minimised.
struct TrueObjective {
  const BenchmarkTask& task;
  Eigen::Index index;
  double operator()(const Configuration& configuration) const {
    return to_minimised(task.objectives, task.evaluate(configuration))[index];
  }
};

/// The best value of every coalition, found on the function itself: `samples` blends, then rounds of ever smaller steps
/// from the best few and from the maximisers of the coalitions with one player less.
class TrueTunability {
 public:
  TrueTunability(const TrueObjective& objective, const Configuration& baseline)
      : objective_(objective), space_(*objective.task.space), baseline_(baseline) {}

  std::vector<double> play() {
    const std::vector<std::size_t>& searched = space_.searched();
    const Coalition count = Coalition{1} << searched.size();
    base_ = space_.encode(baseline_);
    places_.assign(count, {});
    std::vector<double> values(count);
    std::vector<Coalition> order(count);
    std::iota(order.begin(), order.end(), Coalition{0});
    std::stable_sort(order.begin(), order.end(), [](Coalition a, Coalition b) { return size_of(a) < size_of(b); });
    for (const Coalition s : order) values[s] = maximise(s);
    for (Coalition s = 0; s < count; ++s) values[s] = -values[s];
    return values;
  }

 private:
  struct Place {
    double value;
    Eigen::VectorXd unit;
  };
  double value_at(const Eigen::VectorXd& unit) const {
    const Configuration configuration = space_.decode(unit);
    return space_.check(configuration) ? objective_(configuration) : std::numeric_limits<double>::infinity();
  }
  double maximise(Coalition s) {
    Place best{value_at(base_), base_};
    if (s != 0) {
      std::vector<Place> places;
      Rng rng(7, "truth", s);
      std::vector<Eigen::Index> free;
      for (std::size_t p = 0; p < space_.searched().size(); ++p) {
        if ((s >> p & 1U) == 0) continue;
        free.push_back(static_cast<Eigen::Index>(space_.searched()[p]));
        places.push_back(places_[s & ~(Coalition{1} << p)]);
      }
      for (int k = 0; k < 500; ++k) {
        Eigen::VectorXd unit = base_;
        for (const Eigen::Index i : free) unit[i] = rng.uniform();
        places.push_back({value_at(unit), unit});
      }
      std::stable_sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.value < b.value; });
      places.resize(std::min<std::size_t>(places.size(), 6));
      for (Place& place : places) {
        double step = 0.2;
        for (int round = 0; round < 20; ++round, step *= 0.8) {
          for (int k = 0; k < 12; ++k) {
            Eigen::VectorXd unit = place.unit;
            for (const Eigen::Index i : free) {
              if (free.size() > 1 && rng.uniform() > 0.5) continue;
              unit[i] = std::clamp(unit[i] + step * rng.normal(), 0.0, 1.0 - 1e-12);
              if (rng.uniform() < 0.1) unit[i] = rng.uniform();
            }
            const double value = value_at(unit);
            if (value < place.value) place = {value, unit};
          }
        }
        if (place.value < best.value) best = place;
      }
    }
    places_[s] = best;
    return best.value;
  }

  TrueObjective objective_;
  const SearchSpace& space_;
  Configuration baseline_;
  Eigen::VectorXd base_;
  std::vector<Place> places_;
};

double median(std::vector<double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  return quantile_of_sorted(values, 0.5);
}
double mean(const std::vector<double>& values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<std::size_t> first_two(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
  order.resize(2);
  return order;
}

struct Measures {
  std::vector<double> l1, rank, top1, top2, gain, inside, width, real, unreal;

  void print(const std::string& name) const {
    fmt::print("{:<52} {:>5.2f} {:>5.2f} {:>5.2f} {:>5.2f} {:>5.2f} {:>6.2f} {:>6.2f} {:>6.2f} {:>5.2f}\n", name,
               median(l1), mean(rank), mean(top1), mean(top2), median(gain), mean(inside), median(width), mean(real),
               mean(unreal));
    std::fflush(stdout);
  }
  void add(const Measures& other) {
    const auto append = [](std::vector<double>& to, const std::vector<double>& from) {
      to.insert(to.end(), from.begin(), from.end());
    };
    append(l1, other.l1), append(rank, other.rank), append(top1, other.top1), append(top2, other.top2);
    append(gain, other.gain), append(inside, other.inside), append(width, other.width);
    append(real, other.real), append(unreal, other.unreal);
  }
};

TrialTable make_trials(const BenchmarkTask& task, std::size_t n, std::uint64_t seed, const Plan& plan) {
  TrialTable table{task.space, task.objectives, {}, {}};
  if (plan.source == "random") {
    for (std::size_t k = 0; k < n; ++k) {
      Rng rng(seed, "truth-trials", k);
      table.configurations.push_back(Slice(task.space).sample(rng).value());
    }
  } else {
    OptimizationProblem problem = task.problem(seed);
    problem.budget = n;
    const auto optimizer = make_optimizer(problem, {{"name", plan.source}}, "optimizer");
    for (std::size_t k = 0; k < n; ++k) {
      const Suggestion suggestion = optimizer->ask(1).at(0);
      optimizer->tell({suggestion.trial, suggestion.configuration, task.outcome(suggestion.configuration)});
      table.configurations.push_back(suggestion.configuration);
    }
  }
  table.values.resize(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(task.objectives.size()));
  for (std::size_t k = 0; k < n; ++k) {
    table.values.row(static_cast<Eigen::Index>(k)) = task.evaluate(table.configurations[k]).transpose();
  }
  if (plan.noise) {
    Rng rng(seed, "truth-noise", n);
    for (double& value : table.values.reshaped()) value = rng.normal();
  }
  return table;
}

void judge(const nlohmann::ordered_json& explanation, const std::vector<double>& truth, double gain, double own_gain,
           Measures& measures, std::ostream* csv, const std::string& label) {
  std::vector<double> seen;
  double missed = 0;
  const auto players = explanation.at("players").get<std::vector<std::string>>();
  const auto& intervals = explanation.at("intervals");
  for (std::size_t i = 0; i < players.size(); ++i) {
    seen.push_back(explanation.at("values").at(players[i]).get<double>());
    missed += std::abs(seen[i] - truth[i]);
    double low = std::numeric_limits<double>::quiet_NaN();
    double high = low;
    double p = low;
    if (intervals.contains("model") && intervals["model"].contains(players[i])) {
      low = intervals["model"][players[i]][0].get<double>();
      high = intervals["model"][players[i]][1].get<double>();
      measures.inside.push_back(low <= truth[i] + 1e-12 * gain && truth[i] - 1e-12 * gain <= high ? 1 : 0);
      measures.width.push_back((high - low) / gain);
    }
    if (explanation.contains("p_values") && explanation["p_values"].contains(players[i]) &&
        explanation["p_values"][players[i]].is_number()) {
      p = explanation["p_values"][players[i]].get<double>();
      (truth[i] >= 0.1 * own_gain ? measures.real : measures.unreal).push_back(p < 0.05 ? 1 : 0);
    }
    if (csv != nullptr)
      *csv << label << ',' << players[i] << ',' << truth[i] << ',' << seen[i] << ',' << low << ',' << high << ',' << p
           << ',' << gain << ',' << own_gain << ',' << explanation.at("empty") << ',' << explanation.at("full") << '\n';
  }
  measures.l1.push_back(missed / gain);
  measures.rank.push_back(rank_correlation(seen, truth));
  const auto own = first_two(truth);
  const auto model = first_two(seen);
  measures.top1.push_back(own[0] == model[0] ? 1 : 0);
  int both = 0;
  for (const std::size_t i : model) both += i == own[0] || i == own[1] ? 1 : 0;
  measures.top2.push_back(both / 2.0);
  measures.gain.push_back((explanation.at("full").get<double>() - explanation.at("empty").get<double>()) / own_gain);
}

struct Truth {
  std::vector<double> tunability, sensitivity;
  double gain = 0, variance = 0;
};

Truth truth_of(const BenchmarkTask& task, Eigen::Index j) {
  const Configuration baseline = task.space->default_configuration();
  const TrueObjective objective{task, j};
  const std::vector<double> best = TrueTunability(objective, baseline).play();
  const FunctionPredictor predictor(task.space, [&](const Configuration& c) { return objective(c); });
  const GameTable spread = play_game(predictor, Blends(task.space, baseline, draw_samples(task.space, 2000, 5)),
                                     {.kind = GameKind::sensitivity, .sign = -1, .threads = 1});
  return {shapley_values(best), shapley_values(spread.values), best.back() - best.front(),
          spread.full() - spread.empty()};
}

/// One set of trials with the true values of tunability, as JSON for other programs: larger is better in `performance`.
void export_set(const BenchmarkTask& task, const TrialTable& trials, Eigen::Index j, const Truth& truth,
                const std::string& label, const std::string& folder) {
  nlohmann::ordered_json json{
      {"label", label}, {"space", to_configspace_json(*task.space)}, {"trials", nlohmann::ordered_json::array()}};
  const Eigen::MatrixXd minimised = trials.minimised();
  for (std::size_t k = 0; k < trials.configurations.size(); ++k) {
    json["trials"].push_back({{"configuration", task.space->to_json(trials.configurations[k])},
                              {"performance", -minimised(static_cast<Eigen::Index>(k), j)}});
  }
  json["baseline"] = task.space->to_json(task.space->default_configuration());
  for (std::size_t p = 0; p < truth.tunability.size(); ++p) {
    json["tunability"][(*task.space)[task.space->searched()[p]].name] = truth.tunability[p];
  }
  json["gain"] = truth.gain;
  std::filesystem::create_directories(folder);
  std::string name = label;
  std::replace(name.begin(), name.end(), ',', '_');
  std::ofstream(folder + "/" + name + ".json") << json.dump();
}

/// truth_of(), remembered in the plan's file, where it has one.
Truth known_truth_of(const BenchmarkTask& task, Eigen::Index j, const Plan& plan) {
  nlohmann::ordered_json known = nlohmann::ordered_json::object();
  if (std::ifstream file(plan.truths); file) known = nlohmann::ordered_json::parse(file);
  const std::string key = task.name + " " + task.objectives[static_cast<std::size_t>(j)].name;
  if (!known.contains(key)) {
    Truth truth = truth_of(task, j);
    if (plan.truths.empty()) return truth;
    known[key] = {truth.tunability, truth.sensitivity, truth.gain, truth.variance};
    std::ofstream(plan.truths) << known.dump();
  }
  const nlohmann::ordered_json& row = known.at(key);
  return {row[0].get<std::vector<double>>(), row[1].get<std::vector<double>>(), row[2].get<double>(),
          row[3].get<double>()};
}

void run(const BenchmarkTask& task, const Plan& plan, std::map<std::string, Measures>& pooled, std::ostream* csv) {
  const Configuration baseline = task.space->default_configuration();
  for (std::size_t objective = 0; objective < task.objectives.size(); ++objective) {
    const auto j = static_cast<Eigen::Index>(objective);
    const std::string& name = task.objectives[objective].name;
    const Truth truth = known_truth_of(task, j, plan);
    if (!(truth.gain > 0)) continue;
    for (const std::size_t n : plan.trials) {
      std::map<std::string, Measures> cells;
      for (std::size_t set = 0; set < plan.sets; ++set) {
        const TrialTable trials = make_trials(task, n, plan.first_seed + set, plan);
        if (!plan.exported.empty()) {
          export_set(task, trials, j, truth, fmt::format("{},{},{},{}", task.name, name, n, set), plan.exported);
        }
        for (const std::string& model : plan.models) {
          std::vector<TrialModels> studies;
          studies.emplace_back(trials, model_kind_from(model, "model"), plan.first_seed + set);
          for (const std::string& game : plan.games) {
            ExplainOptions options;
            options.game = game_kind_from(game, "game");
            options.replicates = 0;
            options.seed = plan.first_seed + set;
            options.threads = 1;
            std::vector<double> own = game == "sensitivity" ? truth.sensitivity : truth.tunability;
            double gain = game == "sensitivity" ? truth.variance : truth.gain;
            double own_gain = gain;
            if (game == "ablation") {
              Eigen::Index best = 0;
              trials.minimised().col(j).minCoeff(&best);
              options.of = trials.configurations[static_cast<std::size_t>(best)];
              const FunctionPredictor predictor(task.space, [&](const Configuration& c) {
                return TrueObjective{task, j}(c);
              });
              const GameTable table = play_game(predictor, Blends(task.space, baseline, {*options.of}),
                                                {.kind = GameKind::ablation, .sign = -1, .threads = 1});
              own = shapley_values(table.values);
              own_gain = table.full() - table.empty();
            }
            if (plan.noise) std::fill(own.begin(), own.end(), 0.0);
            const auto explanations = explain(studies, std::vector<ExplainTarget>{{.objective = name}}, options);
            Measures measures;
            judge(explanations.front(), own, gain, own_gain, measures, csv,
                  fmt::format("{},{},{},{},{},{}", task.name, name, n, set, model, game));
            cells[model + " " + game].add(measures);
            pooled[fmt::format("{} {} n={}", model, game, n)].add(measures);
          }
        }
      }
      for (const auto& [cell, measures] : cells) {
        measures.print(fmt::format("{} {} n={} {}", task.name, name.substr(0, 12), n, cell));
      }
    }
  }
}

/// Draws one coordinate of every trial anew; the others' values are kept where they are numbers.
void move_coordinate(TrialTable& table, std::size_t i, const std::function<double(const Eigen::VectorXd&)>& to) {
  const SearchSpace& space = *table.space;
  for (Configuration& configuration : table.configurations) {
    if (!configuration.is_set(i)) continue;
    Configuration moved = configuration;
    moved.set(i, space[i].from_unit(std::clamp(to(space.encode(configuration)), 0.0, 1.0 - 1e-9)));
    if (space.check(moved)) configuration = moved;
  }
}

/// Shares of sets with a note of where the trials are, by what was done to them; only for spaces with two numbers.
void count_notes(const BenchmarkTask& task, const Plan& plan, std::map<std::string, std::vector<double>>& shares) {
  std::vector<std::size_t> numbers;
  for (const std::size_t i : task.space->searched()) {
    if (!(*task.space)[i].is_categorical() && (*task.space)[i].cardinality() > 20) numbers.push_back(i);
  }
  if (numbers.size() < 2 || task.space->searched().size() > 20) return;
  const auto a = static_cast<Eigen::Index>(numbers[0]);
  const std::map<std::string, std::function<void(TrialTable&)>> changes{
      {"uniform random", [](TrialTable&) {}},
      {"concentrated",
       [&](TrialTable& t) {
         for (const std::size_t i : numbers) {
           move_coordinate(t, i,
                           [&](const Eigen::VectorXd& u) { return 0.8 + 0.15 * u[static_cast<Eigen::Index>(i)]; });
         }
       }},
      {"dependent",
       [&](TrialTable& t) { move_coordinate(t, numbers[1], [&](const Eigen::VectorXd& u) { return u[a]; }); }},
      {"far outside", [](TrialTable& t) { t.values.row(0).setConstant(50 * (1 + t.values.cwiseAbs().maxCoeff())); }},
      {"constant", [](TrialTable& t) { t.values.setConstant(1); }}};
  for (const std::size_t n : plan.trials) {
    for (std::size_t set = 0; set < plan.sets; ++set) {
      for (const auto& [name, change] : changes) {
        TrialTable trials = make_trials(task, n, plan.first_seed + set, plan);
        change(trials);
        for (const Objective& objective : task.objectives) {
          ExplainOptions options;
          options.samples = 100;
          options.draws = options.replicates = options.permutations = 0;
          options.threads = 1;
          const std::string notes = explain(trials, {.objective = objective.name}, options).at("notes").dump();
          bool is_noted = false;
          for (const char* word : {"concentrated", "lies outside of the trials", "went together",
                                   "far outside of all others", "does not vary"}) {
            is_noted = is_noted || notes.find(word) != std::string::npos;
          }
          shares[fmt::format("{} n={}", name, n)].push_back(is_noted ? 1 : 0);
        }
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  Plan plan;
  CLI::App app("Explanations against the games of the objectives themselves");
  app.add_option("--suite", plan.suite);
  app.add_option("--tasks", plan.tasks)->delimiter(',');
  app.add_option("--trials", plan.trials)->delimiter(',');
  app.add_option("--sets", plan.sets);
  app.add_option("--seed", plan.first_seed);
  app.add_option("--games", plan.games)->delimiter(',');
  app.add_option("--models", plan.models)->delimiter(',');
  app.add_option("--source", plan.source);
  app.add_option("--csv", plan.csv);
  app.add_option("--truths", plan.truths, "a file that keeps the true games between runs");
  app.add_option("--export", plan.exported,
                 "a folder for the sets of trials, for benchmark/peers/explanation_truth.py");
  app.add_flag("--notes", plan.notes, "count notes on where the trials are instead");
  app.add_flag("--noise", plan.noise, "replace the objectives by noise: every player's true value is 0");
  CLI11_PARSE(app, argc, argv);
  try {
    std::ofstream csv;
    if (!plan.csv.empty()) {
      csv.open(plan.csv);
      csv << "task,objective,n,set,model,game,player,truth,value,low,high,p,gain,own_gain,empty,full\n";
    }
    std::map<std::string, Measures> pooled;
    std::map<std::string, std::vector<double>> notes;
    fmt::print("{:<52} {:>5} {:>5} {:>5} {:>5} {:>5} {:>6} {:>6} {:>12}\n", "", "l1", "rank", "top1", "top2", "gain",
               "inside", "width", "p<.05");
    for (const BenchmarkTask& task : prepare_tasks(read_suite(plan.suite))) {
      if (!plan.tasks.empty() && std::find(plan.tasks.begin(), plan.tasks.end(), task.name) == plan.tasks.end())
        continue;
      if (plan.notes) {
        count_notes(task, plan, notes);
        continue;
      }
      if (task.space->searched().size() <= 10) run(task, plan, pooled, csv.is_open() ? &csv : nullptr);
    }
    for (const auto& [cell, shares] : notes)
      fmt::print("notes {:<44} {:>6.3f} of {}\n", cell, mean(shares), shares.size());
    for (const auto& [cell, measures] : pooled) measures.print("all " + cell);
  } catch (const Error& error) {
    fmt::print("left out: {}\n", error.what());
  }
}
