#include <hyperego/report/explanation/detail/verdict.hpp>

#include <cmath>

namespace hyperego::detail {

Verdict verdict_of(double value, double total, std::optional<double> p_value) {
  if (p_value && *p_value >= significance) return Verdict::noise;
  return std::abs(value) <= small_share * total ? Verdict::leave : Verdict::tune;
}

std::vector<std::size_t> leaders_among(const std::vector<Ranked>& ranked) {
  const auto amount = [&](const Ranked& one) {  // losses are ranked by their size
    return ranked[0].value < 0 ? Ranked{-one.value, -one.high, -one.low} : one;
  };
  std::vector<std::size_t> leaders;
  for (std::size_t k = 0; k < ranked.size(); ++k) {
    const Ranked first = amount(ranked[0]);
    const Ranked other = amount(ranked[k]);
    if (k == 0 || other.high >= first.value || other.value >= first.low) leaders.push_back(k);
  }
  return leaders;
}

}  // namespace hyperego::detail
