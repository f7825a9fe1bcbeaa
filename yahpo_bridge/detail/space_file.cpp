#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/yahpo_bridge/detail/space_file.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace hyperego::detail {

SearchSpace read_yahpo_space(const nlohmann::ordered_json& json, const std::string& where,
                             const std::vector<std::string>& set_aside) {
  const JsonReader reader(json, where);
  const auto is_set_aside = [&](const JsonReader& entry, const char* member) {
    return std::find(set_aside.begin(), set_aside.end(), entry.member(member).string()) != set_aside.end();
  };
  nlohmann::ordered_json kept = json;
  kept["hyperparameters"] = nlohmann::ordered_json::array();
  for (const JsonReader& entry : reader.member("hyperparameters").elements()) {
    if (!is_set_aside(entry, "name")) kept["hyperparameters"].push_back(entry.json());
  }
  kept["conditions"] = nlohmann::ordered_json::array();
  for (const JsonReader& entry : reader.member("conditions").elements()) {
    if (!is_set_aside(entry, "child")) kept["conditions"].push_back(entry.json());
  }
  return space_from_configspace_json(kept, where);
}

}  // namespace hyperego::detail
