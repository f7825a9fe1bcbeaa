// ConfigSpace JSON: a space that is accepted survives being written in either dialect.
#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/json_reader.hpp>

#include <nlohmann/json.hpp>

#include "result_or_error.hpp"

using namespace hyperego;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::result_or_error([&] {
    const SearchSpace space =
        space_from_configspace_json(parse_json(fuzz::text_of(data, size), "space.json"), "space.json");
    const auto current = to_configspace_json(space, ConfigSpaceDialect::current);
    for (const auto dialect : {ConfigSpaceDialect::current, ConfigSpaceDialect::legacy}) {
      const std::string text = to_configspace_json(space, dialect).dump();
      const SearchSpace again = space_from_configspace_json(parse_json(text, "again.json"), "again.json");
      fuzz::require(to_configspace_json(again, ConfigSpaceDialect::current) == current,
                    "a space that is written and read is the same space");
    }
    const Configuration usual = space.default_configuration();
    fuzz::require(static_cast<bool>(space.check(usual)), "the default configuration is legal");
    fuzz::require(space.legal_configuration_from_json(space.to_json(usual), "default") == usual,
                  "a configuration that is written and read is the same configuration");
  });
}
