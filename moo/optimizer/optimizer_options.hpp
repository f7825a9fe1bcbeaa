#pragma once

#include <hyperego/core/json_reader.hpp>
#include <hyperego/moo/optimizer/nsga2.hpp>
#include <hyperego/moo/optimizer/parego.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string_view>
#include <vector>

namespace hyperego {

// The "optimizer" member of STUDY.json. Members that are absent keep the defaults of the options, or what "preset" sets
// ("authors": HpiParEgoOptions::authors()).
// @throws InvalidInput naming the member that is unknown, of another type, out of range or out of place.

[[nodiscard]] Nsga2Options read_nsga2_options(const JsonReader& reader);
[[nodiscard]] ParEgoOptions read_parego_options(const JsonReader& reader, const std::vector<Objective>& objectives);
[[nodiscard]] HpiParEgoOptions read_hpi_parego_options(const JsonReader& reader,
                                                       const std::vector<Objective>& objectives);

/// The options of an optimizer as data, in the form of describe() (core/option.hpp): what a signature in another
/// language, a table or a schema is made from. @throws InvalidInput for a name that is none of optimizer_names().
[[nodiscard]] nlohmann::ordered_json option_descriptions(std::string_view optimizer);

/// The JSON schema of the "optimizer" member: a name, or a name with that optimizer's options.
[[nodiscard]] nlohmann::ordered_json optimizer_schema();

}  // namespace hyperego
