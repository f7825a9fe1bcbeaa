#include <hyperego/core/error.hpp>
#include <hyperego/moo/problems/dtlz.hpp>
#include <hyperego/moo/problems/kursawe.hpp>
#include <hyperego/moo/problems/omni_test.hpp>
#include <hyperego/moo/problems/registry.hpp>
#include <hyperego/moo/problems/sym_part.hpp>
#include <hyperego/moo/problems/wfg.hpp>
#include <hyperego/moo/problems/zdt.hpp>

#include <algorithm>
#include <cctype>
#include <functional>
#include <utility>

namespace hyperego {
namespace {

using Size = std::optional<int>;
using Maker = std::function<Problem(Size variables, Size objectives)>;

void require_two_objectives(Size objectives) {
  if (objectives.value_or(2) != 2) {
    throw InvalidInput("objectives", "is " + std::to_string(*objectives) + "; this problem always has 2");
  }
}

template <typename Make>
Maker with_two_objectives(Make make) {
  return [make](Size variables, Size objectives) -> Problem {
    require_two_objectives(objectives);
    return make(variables);
  };
}

std::vector<std::pair<std::string, Maker>> make_table() {
  std::vector<std::pair<std::string, Maker>> table;
  for (int function = 1; function <= 6; ++function) {
    table.emplace_back("ZDT" + std::to_string(function), with_two_objectives([function](Size variables) -> Problem {
                         if (function == 5) return Zdt5(variables.value_or(80));
                         return Zdt(function, variables.value_or(function <= 3 ? 30 : 10));
                       }));
  }
  const auto add_dtlz = [&](const std::string& name, int function, DtlzVariant variant) {
    table.emplace_back(name, [function, variant](Size variables, Size objectives) -> Problem {
      const int m = objectives.value_or(3);
      return Dtlz(function, variables.value_or(function == 1 ? m + 4 : m + 7), m, variant);
    });
  };
  for (int function = 1; function <= 7; ++function) {
    add_dtlz("DTLZ" + std::to_string(function), function, DtlzVariant::plain);
  }
  add_dtlz("ConvexDTLZ2", 2, DtlzVariant::convex);
  add_dtlz("ConvexDTLZ4", 4, DtlzVariant::convex);
  add_dtlz("InvertedDTLZ1", 1, DtlzVariant::inverted);
  add_dtlz("ScaledDTLZ1", 1, DtlzVariant::scaled);
  for (int function = 1; function <= 9; ++function) {
    table.emplace_back("WFG" + std::to_string(function), [function](Size variables, Size objectives) -> Problem {
      const int m = objectives.value_or(5);
      return Wfg(function, variables.value_or(Wfg::default_position_variables(m) + 2), m);
    });
  }
  table.emplace_back("Kursawe", with_two_objectives([](Size variables) { return Kursawe(variables.value_or(3)); }));
  table.emplace_back("OmniTest", with_two_objectives([](Size variables) { return OmniTest(variables.value_or(2)); }));
  const auto add_sym_part = [&](const std::string& name, bool rotated) {
    table.emplace_back(name, with_two_objectives([rotated](Size variables) {
                         if (variables.value_or(2) != 2) {
                           throw InvalidInput("variables",
                                              "is " + std::to_string(*variables) + "; SYM-PART always has 2");
                         }
                         return SymPart(rotated);
                       }));
  };
  add_sym_part("SYMPART", false);
  add_sym_part("SYMPARTRotated", true);
  return table;
}

const std::vector<std::pair<std::string, Maker>>& problem_table() {
  static const auto table = make_table();
  return table;
}

Problem make_embedded(const Maker& make, Size variables, Size objectives, const Embedding& embedding) {
  if (!embedding.relevant && embedding.shift == 0) return make(variables, objectives);
  if (!embedding.relevant) {
    const Problem problem = make(variables, objectives);
    return EmbeddedProblem(problem, problem.number_of_variables(), embedding.shift);
  }
  const int all = variables ? *variables : make(variables, objectives).number_of_variables();
  try {
    return EmbeddedProblem(make(embedding.relevant, objectives), all, embedding.shift);
  } catch (const InvalidInput& error) {
    if (error.where() != "variables") throw;
    throw InvalidInput("relevant", std::string(error.what()).substr(error.where().size() + 2));
  }
}

bool equal_but_for_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

const std::vector<std::string>& problem_names() {
  static const auto names = [] {
    std::vector<std::string> result;
    for (const auto& entry : problem_table()) result.push_back(entry.first);
    return result;
  }();
  return names;
}

Problem make_problem(std::string_view name, std::optional<int> variables, std::optional<int> objectives,
                     const Embedding& embedding) {
  for (const auto& [known, make] : problem_table()) {
    if (equal_but_for_case(name, known)) return make_embedded(make, variables, objectives, embedding);
  }
  throw InvalidInput("problem",
                     "\"" + std::string(name) + "\" is not a built-in problem" + did_you_mean(name, problem_names()));
}

}  // namespace hyperego
