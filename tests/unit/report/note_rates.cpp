// How often notes are given: always where trials are concentrated, go together, lie apart or do not vary, and hardly
// ever where they are uniform. The large form is `bench_explanation_truth --notes`.
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/report/explanation/explain.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <functional>
#include <memory>
#include <string>

using namespace hyperego;

namespace {

using Change = std::function<void(TrialTable&)>;

/// Skewed and with noise, of a mixed space.
TrialTable rated_trials(std::size_t n, std::uint64_t seed) {
  TrialTable table{std::make_shared<const SearchSpace>(std::vector<Hyperparameter>{
                       make_float("rate", 1e-4, 1, true), make_float("x", 0, 1), make_integer("n", 1, 30),
                       make_categorical("kind", {std::string("p"), std::string("q"), std::string("r")})}),
                   {{.name = "y"}},
                   {},
                   Eigen::MatrixXd(static_cast<Eigen::Index>(n), 1)};
  for (std::size_t k = 0; k < n; ++k) {
    Rng rng(seed, "note-rates", k);
    const Configuration at = Slice(table.space).sample(rng).value();
    table.values(static_cast<Eigen::Index>(k), 0) =
        std::exp(std::abs(std::log10(at[0]) + 2)) + at[1] + 0.2 * at[3] + 0.1 * rng.normal();
    table.configurations.push_back(at);
  }
  return table;
}

/// A forest is grown in a hundredth of the time: enough where a note is about the trials, whatever models them.
ExplainOptions about_trials() {
  ExplainOptions options;
  options.model = ModelKind::forest;
  options.maximum = MaximumKind::sampled;
  options.samples = 100;
  options.draws = options.replicates = options.permutations = 0;
  return options;
}

/// The same with the model and the search for maxima that users have.
ExplainOptions about_all() {
  ExplainOptions options = about_trials();
  options.model = ModelKind::gp;
  options.maximum = MaximumKind::optimized;
  return options;
}

/// The share of tables whose explanation has a note with one of the words.
double share_noted(const Change& change, const std::vector<std::string>& words, int tables,
                   const ExplainOptions& options = about_trials()) {
  int noted = 0;
  for (int k = 0; k < tables; ++k) {
    TrialTable table = rated_trials(k % 2 == 0 ? 30 : 120, static_cast<std::uint64_t>(k));
    change(table);
    const std::string notes = explain(table, {.objective = "y"}, options).at("notes").dump();
    bool is_noted = false;
    for (const std::string& word : words) is_noted = is_noted || notes.find(word) != std::string::npos;
    noted += is_noted ? 1 : 0;
  }
  return static_cast<double>(noted) / tables;
}

const std::vector<std::string> about_support{"concentrated", "lies outside of the trials", "went together",
                                             "far outside of all others", "does not vary"};

}  // namespace

TEST_CASE("notes are given where they ought to be, and hardly ever to uniform trials") {
  CHECK(share_noted([](TrialTable&) {}, about_support, 40, about_all()) <= 0.05);
  CHECK(share_noted(
            [](TrialTable& table) {
              for (Configuration& c : table.configurations) c.set(1, 0.85 + 0.1 * c[1]);
            },
            {"concentrated in x"}, 10) == 1);
  CHECK(share_noted(
            [](TrialTable& table) {
              for (Configuration& c : table.configurations) c.set(1, 0.4 * c[1]);
            },
            {"baseline lies outside of the trials in x", "concentrated in x"}, 10) == 1);
  CHECK(share_noted(
            [](TrialTable& table) {
              for (Configuration& c : table.configurations) c.set(1, (std::log10(c[0]) + 4) / 4);
            },
            {"went together"}, 10) == 1);
  CHECK(share_noted([](TrialTable& table) { table.values.setConstant(4); }, {"does not vary"}, 4) == 1);
  CHECK(share_noted([](TrialTable& table) { table.values(3, 0) = 1000; }, {"far outside of all others"}, 10) == 1);
}

TEST_CASE("where the best promise is extrapolated a note says so") {
  TrialTable table = rated_trials(60, 9);
  for (std::size_t k = 0; k < table.configurations.size(); ++k) {
    Configuration& c = table.configurations[k];
    c.set(1, 0.4 + 0.6 * c[1]);  // y grows with x, so the best promise is at 0
    table.values(static_cast<Eigen::Index>(k), 0) = 5 * c[1];
  }
  ExplainOptions options;
  options.model = ModelKind::gp;
  options.draws = options.replicates = options.permutations = 0;
  const std::string notes = explain(table, {.objective = "y"}, options).at("notes").dump();
  CHECK(notes.find("what promises most lies outside of the trials in x") != std::string::npos);
}
