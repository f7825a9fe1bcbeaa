#include <hyperego/report/explanation/detail/verdict.hpp>

#include <cmath>

namespace hyperego::detail {

Verdict verdict_of(double value, double total, std::optional<double> p_value) {
  if (p_value && *p_value >= significance) return Verdict::noise;
  return std::abs(value) <= small_share * total ? Verdict::leave : Verdict::tune;
}

std::vector<std::size_t> leaders_among(const std::vector<Ranked>& ranked) {
  std::vector<std::size_t> leaders;
  for (std::size_t k = 0; k < ranked.size(); ++k) {
    if (k == 0 || ranked[k].high >= ranked[0].value || ranked[k].value >= ranked[0].low) leaders.push_back(k);
  }
  return leaders;
}

}  // namespace hyperego::detail
