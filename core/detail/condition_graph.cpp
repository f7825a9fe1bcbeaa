#include <hyperego/core/detail/condition_graph.hpp>

#include <algorithm>
#include <set>

namespace hyperego::detail {

std::vector<std::size_t> topological_order(const std::vector<std::vector<std::size_t>>& parents) {
  std::vector<std::vector<std::size_t>> children(parents.size());
  std::vector<std::size_t> missing(parents.size());
  std::set<std::size_t> ready;
  for (std::size_t i = 0; i < parents.size(); ++i) {
    missing[i] = parents[i].size();
    for (const std::size_t p : parents[i]) children[p].push_back(i);
    if (parents[i].empty()) ready.insert(i);
  }
  std::vector<std::size_t> order;
  while (!ready.empty()) {
    const std::size_t next = *ready.begin();
    ready.erase(ready.begin());
    order.push_back(next);
    for (const std::size_t child : children[next]) {
      if (--missing[child] == 0) ready.insert(child);
    }
  }
  return order;
}

std::vector<std::size_t> find_cycle(const std::vector<std::vector<std::size_t>>& parents) {
  std::vector<bool> on_or_below_cycle(parents.size(), true);
  for (const std::size_t i : topological_order(parents)) on_or_below_cycle[i] = false;
  // Everything that could not be ordered has a parent that could not: following such parents must close a cycle.
  std::vector<std::size_t> path;
  std::size_t i = 0;
  while (!on_or_below_cycle[i]) ++i;
  for (;;) {
    const auto seen = std::find(path.begin(), path.end(), i);
    if (seen != path.end()) return {seen, path.end()};
    path.push_back(i);
    i = *std::find_if(parents[i].begin(), parents[i].end(), [&](std::size_t p) { return on_or_below_cycle[p]; });
  }
}

std::vector<std::size_t> connected_components(const std::vector<std::vector<std::size_t>>& parents) {
  std::vector<std::size_t> root(parents.size());
  for (std::size_t i = 0; i < root.size(); ++i) root[i] = i;
  const auto find_root = [&](std::size_t i) {
    while (root[i] != i) i = root[i] = root[root[i]];
    return i;
  };
  for (std::size_t i = 0; i < parents.size(); ++i) {
    for (const std::size_t p : parents[i]) {
      const std::size_t a = find_root(i);
      const std::size_t b = find_root(p);
      root[std::max(a, b)] = std::min(a, b);  // a component's root is its first member
    }
  }
  std::vector<std::size_t> component(parents.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < parents.size(); ++i) {
    const std::size_t first = find_root(i);
    component[i] = first == i ? count++ : component[first];
  }
  return component;
}

}  // namespace hyperego::detail
