#include <hyperego/shapley/coalitions/value_table.hpp>
#include <hyperego/shapley/index/interaction_index.hpp>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "output.hpp"
#include "program.hpp"
#include <memory>

namespace hyperego::cli {
namespace {

struct ShapleyArguments {
  std::string game;
  std::string index = "SV";
  std::optional<std::uint64_t> order;
  OutputOptions output;
};

int shapley(const ShapleyArguments& arguments) {
  const InteractionIndex index = interaction_index_of(arguments.index);
  const ValueTable table = read_value_table(std::filesystem::path(arguments.game));
  const int order = arguments.order ? static_cast<int>(*arguments.order) : default_order(index, table.players);
  const auto json = to_json(interaction_values(table.values, index, order));
  print_data(arguments.output, json, [&] {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [players, value] : json.at("values").items()) rows.push_back({players, short_text(value)});
    return table_text({"players", arguments.index}, rows);
  });
  return ExitCode::done;
}

}  // namespace

void add_shapley_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<ShapleyArguments>();
  CLI::App* command = app.add_subcommand("shapley", "Interaction index of a game, exactly, from its value table");
  command->add_option("GAME.json", arguments->game, "{\"n\": 3, \"values\": [v(0b000) … v(0b111)]}, player i is bit i")
      ->required();
  command
      ->add_option("--index", arguments->index,
                   "SV, BV, SII, BII, CHII, k-SII, STII, FSII, FBII, Moebius or Co-Moebius (default: SV)")
      ->type_name("INDEX");
  add_whole_number(*command, "--order", arguments->order,
                   "Largest interaction (default: 1 for SV and BV, all for the Möbius transforms, else 2)", 1, 63);
  add_output_options(*command, arguments->output);
  command->callback([&action, arguments] { action = [arguments] { return shapley(*arguments); }; });
}

}  // namespace hyperego::cli
