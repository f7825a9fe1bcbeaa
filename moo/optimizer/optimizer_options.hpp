#pragma once

#include <hyperego/core/json_reader.hpp>
#include <hyperego/moo/search/freezing_options.hpp>
#include <hyperego/moo/search/parego_options.hpp>

namespace hyperego {

// The "optimizer" member of STUDY.json. Members that are absent keep the defaults of the options; those of other types
// or out of range
// @throws InvalidInput naming the member. Unknown members are the caller's to refuse.

[[nodiscard]] ParEgoOptions read_parego_options(const JsonReader& reader, const std::vector<Objective>& objectives);
[[nodiscard]] FreezingOptions read_freezing_options(const JsonReader& reader);

/// `options` with the members that its "preset" stands for, where it does not have them itself; without "preset".
/// "authors": the setting of Theodorakopoulos, Wever & Lindauer (arXiv 2601.03166): a new weight vector every fifth
/// trial, a tenth of all trials at random, cumulative selection, a random forest of the scalarised objective, no
/// hypervolume phase.
/// @throws InvalidInput naming `where` for a preset that there is not.
[[nodiscard]] nlohmann::ordered_json with_preset(const nlohmann::ordered_json& options, const std::string& where);

}  // namespace hyperego
