#include <hyperego/moo/acquisition/detail/exchange_ascent.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace hyperego::detail {
namespace {

constexpr std::size_t most_hyperparameters_of_steepest = 20;
constexpr int most_steepest_moves = 20;
constexpr std::size_t most_choices_of_steepest = 1000;
constexpr std::size_t block_size = 16;
constexpr std::size_t most_values_in_blocks = 160;

/// Collects codes other than the present one, each once.
class Exchanges {
 public:
  Exchanges(const Hyperparameter& hyperparameter, double code) : hyperparameter_(hyperparameter), code_(code) {}

  void add(double candidate) {
    if (candidate != code_ && hyperparameter_.is_legal_code(candidate) &&
        std::find(codes_.begin(), codes_.end(), candidate) == codes_.end()) {
      codes_.push_back(candidate);
    }
  }
  [[nodiscard]] std::vector<double> take() { return std::move(codes_); }

 private:
  const Hyperparameter& hyperparameter_;
  double code_;
  std::vector<double> codes_;
};

/// All other choices, or as many random ones as there may be.
std::vector<double> other_choices(const Hyperparameter& hyperparameter, double code, std::size_t most, Rng& rng) {
  const std::size_t choices = hyperparameter.cardinality();
  if (choices > most) {
    Exchanges some(hyperparameter, code);
    for (std::size_t k = 0; k < most; ++k) some.add(static_cast<double>(rng.below(choices)));
    return some.take();
  }
  std::vector<double> codes;
  for (std::size_t k = 0; k < choices; ++k) {
    if (static_cast<double>(k) != code) codes.push_back(static_cast<double>(k));
  }
  return codes;
}

/// Other values of one discrete hyperparameter that are worth a look.
std::vector<double> exchanges(const Hyperparameter& hyperparameter, double code, std::size_t most_choices, Rng& rng) {
  if (hyperparameter.is_categorical()) return other_choices(hyperparameter, code, most_choices, rng);
  Exchanges found(hyperparameter, code);
  found.add(code - 1);
  found.add(code + 1);
  const double u = hyperparameter.to_unit(code);
  for (const double step : {0.03, 0.1, 0.3}) {
    if (u - step > 0) found.add(hyperparameter.from_unit(u - step));
    if (u + step < 1) found.add(hyperparameter.from_unit(u + step));
  }
  return found.take();
}

class ExchangeAscent {
 public:
  ExchangeAscent(const AcquisitionFunction& acquisition, const Slice& slice, AcquisitionMaximum& current,
                 const Offer& offer, Rng& rng)
      : acquisition_(acquisition), slice_(slice), current_(current), offer_(offer), rng_(rng) {}

  bool steepest() {
    bool improved = false;
    for (int move = 0; move < most_steepest_moves; ++move) {
      std::vector<Configuration> around;
      for (const std::size_t i : discrete()) append(i, most_choices_of_steepest, around);
      if (!move_to_best(around)) break;
      improved = true;
    }
    return improved;
  }

  /// Passes over the hyperparameters until one changes nothing.
  bool in_blocks() {
    bool improved = false;
    bool moved = true;
    for (std::size_t valued = 0; moved && valued < most_values_in_blocks;) {
      moved = false;
      std::vector<Configuration> around;
      std::vector<std::size_t> order = discrete();
      for (std::size_t left = order.size(); left > 0 && valued < most_values_in_blocks; --left) {
        std::swap(order[left - 1], order[rng_.below(left)]);
        append(order[left - 1], block_size, around);
        if (around.size() < block_size && left > 1) continue;
        valued += around.size();
        moved = move_to_best(around) || moved;
        around.clear();
      }
      improved = improved || moved;
    }
    return improved;
  }

  [[nodiscard]] std::vector<std::size_t> discrete() const {
    std::vector<std::size_t> result;
    for (const std::size_t i : slice_.space().searched()) {
      if (slice_.is_free(i) && slice_.space()[i].is_discrete() && current_.configuration.is_set(i)) result.push_back(i);
    }
    return result;
  }

 private:
  void append(std::size_t i, std::size_t most_choices, std::vector<Configuration>& around) {
    if (!current_.configuration.is_set(i)) return;  // a move has made it inactive
    for (const double code : exchanges(slice_.space()[i], current_.configuration[i], most_choices, rng_)) {
      Configuration neighbour = exchanged(i, code);
      if (!slice_.space().is_forbidden(neighbour)) around.push_back(std::move(neighbour));
    }
  }

  /// Without conditions nothing else of a configuration on the slice can change.
  [[nodiscard]] Configuration exchanged(std::size_t i, double code) const {
    if (slice_.space().has_conditions()) return slice_.with(current_.configuration, i, code);
    Configuration neighbour = current_.configuration;
    neighbour.set(i, code);
    return neighbour;
  }

  bool move_to_best(std::vector<Configuration>& around) {
    if (around.empty()) return false;
    const Eigen::VectorXd values = acquisition_.values(around);
    for (std::size_t k = 0; k < around.size(); ++k) offer_(around[k], values[static_cast<Eigen::Index>(k)]);
    Eigen::Index top = 0;
    if (!(values.maxCoeff(&top) > current_.value)) return false;
    current_ = {std::move(around[static_cast<std::size_t>(top)]), values[top]};
    return true;
  }

  const AcquisitionFunction& acquisition_;
  const Slice& slice_;
  AcquisitionMaximum& current_;
  const Offer& offer_;
  Rng& rng_;
};

}  // namespace

bool exchange_ascent(const AcquisitionFunction& acquisition, const Slice& slice, AcquisitionMaximum& current,
                     const Offer& offer, Rng& rng) {
  ExchangeAscent ascent(acquisition, slice, current, offer, rng);
  return ascent.discrete().size() <= most_hyperparameters_of_steepest ? ascent.steepest() : ascent.in_blocks();
}

}  // namespace hyperego::detail
