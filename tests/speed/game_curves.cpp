// Time and memory of tunability games (`sampled`, all coalitions, v(S) as the result) on a Gaussian process, as curves
// against the number of players d, trials n and samples; and how two threads compare with one, beside a plain
// multiply-add loop on the same two threads. Prints CSV. Every measurement runs in a process of its own, so that peak
// memory is its own; times are wall-clock and processor time of the game alone.
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/shapley/game/game.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace hyperego;

struct Times {
  double wall = 0;
  double processor = 0;
};

struct Measured {
  Times times;
  double mebibytes = 0;
};

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

Times time_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  const double processor = processor_seconds();
  work();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  return {wall.count(), processor_seconds() - processor};
}

/// Runs `measure` in a child; nothing of it stays in this process.
Measured in_child(const std::function<Times()>& measure) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::runtime_error("pipe failed");
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    Times times;
    try {
      times = measure();
    } catch (const std::exception& error) {
      fmt::print(stderr, "{}\n", error.what());
      _exit(1);
    }
    _exit(write(ends[1], &times, sizeof times) == sizeof times ? 0 : 1);
  }
  close(ends[1]);
  Measured measured;
  const bool read_all = read(ends[0], &measured.times, sizeof measured.times) == sizeof measured.times;
  close(ends[0]);
  rusage usage{};
  int status = 0;
  wait4(child, &status, 0, &usage);
  if (!read_all || status != 0) throw std::runtime_error("a measurement failed");
  measured.mebibytes = static_cast<double>(usage.ru_maxrss) / 1024;
  return measured;
}

std::vector<Configuration> draw(const std::shared_ptr<const SearchSpace>& space, int count, std::uint64_t seed) {
  Rng rng(seed, "bench game curves");
  const Slice slice(space);
  std::vector<Configuration> samples;
  for (int i = 0; i < count; ++i) samples.push_back(slice.sample(rng).value());
  return samples;
}

Times play(int d, int n, int samples, KernelForm form, int threads) {
  std::vector<Hyperparameter> hyperparameters;
  for (int i = 0; i < d; ++i) hyperparameters.push_back(make_float("x" + std::to_string(i), 0.0, 1.0));
  const auto space = std::make_shared<const SearchSpace>(std::move(hyperparameters));
  Rng rng(2, "bench targets");
  Eigen::VectorXd targets(n);
  for (double& target : targets) target = rng.normal();
  const auto surrogate = GaussianProcessSurrogate::condition(
      space, draw(space, n, 1), targets,
      {.log_signal_variance = 0.0, .log_length_scales = Eigen::VectorXd::Constant(d, 0.5), .log_noise_variance = -4.0},
      {.process = {.kernel = form}});
  const Blends blends(space, draw(space, 1, 3)[0], draw(space, samples, 4));
  return time_of(
      [&] { (void)play_game(surrogate, blends, {.maximum = MaximumKind::sampled, .sign = -1, .threads = threads}); });
}

void print_row(const char* curve, KernelForm form, int d, int n, int samples) {
  const Measured measured = in_child([&] { return play(d, n, samples, form, 1); });
  fmt::print("{},{},{},{},{},1,{:.4f},{:.4f},{:.1f}\n", curve, to_string(form), d, n, samples, measured.times.wall,
             measured.times.processor, measured.mebibytes);
  std::fflush(stdout);
}

double multiply_add(int rounds) {
  std::array<double, 32> values{};
  for (int r = 0; r < rounds; ++r) {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = values[i] * 0.999 + static_cast<double>(i);
  }
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

/// Wall-clock of the same total work on one and on two threads.
void print_threads() {
  constexpr int rounds = 40'000'000;
  volatile double sink = 0;
  const Times one = time_of([&] { sink = multiply_add(rounds); });
  const Times two = time_of([&] {
    std::thread other([&] { sink = multiply_add(rounds / 2); });
    const volatile double own = multiply_add(rounds / 2);
    (void)own;
    other.join();
  });
  fmt::print("# two threads against one, wall-clock: multiply-add loop {:.2f} x", one.wall / two.wall);
  for (const KernelForm form : {KernelForm::product, KernelForm::joint}) {
    const int samples = form == KernelForm::product ? 30000 : 5000;
    const Measured alone = in_child([&] { return play(10, 200, samples, form, 1); });
    const Measured both = in_child([&] { return play(10, 200, samples, form, 2); });
    fmt::print(", {} game (d = 10) {:.2f} x", to_string(form), alone.times.wall / both.times.wall);
  }
  fmt::print("\n");
}

}  // namespace

int main() {
  try {
    fmt::print("curve,kernel,d,n,samples,threads,seconds,processor_seconds,peak_mebibytes\n");
    for (const int d : {4, 6, 8, 10, 12, 14, 16}) {
      print_row("players", KernelForm::product, d, 200, d > 14 ? 1000 : 10000);
    }
    for (const int d : {4, 7, 10, 12}) print_row("players", KernelForm::joint, d, 200, d > 10 ? 1000 : 10000);
    for (const int n : {50, 100, 200, 500, 1000}) {
      print_row("trials", KernelForm::product, 10, n, 10000);
      print_row("trials", KernelForm::joint, 10, n, 1000);
    }
    for (const int samples : {100, 1000, 10000, 30000}) {
      print_row("samples", KernelForm::product, 10, 200, samples);
    }
    print_threads();
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_game_curves: {}\n", error.what());
    return 1;
  }
}
