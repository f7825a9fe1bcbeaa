#include <hyperego/core/error.hpp>
#include <hyperego/core/slice.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hyperego {
namespace {

const SearchSpace& checked(const std::shared_ptr<const SearchSpace>& space) {
  if (!space) throw InvalidInput("space", "is null; give the slice a space");
  return *space;
}

double step_inside(double unit, double spread, Rng& rng) {
  constexpr int attempts = 20;
  double moved = unit;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    moved = unit + spread * rng.normal();
    if (moved >= 0 && moved <= 1) return moved;
  }
  return std::clamp(moved, 0.0, 1.0);  // a spread far wider than the cube
}

/// A code near `code`; for integers at least one away.
double stepped(const Hyperparameter& hyperparameter, double code, double spread, Rng& rng) {
  const double unit = hyperparameter.to_unit(code);
  const double moved_unit = step_inside(unit, spread, rng);
  const double moved = hyperparameter.from_unit(moved_unit);
  if (moved != code || !hyperparameter.is_discrete()) return moved;
  const double one = moved_unit < unit ? -1 : 1;
  return hyperparameter.is_legal_code(code + one) ? code + one : code - one;
}

/// Of a categorical that are looked at; of more, so many are drawn.
constexpr std::size_t most_choices = 100;

/// The codes that one-exchange neighbours give to a hyperparameter, without `code` and without repetition.
std::vector<double> neighbouring_codes(const Hyperparameter& hyperparameter, double code, int steps, double spread,
                                       Rng& rng) {
  std::vector<double> codes;
  const auto add = [&](double candidate) {
    const bool is_new = candidate != code && std::find(codes.begin(), codes.end(), candidate) == codes.end();
    if (is_new && hyperparameter.is_legal_code(candidate)) codes.push_back(candidate);
  };
  const std::size_t choices = hyperparameter.cardinality();
  if (hyperparameter.is_categorical() && choices > most_choices) {
    for (std::size_t k = 0; k < most_choices; ++k) add(static_cast<double>(rng.below(choices)));
  } else if (hyperparameter.is_categorical()) {
    for (std::size_t k = 0; k < choices; ++k) {
      if (static_cast<double>(k) != code) codes.push_back(static_cast<double>(k));
    }
  } else if (std::holds_alternative<OrdinalDomain>(hyperparameter.domain)) {
    add(code - 1);
    add(code + 1);
  } else {
    for (int step = 0; step < steps; ++step) add(stepped(hyperparameter, code, spread, rng));
  }
  return codes;
}

}  // namespace

Slice::Slice(std::shared_ptr<const SearchSpace> space)
    : space_(std::move(space)), free_(checked(space_).size(), true), frozen_(space_->size()) {}

Slice::Slice(std::shared_ptr<const SearchSpace> space, std::vector<bool> free, Configuration frozen)
    : space_(std::move(space)), free_(std::move(free)), frozen_(std::move(frozen)) {
  const std::size_t d = checked(space_).size();
  if (free_.size() != d) {
    throw InvalidInput(
        "free", "has " + std::to_string(free_.size()) + " entries for " + std::to_string(d) + " hyperparameters");
  }
  if (frozen_.size() != d) {
    throw InvalidInput(
        "frozen", "has " + std::to_string(frozen_.size()) + " entries for " + std::to_string(d) + " hyperparameters");
  }
  for (std::size_t i = 0; i < d; ++i) {
    if (free_[i]) continue;
    const Hyperparameter& hyperparameter = (*space_)[i];
    if (!frozen_.is_set(i) && hyperparameter.is_constant()) frozen_.set(i, hyperparameter.default_code);
    if (!frozen_.is_set(i)) {
      throw InvalidInput(
          "frozen", "\"" + hyperparameter.name + "\" is not free and has no value; give " + hyperparameter.describe());
    }
    if (!hyperparameter.is_legal_code(frozen_[i])) {
      throw InvalidInput("frozen", "the value of \"" + hyperparameter.name + "\" is outside its domain; give " +
                                       hyperparameter.describe());
    }
  }
  full_ = std::all_of(space_->searched().begin(), space_->searched().end(), [&](std::size_t i) { return free_[i]; });
}

std::vector<std::size_t> Slice::free() const {
  std::vector<std::size_t> result;
  for (const std::size_t i : space_->searched()) {
    if (free_[i]) result.push_back(i);
  }
  return result;
}

Configuration Slice::project(const Configuration& configuration) const {
  return space_->build([&](std::size_t i) {
    if (!free_[i]) return frozen_[i];
    return configuration.is_set(i) ? configuration[i] : (*space_)[i].default_code;
  });
}

bool Slice::contains(const Configuration& configuration) const {
  if (configuration.size() != space_->size()) return false;
  for (std::size_t i = 0; i < space_->size(); ++i) {
    if (configuration.is_set(i) && !(*space_)[i].is_legal_code(configuration[i])) return false;
  }
  return project(configuration) == configuration;
}

Configuration Slice::decode(const Eigen::Ref<const Eigen::VectorXd>& unit) const {
  if (static_cast<std::size_t>(unit.size()) != space_->size()) {
    throw InvalidInput("unit", "has " + std::to_string(unit.size()) + " coordinates in a space of " +
                                   std::to_string(space_->size()) + " hyperparameters");
  }
  return space_->build([&](std::size_t i) {
    return free_[i] ? (*space_)[i].from_unit(unit(static_cast<Eigen::Index>(i))) : frozen_[i];
  });
}

std::optional<Configuration> Slice::sample(Rng& rng, int attempts) const {
  Eigen::VectorXd unit(static_cast<Eigen::Index>(space_->size()));
  for (int attempt = 0; attempt < attempts; ++attempt) {
    for (double& u : unit)
      u = rng.uniform();  // also for frozen ones, so that freezing leaves the other coordinates' draws alone
    Configuration configuration = decode(unit);
    if (!space_->is_forbidden(configuration)) return configuration;
  }
  return wander(rng);
}

std::optional<Configuration> Slice::wander(Rng& rng) const {
  constexpr std::size_t rounds = 50;
  Configuration configuration = project(space_->default_configuration());
  if (space_->is_forbidden(configuration)) return std::nullopt;
  const std::vector<std::size_t> its_free = free();
  for (std::size_t step = 0; step < rounds * its_free.size(); ++step) {
    const std::size_t i = its_free[rng.below(its_free.size())];
    const double u = rng.uniform();
    if (!configuration.is_set(i)) continue;
    Configuration moved = with(configuration, i, (*space_)[i].from_unit(u));
    if (!space_->is_forbidden(moved)) configuration = std::move(moved);
  }
  return configuration;
}

std::vector<Configuration> Slice::neighbours(const Configuration& configuration, Rng& rng, int steps,
                                             double spread) const {
  std::vector<Configuration> result;
  for (const std::size_t i : space_->searched()) {
    if (!free_[i] || !configuration.is_set(i)) continue;
    for (const double code : neighbouring_codes((*space_)[i], configuration[i], steps, spread, rng)) {
      Configuration neighbour = with(configuration, i, code);
      if (!space_->is_forbidden(neighbour)) result.push_back(std::move(neighbour));
    }
  }
  return result;
}

Configuration Slice::with(const Configuration& configuration, std::size_t i, double code) const {
  if (!free_[i]) throw InvalidInput((*space_)[i].name, "is frozen on this slice; change a free hyperparameter");
  return space_->build([&](std::size_t j) {
    if (j == i) return code;
    if (!free_[j]) return frozen_[j];
    return configuration.is_set(j) ? configuration[j] : (*space_)[j].default_code;
  });
}

}  // namespace hyperego
