#include <hyperego/core/rank_correlation.hpp>
#include <hyperego/moo/model/importance.hpp>
#include <hyperego/moo/search/recorded_importance.hpp>

#include <cstddef>
#include <vector>

namespace hyperego {

void record_importance(const ScalarizedModel& model, const SearchSpace& space, Decision& decision) {
  const std::vector<std::size_t>& players = space.searched();
  const Eigen::VectorXd shares = model.importance();
  if (shares.size() == 0) return;
  for (Eigen::Index p = 0; p < shares.size(); ++p) {
    decision.importance[players[static_cast<std::size_t>(p)]] = shares[p];
  }
  decision.effective_dimension = effective_dimension(shares);
}

void record_agreement(Decision& decision) {
  if (decision.importance.size() < 2 || decision.shapley.size() != decision.importance.size()) return;
  std::vector<double> closed_form;
  std::vector<double> game;
  for (const auto& [i, share] : decision.importance) closed_form.push_back(share);
  for (const auto& [i, value] : decision.shapley) game.push_back(value);
  decision.agreement = rank_correlation(closed_form, game);
}

}  // namespace hyperego
