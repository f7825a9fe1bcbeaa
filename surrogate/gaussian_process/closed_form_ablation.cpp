#include <hyperego/core/error.hpp>
#include <hyperego/surrogate/gaussian_process/closed_form_ablation.hpp>

#include <boost/math/special_functions/legendre.hpp>

#include <cmath>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

namespace hyperego {
namespace {

using Table = Eigen::ArrayXXd;  // a row for every training point
constexpr std::size_t largest_component = 16;

struct Node {
  double t = 0;
  double weight = 0;
};

/// Gauss–Legendre on [0, 1].
std::vector<Node> gauss_legendre(int count) {
  std::vector<Node> nodes;
  for (const double x : boost::math::legendre_p_zeros<double>(count)) {
    const double slope = boost::math::legendre_p_prime(count, x);
    const double weight = 1.0 / ((1.0 - x * x) * slope * slope);
    nodes.push_back({0.5 * (1.0 + x), weight});
    if (x != 0.0) nodes.push_back({0.5 * (1.0 - x), weight});
  }
  return nodes;
}

/// The players of one condition component and its factor of the kernel in every state.
struct Component {
  std::vector<int> players;
  Table states;  // column: sub-coalition, bit k for players[k]

  [[nodiscard]] int size() const { return static_cast<int>(players.size()); }

  /// Σ over sub-coalitions T without the players in `differenced` of t^|T| (1 − t)^(others − |T|) Δ g(T): the
  /// multilinear extension at (t, …, t), differentiated for those players.
  [[nodiscard]] Eigen::ArrayXd extension(double t, Coalition differenced) const {
    const int others = size() - size_of(differenced);
    Eigen::ArrayXd sum = Eigen::ArrayXd::Zero(states.rows());
    for (Coalition state = 0; state < static_cast<Coalition>(states.cols()); ++state) {
      const int members = size_of(state & ~differenced);
      const bool subtracted = size_of(differenced & ~state) % 2 == 1;
      const double share = std::pow(t, members) * std::pow(1.0 - t, others - members);
      sum += (subtracted ? -share : share) * states.col(static_cast<Eigen::Index>(state));
    }
    return sum;
  }
};

std::vector<Component> components_of(const Blends& blends) {
  const SearchSpace& space = blends.space();
  std::map<std::size_t, Component> by_number;
  for (std::size_t p = 0; p < blends.players().size(); ++p) {
    by_number[space.component()[blends.players()[p]]].players.push_back(static_cast<int>(p));
  }
  std::vector<Component> components;
  for (auto& [number, component] : by_number) components.push_back(std::move(component));
  return components;
}

void fill_states(Component& component, const GaussianProcessSurrogate& surrogate, const Blends& blends) {
  const InputEncoding& encoding = surrogate.encoding();
  const GaussianProcess& process = surrogate.process();
  const Eigen::MatrixXd& training = process.features();
  component.states = Table::Ones(training.cols(), Eigen::Index{1} << component.size());
  Eigen::VectorXd features(encoding.number_of_features());
  for (Eigen::Index state = 0; state < component.states.cols(); ++state) {
    Coalition coalition = 0;
    for (int k = 0; k < component.size(); ++k) {
      if (contains(static_cast<Coalition>(state), k))
        coalition |= Coalition{1} << component.players[static_cast<std::size_t>(k)];
    }
    encoding.encode(blends.blend(0, coalition), features);
    const auto include = [&](Eigen::Index feature) {
      for (Eigen::Index i = 0; i < training.cols(); ++i) {
        component.states(i, state) *= process.kernel().factor(feature, features[feature], training(feature, i));
      }
    };
    for (const int player : component.players) {
      const InputEncoding::Player& of = encoding.players()[static_cast<std::size_t>(player)];
      include(of.coordinate);
      if (of.indicator) include(*of.indicator);
    }
  }
}

/// Products of all columns but one (and of all but two): prefixes and suffixes, because factors may be 0.
class Products {
 public:
  explicit Products(const std::vector<Eigen::ArrayXd>& factors) : factors_(factors) {
    const std::size_t count = factors.size();
    const Eigen::Index n = factors[0].size();
    before_.assign(count + 1, Eigen::ArrayXd::Ones(n));
    after_.assign(count + 1, Eigen::ArrayXd::Ones(n));
    for (std::size_t c = 0; c < count; ++c) before_[c + 1] = before_[c] * factors[c];
    for (std::size_t c = count; c-- > 0;) after_[c] = after_[c + 1] * factors[c];
  }

  [[nodiscard]] Eigen::ArrayXd all() const { return after_[0]; }
  [[nodiscard]] Eigen::ArrayXd without(std::size_t c) const { return before_[c] * after_[c + 1]; }
  /// visit(e, product of all but c and e) for every e > c.
  template <typename Visit>
  void without_pairs(std::size_t c, const Visit& visit) const {
    Eigen::ArrayXd between = before_[c];
    for (std::size_t e = c + 1; e < factors_.size(); ++e) {
      visit(e, Eigen::ArrayXd(between * after_[e + 1]));
      between *= factors_[e];
    }
  }

 private:
  const std::vector<Eigen::ArrayXd>& factors_;
  std::vector<Eigen::ArrayXd> before_, after_;
};

/// Derivatives of the multilinear extension of v at (t, …, t).
class Extension {
 public:
  Extension(const std::vector<Component>& components, Eigen::ArrayXd weights)
      : components_(components), weights_(std::move(weights)) {}

