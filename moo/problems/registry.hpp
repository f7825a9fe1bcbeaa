#pragma once

#include <hyperego/moo/problems/embedded_problem.hpp>
#include <hyperego/moo/problems/problem.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyperego {

/// The built-in test problems in a fixed order: ZDT1–6, DTLZ1–7, ConvexDTLZ2/4, InvertedDTLZ1, ScaledDTLZ1, WFG1–9,
/// Kursawe, OmniTest, SYMPART, SYMPARTRotated.
[[nodiscard]] const std::vector<std::string>& problem_names();

/// A built-in problem by name, upper or lower case. Sizes that are left out are
///   ZDT1–3: 30 variables; ZDT4 and 6: 10; ZDT5: 80 bits; all two objectives;
///   DTLZ and relatives: 3 objectives; 4 more variables than objectives for those with DTLZ1 in the name, 7 more
///   otherwise; WFG: 5 objectives; position variables k = 4 for 2 objectives, else 2(m − 1); k + 2 variables; Kursawe:
///   3 variables; OmniTest: 2; SYM-PART: always 2.
/// Where `embedding` says something, `variables` is the number of all and its default the one above; the problem itself
/// has the relevant ones.
/// @throws InvalidInput for an unknown name ("problem"), and for what the problem cannot have ("variables",
/// "objectives", "relevant", "shift").
[[nodiscard]] Problem make_problem(std::string_view name, std::optional<int> variables = std::nullopt,
                                   std::optional<int> objectives = std::nullopt, const Embedding& embedding = {});

}  // namespace hyperego
