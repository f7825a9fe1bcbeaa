#pragma once

#include <hyperego/core/json_reader.hpp>
#include <hyperego/moo/hpi_parego.hpp>
#include <hyperego/moo/parego.hpp>

namespace hyperego {

// The "optimizer" member of STUDY.json. Members that are absent keep the defaults of the options; those of other types
// or out of range
// @throws InvalidInput naming the member. Unknown members are the caller's to refuse.

[[nodiscard]] ParEgoOptions read_parego_options(const JsonReader& reader);
[[nodiscard]] FreezingOptions read_freezing_options(const JsonReader& reader);

}  // namespace hyperego