  void go_to(double t) {
    t_ = t;
    factors_.clear();
    slopes_.clear();
    for (const Component& component : components_) {
      factors_.push_back(component.extension(t, 0));
      slopes_.emplace_back();
      for (int k = 0; k < component.size(); ++k) slopes_.back().push_back(component.extension(t, Coalition{1} << k));
    }
  }

  [[nodiscard]] double value() const { return (weights_ * Products(factors_).all()).sum(); }

  void add_slopes(double weight, Eigen::VectorXd& to) const {
    const Products products(factors_);
    for (std::size_t c = 0; c < components_.size(); ++c) {
      const Eigen::ArrayXd rest = weights_ * products.without(c);
      for (std::size_t k = 0; k < slopes_[c].size(); ++k) {
        to[components_[c].players[k]] += weight * (rest * slopes_[c][k]).sum();
      }
    }
  }

  void add_curvatures(double weight, Eigen::MatrixXd& to) const {
    const Products products(factors_);
    for (std::size_t c = 0; c < components_.size(); ++c) {
      const Eigen::ArrayXd rest = weights_ * products.without(c);
      const std::vector<int>& players = components_[c].players;
      for (std::size_t k = 0; k < players.size(); ++k) {
        for (std::size_t l = k + 1; l < players.size(); ++l) {
          const Coalition both = Coalition{1} << k | Coalition{1} << l;
          add(to, players[k], players[l], weight * (rest * components_[c].extension(t_, both)).sum());
        }
      }
      products.without_pairs(c, [&](std::size_t e, const Eigen::ArrayXd& others) {
        const std::vector<int>& far = components_[e].players;
        for (std::size_t k = 0; k < players.size(); ++k) {
          const Eigen::ArrayXd part = weights_ * others * slopes_[c][k];
          for (std::size_t l = 0; l < far.size(); ++l)
            add(to, players[k], far[l], weight * (part * slopes_[e][l]).sum());
        }
      });
    }
  }

 private:
  static void add(Eigen::MatrixXd& to, int i, int j, double value) {
    to(i, j) += value;
    to(j, i) += value;
  }

  const std::vector<Component>& components_;
  Eigen::ArrayXd weights_;
  double t_ = 0;
  std::vector<Eigen::ArrayXd> factors_;
  std::vector<std::vector<Eigen::ArrayXd>> slopes_;
};

}  // namespace

std::string why_no_closed_form(const GaussianProcessSurrogate& surrogate, const Blends& blends) {
  const std::string instead = "; play the game on all coalitions, or estimate its indices";
  if (blends.space().size() != surrogate.encoding().space().size() ||
      blends.players() != surrogate.encoding().space().searched()) {
    return "the blends belong to another space than the surrogate";
  }
  if (blends.number_of_samples() != 1) return "an ablation has one sample, the configuration of interest";
  if (blends.number_of_players() == 0) return "the space has no players";
  if (surrogate.process().kernel().form() != KernelForm::product) {
    return "the kernel is no product over hyperparameters" + instead;
  }
  if (surrogate.transform().kind() != TargetTransform::Kind::none) {
    return "the target is transformed, so predictions are no sum of products" + instead;
  }
  if (!blends.all_count()) return "some blends may be illegal or forbidden and have no value of their own" + instead;
  for (const Component& component : components_of(blends)) {
    if (component.players.size() > largest_component) {
      return "conditions join " + std::to_string(component.players.size()) + " hyperparameters, more than " +
             std::to_string(largest_component) + instead;
    }
  }
  return {};
}

ClosedFormAblation closed_form_ablation(const GaussianProcessSurrogate& surrogate, const Blends& blends, bool pairs) {
  if (const std::string reason = why_no_closed_form(surrogate, blends); !reason.empty()) {
    throw InvalidInput("closed_form_ablation", reason);
  }
  std::vector<Component> components = components_of(blends);
  for (Component& component : components) fill_states(component, surrogate, blends);
  const GaussianProcess& process = surrogate.process();
  const double scale = surrogate.transform().scale() * process.kernel().signal_variance();
  Extension extension(components, scale * process.weights().array());
  const int d = blends.number_of_players();
  ClosedFormAblation result{.shapley = Eigen::VectorXd::Zero(d),
                            .banzhaf = Eigen::VectorXd::Zero(d),
                            .shapley_interaction = Eigen::MatrixXd::Zero(pairs ? d : 0, pairs ? d : 0),
                            .shapley_taylor = Eigen::MatrixXd::Zero(pairs ? d : 0, pairs ? d : 0),
                            .single = Eigen::VectorXd::Zero(d)};
  extension.go_to(1.0);
  result.full = surrogate.transform().centre() + extension.value();
  extension.go_to(0.0);
  result.empty = surrogate.transform().centre() + extension.value();
  extension.add_slopes(1.0, result.single);
  extension.go_to(0.5);
  extension.add_slopes(1.0, result.banzhaf);
  for (const Node& node : gauss_legendre((d + 1) / 2)) {
    extension.go_to(node.t);
    extension.add_slopes(node.weight, result.shapley);
    if (!pairs) continue;
    extension.add_curvatures(node.weight, result.shapley_interaction);
    extension.add_curvatures(node.weight * 2.0 * (1.0 - node.t), result.shapley_taylor);
  }
  return result;
}

}  // namespace hyperego
