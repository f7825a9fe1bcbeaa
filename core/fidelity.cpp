#include <hyperego/core/error.hpp>
#include <hyperego/core/fidelity.hpp>
#include <hyperego/core/number_text.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego {

void Fidelity::validate(const std::string& where) const {
  if (name.empty())
    throw InvalidInput(where + "/name", "is empty; name what is less in a cheaper trial, as \"epochs\"");
  const std::string range = where + "/range";
  const std::string text = "[" + number_text(least, 6) + ", " + number_text(full, 6) + "]";
  if (!std::isfinite(least) || !std::isfinite(full)) throw InvalidInput(range, "must be two finite numbers");
  if (least > full) {
    throw InvalidInput(range, text + " is reversed; give the least fidelity first and the full one last");
  }
  if (least < 0 || full <= 0) throw InvalidInput(range, text + " must be amounts, and the full one above 0");
  if (log && least <= 0) throw InvalidInput(range, text + " must be above 0, as the fidelity is on a log scale");
  if (integer && (least != std::floor(least) || full != std::floor(full))) {
    throw InvalidInput(range, text + " must be whole numbers, as the fidelity is an integer");
  }
  if (!(cost_power > 0 && std::isfinite(cost_power))) throw InvalidInput(where + "/cost/power", "must be above 0");
  if (!(cost_setup >= 0 && std::isfinite(cost_setup))) throw InvalidInput(where + "/cost/setup", "must be at least 0");
}

double Fidelity::distance(double value) const {
  if (!has_choice()) return 0;
  const double inside = std::clamp(value, least, full);
  return log ? std::log(full / inside) / std::log(full / least) : (full - inside) / (full - least);
}

double Fidelity::value_at(double distance) const {
  const double far = std::clamp(distance, 0.0, 1.0);
  double value = log ? full * std::pow(least / full, far) : full - far * (full - least);
  if (integer) value = std::round(value);
  return far == 0 ? full : std::clamp(value, least, full);
}

bool Fidelity::is_legal(double value) const {
  return value >= least && value <= full && (!integer || value == std::floor(value));
}

double Fidelity::declared_cost(double value) const {
  return (cost_setup + std::pow(std::max(value, 0.0) / full, cost_power)) / (cost_setup + 1);
}

std::optional<double> Fidelity::below_full(std::optional<double> value) const {
  return value && *value < full ? value : std::nullopt;
}

}  // namespace hyperego
