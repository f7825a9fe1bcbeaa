// Games that are watched, stopped, played in a forked process and on predictors that bear few threads.
#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/parallel.hpp>
#include <hyperego/core/progress.hpp>
#include <hyperego/shapley/game/blend_game.hpp>
#include <hyperego/shapley/game/game.hpp>

#include <doctest/doctest.h>

#include "forked.hpp"
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <thread>
#include <vector>

using namespace hyperego;

namespace {

std::shared_ptr<const SearchSpace> cube(int players) {
  std::vector<Hyperparameter> hyperparameters;
  for (int i = 0; i < players; ++i) hyperparameters.push_back(make_float("x" + std::to_string(i), 0, 1));
  return std::make_shared<const SearchSpace>(hyperparameters);
}

Blends blends_in(const std::shared_ptr<const SearchSpace>& space, std::size_t samples) {
  return {space, space->default_configuration(), draw_samples(space, samples, 1)};
}

/// A smooth function that counts calls and the threads that call at the same time.
class Watched final : public BlendPredictor {
 public:
  explicit Watched(int most_threads) : most_threads_(most_threads) {}

  [[nodiscard]] int max_threads() const override { return most_threads_; }
  [[nodiscard]] Eigen::VectorXd predict(std::span<const Configuration> configurations) const override {
    ++calls_;
    const int at_once = ++inside_;
    int most = most_at_once_;
    while (at_once > most && !most_at_once_.compare_exchange_weak(most, at_once)) {
    }
    std::this_thread::sleep_for(std::chrono::microseconds(300));
    Eigen::VectorXd values(static_cast<Eigen::Index>(configurations.size()));
    for (std::size_t k = 0; k < configurations.size(); ++k) {
      double value = 0;
      for (std::size_t i = 0; i < configurations[k].size(); ++i)
        value += std::sin(3 * configurations[k][i] + double(i));
      values(static_cast<Eigen::Index>(k)) = value;
    }
    --inside_;
    return values;
  }
  [[nodiscard]] int calls() const { return calls_; }
  [[nodiscard]] int most_at_once() const { return most_at_once_; }

 private:
  int most_threads_;
  mutable std::atomic<int> calls_ = 0, inside_ = 0, most_at_once_ = 0;
};

struct WatchedGame {
  GameKind kind;
  MaximumKind maximum;
};
constexpr WatchedGame watched_games[] = {{GameKind::sensitivity, MaximumKind::sampled},
                                         {GameKind::tunability, MaximumKind::sampled},
                                         {GameKind::tunability, MaximumKind::optimized},
                                         {GameKind::mistunability, MaximumKind::optimized}};

}  // namespace

TEST_CASE("games tell how far they are, and give the same values") {
  const auto space = cube(3);
  const Blends blends = blends_in(space, 1000);
  const Watched predictor(8);
  for (const WatchedGame& one : watched_games) {
    std::mutex mutex;
    std::vector<double> shares;
    GameOptions options{.kind = one.kind, .maximum = one.maximum, .threads = 1};
    const GameTable unwatched = play_game(predictor, blends, options);
    options.progress = [&](const ProgressStep& step) {
      const std::lock_guard lock(mutex);
      CHECK(step.phase == "game");
      CHECK(step.total > 0);
      shares.push_back(static_cast<double>(step.done) / static_cast<double>(step.total));
      return true;
    };
    CHECK(play_game(predictor, blends, options).values == unwatched.values);
    REQUIRE(shares.size() >= 4);  // four tiles of 64 samples at a time
    CHECK(std::is_sorted(shares.begin(), shares.end()));
    CHECK(shares.front() < 0.5);
    CHECK(shares.back() == 1);
    options.threads = 4;
    CHECK(play_game(predictor, blends, options).values == unwatched.values);
  }
}

TEST_CASE("games end soon after their hook has asked for it") {
  const auto space = cube(4);
  const Blends blends = blends_in(space, 4000);
  for (const WatchedGame& one : watched_games) {
    const Watched whole(8), stopped(8);
    GameOptions options{.kind = one.kind, .maximum = one.maximum, .threads = 2};
    (void)play_game(whole, blends, options);
    std::atomic<int> asked = 0;
    options.progress = [&](const ProgressStep&) { return ++asked < 3; };
    CHECK_THROWS_AS((void)play_game(stopped, blends, options), Stopped);
    CHECK(stopped.calls() < 10);
    CHECK(whole.calls() > 2 * stopped.calls());
  }
}

TEST_CASE("so do games that are played on request") {
  const auto space = cube(4);
  const Blends blends = blends_in(space, 4000);
  const Watched predictor(8);
  bool goes_on = true;
  BlendGame game(predictor, blends,
                 {.maximum = MaximumKind::sampled, .threads = 2, .progress = [&](const auto&) { return goes_on; }});
  const std::vector<Coalition> coalitions{1, 2, 3, 7, 15};
  CHECK(game.play(coalitions).size() == 5);
  goes_on = false;
  const int before = predictor.calls();
  CHECK_THROWS_AS((void)game.play(coalitions), Stopped);
  CHECK(predictor.calls() <= before + 3);
  goes_on = true;
  CHECK(game.play(coalitions).size() == 5);
}

TEST_CASE("a predictor is called from as many threads as it bears") {
  const auto space = cube(2);
  const Blends blends = blends_in(space, 4000);
  for (const int most : {1, 2, 100}) {
    const Watched predictor(most);
    (void)play_game(predictor, blends, {.kind = GameKind::sensitivity, .threads = 4});
    CAPTURE(most);
    CHECK(predictor.most_at_once() <= std::min(most, 4));
    CHECK((most == 1) == (predictor.most_at_once() == 1));
  }
  CHECK(threads_for(FunctionPredictor(space, [](const Configuration&) { return 0.0; }), 4) == 1);
  CHECK(threads_for(Watched(3), 2) == 2);
  CHECK(threads_for(Watched(3), 4) == 3);
}

TEST_CASE("a predictor without a way of its own is asked for whole tiles") {
  const auto space = cube(5);
  const Blends blends = blends_in(space, 64);
  const Watched predictor(1);
  std::vector<Coalition> coalitions;
  for (Coalition s = 0; s < 32; ++s) coalitions.push_back(s);
  Eigen::MatrixXd tile(32, 64);
  predictor.predict_blends(blends, 0, coalitions, tile);
  CHECK(predictor.calls() == 1);
  for (const std::size_t i : {std::size_t{0}, std::size_t{63}}) {
    for (const Coalition s : {Coalition{0}, Coalition{5}, Coalition{31}}) {
      const Configuration blend = blends.blend(i, s);
      CHECK(tile(static_cast<Eigen::Index>(s), static_cast<Eigen::Index>(i)) ==
            predictor.predict(std::span(&blend, 1))[0]);
    }
  }
}

TEST_CASE("a forked process plays the same game") {
  const auto space = cube(3);
  const Blends blends = blends_in(space, 500);
  const Watched predictor(8);
  for (const WatchedGame& one : watched_games) {
    const GameOptions options{.kind = one.kind, .maximum = one.maximum, .threads = 2};
    const GameTable here = play_game(predictor, blends, options);  // OpenMP has its threads now
    CHECK(test::ends_well_when_forked([&] { return play_game(predictor, blends, options).values == here.values; }));
  }
}
