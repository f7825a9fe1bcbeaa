#include <hyperego/core/error.hpp>
#include <hyperego/yahpo_bridge/catalogue.hpp>
#include <hyperego/yahpo_bridge/onnx_reader.hpp>

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace hyperego {
namespace {

using Names = std::vector<std::string>;

constexpr const char* remedy =
    "; get the data by `git clone https://github.com/slds-lmu/yahpo_data` and name the clone by --data or "
    "HYPEREGO_YAHPO_DATA";

std::vector<Objective> targets(const std::vector<std::pair<std::string, Direction>>& columns) {
  std::vector<Objective> result;
  for (const auto& [name, direction] : columns) {
    result.push_back(
        {.name = name, .direction = direction, .transform = Objective::Transform::none, .reference = std::nullopt});
  }
  return result;
}

constexpr Direction small = Direction::minimize;
constexpr Direction large = Direction::maximize;

YahpoMetadata lcbench() {
  return {.name = "lcbench",
          .targets = targets({{"time", small},
                              {"val_accuracy", large},
                              {"val_cross_entropy", small},
                              {"val_balanced_accuracy", large},
                              {"test_cross_entropy", small},
                              {"test_balanced_accuracy", large}}),
          .instance_parameter = "OpenML_task_id",
          .fidelities = {"epoch"},
          .categorical = {"OpenML_task_id"},
          .continuous = {"epoch", "batch_size", "learning_rate", "momentum", "weight_decay", "num_layers", "max_units",
                         "max_dropout"}};
}

YahpoMetadata nb301() {
  const std::string prefix = "NetworkSelectorDatasetInfo_COLON_darts_COLON_";
  Names categorical;
  for (const char* cell : {"normal", "reduce"}) {
    for (int edge = 0; edge < 14; ++edge) categorical.push_back(prefix + "edge_" + cell + "_" + std::to_string(edge));
  }
  for (const char* cell : {"normal", "reduce"}) {
    for (int node = 3; node < 6; ++node)
      categorical.push_back(prefix + "inputs_node_" + cell + "_" + std::to_string(node));
  }
  return {.name = "nb301",
          .targets = targets({{"val_accuracy", large}, {"runtime", small}}),
          .instance_parameter = "",
          .sole_instance = "CIFAR10",
          .fidelities = {"epoch"},
          .categorical = categorical,
          .continuous = {"epoch"}};
}

// Random bots of mlr: Binder, Pfisterer & Bischl, "Collecting Empirical Data About Hyperparameters for Data Driven
// AutoML" (2020).
YahpoMetadata rbv2(const std::string& learner, const Names& categorical, Names continuous) {
  Names columns{"task_id"};
  columns.insert(columns.end(), categorical.begin(), categorical.end());
  columns.emplace_back("num.impute.selected.cpo");
  continuous.insert(continuous.end(), {"trainsize", "repl"});
  return {.name = "rbv2_" + learner,
          .targets = targets({{"acc", large},
                              {"bac", large},
                              {"auc", large},
                              {"brier", small},
                              {"f1", large},
                              {"logloss", small},
                              {"timetrain", small},
                              {"timepredict", small},
                              {"memory", small}}),
          .instance_parameter = "task_id",
          .fidelities = {"trainsize", "repl"},
          .categorical = columns,
          .continuous = std::move(continuous)};
}

YahpoMetadata rbv2_ranger_v2() {
  return {
      .name = "rbv2_ranger_v2",
      .targets = targets({{"acc", large},
                          {"bac", large},
                          {"auc", large},
                          {"brier", small},
                          {"logloss", small},
                          {"timetrain", small},
                          {"timepredict", small}}),
      .instance_parameter = "task_id",
      .fidelities = {"trainsize", "repl"},
      .categorical = {"task_id", "respect.unordered.factors", "splitrule", "replace", "num.impute.selected.cpo",
                      "repl"},
      .continuous = {"num.trees", "sample.fraction", "mtry.power", "min.node.size", "num.random.splits", "trainsize"}};
}

YahpoMetadata iaml(const std::string& learner, const Names& categorical, Names continuous) {
  Names columns{"task_id"};
  columns.insert(columns.end(), categorical.begin(), categorical.end());
  continuous.emplace_back("trainsize");
  return {.name = "iaml_" + learner,
          .targets = targets({{"mmce", small},
                              {"f1", large},
                              {"auc", large},
                              {"logloss", small},
                              {"ramtrain", small},
                              {"rammodel", small},
                              {"rampredict", small},
                              {"timetrain", small},
                              {"timepredict", small},
                              {"mec", small},
                              {"ias", small},
                              {"nf", small}}),
          .instance_parameter = "task_id",
          .fidelities = {"trainsize"},
          .categorical = columns,
          .continuous = std::move(continuous)};
}

const Names svm{"cost", "gamma", "tolerance", "degree"};
const Names glmnet{"alpha", "s"};
const Names rpart{"cp", "maxdepth", "minbucket", "minsplit"};
const Names aknn{"k", "M", "ef", "ef_construction"};
const Names xgboost{"nrounds",
                    "eta",
                    "gamma",
                    "lambda",
                    "alpha",
                    "subsample",
                    "max_depth",
                    "min_child_weight",
                    "colsample_bytree",
                    "colsample_bylevel",
                    "rate_drop",
                    "skip_drop"};

Names ranger(const std::string& mtry) {
  return {"num.trees", "sample.fraction", mtry, "min.node.size", "num.random.splits"};
}

// The columns of a scenario over several learners carry the learner's name in front.
Names joined(const std::vector<std::pair<std::string, Names>>& learners) {
  Names result;
  for (const auto& [learner, names] : learners) {
    for (const std::string& name : names) result.push_back(learner + "." + name);
  }
  return result;
}

const std::string preliminary_mark = "_preliminary";

YahpoMetadata preliminary(YahpoMetadata metadata) {
  metadata.name += preliminary_mark;
  return metadata;
}

YahpoMetadata iaml_super() {
  return iaml("super",
              {"learner", "ranger.replace", "ranger.respect.unordered.factors", "ranger.splitrule", "xgboost.booster"},
              joined({{"ranger", ranger("mtry.ratio")}, {"rpart", rpart}, {"glmnet", glmnet}, {"xgboost", xgboost}}));
}

YahpoMetadata rbv2_super() {
  return rbv2("super",
              {"learner_id", "svm.kernel", "ranger.respect.unordered.factors", "ranger.splitrule", "aknn.distance",
               "xgboost.booster"},
              joined({{"svm", svm},
                      {"glmnet", glmnet},
                      {"rpart", rpart},
                      {"ranger", ranger("mtry.power")},
                      {"aknn", aknn},
                      {"xgboost", xgboost}}));
}

YahpoMetadata preliminary_rbv2_super() {
  YahpoMetadata metadata = preliminary(rbv2_super());
  std::replace(metadata.categorical.begin(), metadata.categorical.end(), std::string("learner_id"),
               std::string("learner"));
  metadata.targets = targets({{"mmce", small},
                              {"f1", large},
                              {"auc", large},
                              {"logloss", small},
                              {"timetrain", small},
                              {"timepredict", small}});
  return metadata;
}

std::vector<YahpoMetadata> catalogue() {
  return {
      lcbench(),
      nb301(),
      rbv2_super(),
      rbv2("svm", {"kernel"}, svm),
      rbv2("ranger", {"respect.unordered.factors", "splitrule"}, ranger("mtry.power")),
      rbv2("rpart", {}, rpart),
      rbv2("glmnet", {}, glmnet),
      rbv2("xgboost", {"booster"}, xgboost),
      rbv2("aknn", {"distance"}, aknn),
      rbv2_ranger_v2(),
      iaml_super(),
      iaml("ranger", {"replace", "respect.unordered.factors", "splitrule"}, ranger("mtry.ratio")),
      iaml("rpart", {}, rpart),
      iaml("glmnet", {}, glmnet),
      iaml("xgboost", {"booster"}, xgboost),
      preliminary_rbv2_super(),
      preliminary(iaml_super()),
      preliminary(nb301()),
  };
}

std::string listed(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

YahpoFiles files_in(const std::filesystem::path& folder, const std::string& suffix = {}) {
  return {.model = folder / ("model" + suffix + ".onnx"),
          .space = folder / ("config_space" + suffix + ".json"),
          .encoding = folder / ("encoding" + suffix + ".json")};
}

bool has_model(const YahpoFiles& files) {
  std::error_code ignored;
  return std::filesystem::exists(files.model, ignored);
}

/// Whether every input of the model has a batch of one row, as those of the preliminary export and no published one.
bool is_preliminary(const YahpoFiles& files) {
  try {
    const OnnxGraph graph = read_onnx(files.model);
    const auto of_one_row = [](const OnnxValueInfo& input) { return !input.shape.empty() && input.shape.front() == 1; };
    return !graph.inputs.empty() && std::all_of(graph.inputs.begin(), graph.inputs.end(), of_one_row);
  } catch (const Error&) {
    return false;  // whoever loads it says what is wrong
  }
}

/// "rbv2_super_preliminary" → "rbv2_super" for the mark "_preliminary".
std::optional<std::string> without_mark(const std::string& scenario, const std::string& mark) {
  if (scenario.size() <= mark.size() || !scenario.ends_with(mark)) return std::nullopt;
  return scenario.substr(0, scenario.size() - mark.size());
}

bool has_preliminary_form(const std::string& scenario) {
  const auto& known = yahpo_catalogue();
  return std::any_of(known.begin(), known.end(),
                     [&](const YahpoMetadata& metadata) { return metadata.name == scenario + preliminary_mark; });
}

std::optional<YahpoFiles> find_files(const std::filesystem::path& data, const std::string& scenario) {
  YahpoFiles files = files_in(data / scenario);
  if (has_model(files)) {
    if (has_preliminary_form(scenario) && is_preliminary(files)) return std::nullopt;
    return files;
  }
  if (const auto published = without_mark(scenario, preliminary_mark)) {
    files = files_in(data / *published);
    if (has_model(files) && is_preliminary(files)) return files;
  }
  if (const auto published = without_mark(scenario, "_v2")) {
    files = files_in(data / *published, "_v2");
    if (has_model(files)) return files;
  }
  return std::nullopt;
}

/// The folders of a list that is separated by colons; a folder with a colon in its name is one.
std::vector<std::filesystem::path> listed_folders(const std::string& list) {
  std::error_code ignored;
  if (std::filesystem::is_directory(list, ignored)) return {list};
  std::vector<std::filesystem::path> folders;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(':', begin), list.size());
    if (end > begin) folders.emplace_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return folders;
}

}  // namespace

const std::vector<YahpoMetadata>& yahpo_catalogue() {
  static const std::vector<YahpoMetadata> scenarios = catalogue();
  return scenarios;
}

const YahpoMetadata& yahpo_metadata(std::string_view scenario) {
  Names names;
  for (const YahpoMetadata& metadata : yahpo_catalogue()) {
    if (metadata.name == scenario) return metadata;
    names.push_back(metadata.name);
  }
  const std::string hint = did_you_mean(scenario, names);
  throw InvalidInput("YAHPO scenario \"" + std::string(scenario) + "\"",
                     "is not known" + hint + (hint.empty() ? "; known are " : " Known are ") + listed(names));
}

std::vector<std::filesystem::path> yahpo_data_directories(const std::string& argument) {
  const char* variable = std::getenv("HYPEREGO_YAHPO_DATA");  // NOLINT(concurrency-mt-unsafe): nobody sets it meanwhile
  const bool from_environment = argument.empty() && variable != nullptr;
  auto folders = listed_folders(from_environment ? variable : argument);
  if (folders.empty()) throw InvalidInput("YAHPO data", std::string("no directory is named") + remedy);
  std::error_code ignored;
  for (const auto& folder : folders) {
    if (!std::filesystem::is_directory(folder, ignored)) {
      throw InvalidInput(folder.string(), std::string("is not a directory with YAHPO data") +
                                              (from_environment ? " (from HYPEREGO_YAHPO_DATA)" : "") + remedy);
    }
  }
  return folders;
}

std::filesystem::path yahpo_data_directory(const std::string& argument, const std::string& scenario) {
  const auto folders = yahpo_data_directories(argument);
  for (const auto& folder : folders) {
    if (find_files(folder, yahpo_scenario_name(folder, scenario))) return folder;
  }
  return folders.front();
}

std::string yahpo_scenario_name(const std::filesystem::path& data, const std::string& scenario) {
  if (!has_preliminary_form(scenario)) return scenario;
  const YahpoFiles files = files_in(data / scenario);
  return has_model(files) && is_preliminary(files) ? scenario + preliminary_mark : scenario;
}

std::string yahpo_scenario_at_hand(const std::string& argument, const std::string& scenario) {
  if (!has_preliminary_form(scenario)) return scenario;
  try {
    return yahpo_scenario_name(yahpo_data_directory(argument, scenario), scenario);
  } catch (const InvalidInput&) {
    return scenario;  // whoever evaluates it says what is wrong
  }
}

YahpoFiles yahpo_files(const std::filesystem::path& data, const std::string& scenario) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(data, ignored)) {
    throw InvalidInput(data.string(), std::string("is not a directory with YAHPO data") + remedy);
  }
  const std::optional<YahpoFiles> files = find_files(data, scenario);
  if (!files) {
    const Names present = yahpo_scenarios(data);
    throw InvalidInput(
        (data / scenario / "model.onnx").string(),
        "is missing; " + (present.empty() ? "no scenario is there" : "there are " + listed(present)) + remedy);
  }
  for (const auto& file : {files->space, files->encoding}) {
    if (!std::filesystem::exists(file, ignored)) throw InvalidInput(file.string(), std::string("is missing") + remedy);
  }
  return *files;
}

Names yahpo_scenarios(const std::filesystem::path& data) {
  Names result;
  for (const YahpoMetadata& metadata : yahpo_catalogue()) {
    if (find_files(data, metadata.name)) result.push_back(metadata.name);
  }
  return result;
}

}  // namespace hyperego
