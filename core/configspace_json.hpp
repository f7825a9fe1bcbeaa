#pragma once

#include <hyperego/core/search_space.hpp>

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace hyperego {

/// The two families of ConfigSpace's JSON (Lindauer et al., *BOAH*, arXiv 1908.06756;
/// https://automl.github.io/ConfigSpace).
enum class ConfigSpaceDialect {
  legacy,  ///< 0.4 to 0.7: "default", "json_format_version"
  current  ///< 1.x: "default_value", "meta", "format_version"
};

/// Reads a space from ConfigSpace JSON of either dialect; the two may be mixed.
///
/// Read: uniform_, normal_ and beta_ floats and integers with bounds, also quantised ("q"); ordinals, categoricals
/// ("weights" or "probabilities") and constants ("constant" or "unparametrized") of any values, null and lists among
/// them; conditions EQ, NEQ, IN, LT, GT, AND, OR; forbidden clauses EQUALS, IN, CLAUSE_LT … CLAUSE_GE, relations
/// between two hyperparameters, AND, OR. Several conditions on one child are joined by `and`; a forbidden OR becomes
/// several clauses. A hyperparameter without a default gets the makers' one (core/hyperparameter.hpp).
///
/// Members that other programs add ("comment", "meta") are passed over; their names are appended to `passed_over`.
/// @throws InvalidInput naming the member, as in "space.json/hyperparameters/3/lowr", for everything else: misspelt or
/// missing members, wrong types, domains, conditions and relations that make no sense (see SearchSpace), unbounded
/// normal hyperparameters.
[[nodiscard]] SearchSpace space_from_configspace_json(const nlohmann::ordered_json& json, const std::string& where,
                                                      std::vector<std::string>* passed_over = nullptr);

/// The same from a file. @throws InvalidInput also where it cannot be read or is no JSON.
[[nodiscard]] SearchSpace read_configspace_file(const std::filesystem::path& file,
                                                std::vector<std::string>* passed_over = nullptr);

/// One sentence for people on what was passed over: `"comment" and "meta" are passed over`; empty for nothing.
[[nodiscard]] std::string remark_on(const std::vector<std::string>& passed_over);

/// Writes a space such that reading it back gives the same space, and so that ConfigSpace reads it.
[[nodiscard]] nlohmann::ordered_json to_configspace_json(const SearchSpace& space,
                                                         ConfigSpaceDialect dialect = ConfigSpaceDialect::current);

}  // namespace hyperego
