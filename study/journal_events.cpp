#include <hyperego/core/error.hpp>
#include <hyperego/core/instruction_set.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/version.hpp>
#include <hyperego/study/decision_json.hpp>
#include <hyperego/study/journal_events.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <utility>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

constexpr int format = 1;

/// Seconds since 1970, to the millisecond; 0 where the clock says that it is earlier.
double now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  return static_cast<double>(std::max<std::int64_t>(milliseconds, 0)) / 1000;
}

/// A duration to the microsecond. A clock that was set back may have measured a negative one, or nonsense.
double rounded(double seconds) { return std::isfinite(seconds) && seconds > 0 ? std::round(seconds * 1e6) / 1e6 : 0; }

/// A time as read(): what a clock that runs backwards has left in a journal is no damage.
double time_or_0(const JsonReader& time, std::string_view name) {
  return std::max(0.0, time.number_or(name, 0, -1e300, 1e300));
}

std::uint64_t whole(const JsonReader& reader, std::int64_t least = 0) {
  return static_cast<std::uint64_t>(reader.integer(least, JsonReader::greatest_integer));
}

template <typename Named>
ordered_json named_values(const std::vector<Named>& things, const Eigen::VectorXd& values) {
  ordered_json json = ordered_json::object();
  for (std::size_t i = 0; i < things.size(); ++i) json[things[i].name] = values[static_cast<Eigen::Index>(i)];
  return json;
}

template <typename Named>
Eigen::VectorXd read_named_values(const JsonReader& reader, const std::vector<Named>& things) {
  Eigen::VectorXd values(static_cast<Eigen::Index>(things.size()));
  for (std::size_t i = 0; i < things.size(); ++i)
    values[static_cast<Eigen::Index>(i)] = reader.member(things[i].name).number();
  return values;
}

std::shared_ptr<const ordered_json> shared(ordered_json json) {
  return std::make_shared<const ordered_json>(std::move(json));
}

/// Members that stand beside the decision for whoever reads the journal without it.
void check_copies(const JsonReader& reader, const JsonReader& decision) {
  for (const char* name : {"weights", "free"}) {
    if (reader.member(name).json() != decision.member(name).json()) {
      reader.member(name).fail("is not that of the decision");
    }
  }
}

/// Of a trial that is not evaluated in full.
std::optional<double> read_fidelity(const JsonReader& reader, const StudySpecification& study) {
  const auto fidelity = reader.find("fidelity");
  if (!fidelity) return std::nullopt;
  if (!study.fidelity) fidelity->fail("is there although the study has no fidelity");
  return fidelity->number();
}

IntermediateReport read_report(const JsonReader& reader, const StudySpecification& study) {
  if (!study.fidelity) reader.fail("is a report although the study has no fidelity");
  IntermediateReport report{.fidelity = reader.member("fidelity").number(),
                            .objectives = read_named_values(reader.member("objectives"), study.objectives)};
  if (const auto time = reader.find("time")) report.seconds = time_or_0(*time, "seconds");
  return report;
}

ordered_json report_json(const IntermediateReport& report, const StudySpecification& study) {
  return {{"fidelity", report.fidelity}, {"objectives", named_values(study.objectives, report.objectives)}};
}

SuggestedEvent read_suggested(const JsonReader& reader, const StudySpecification& study) {
  SuggestedEvent event;
  event.trial = whole(reader.member("trial"));
  event.batch_first = whole(reader.member("batch").member("first"));
  event.batch_size = whole(reader.member("batch").member("size"), 1);
  if (event.trial < event.batch_first || event.trial >= event.batch_first + event.batch_size) {
    reader.member("batch").fail("does not hold the trial");
  }
  const JsonReader configuration = reader.member("configuration");
  event.configuration = study.space->legal_configuration_from_json(configuration.json(), configuration.where());
  const JsonReader decision = reader.member("decision");
  event.decision = shared(decision.json());
  if (reader.member("digest").string() != digest(event.decision->dump())) {
    reader.member("digest").fail("does not belong to the decision");
  }
  check_decision(decision);
  check_copies(reader, decision);
  const JsonReader game = reader.member("game");
  check_game(game);
  event.game = shared(game.json());
  const JsonReader state = reader.member("surrogate");
  if (!state.is_null() && !state.is_object()) state.fail("expected an object or null");
  event.state = shared(state.json());
  event.fidelity = read_fidelity(reader, study);
  if (const auto before = reader.find("continues")) event.continues = whole(*before);
  return event;
}

EndedEvent read_ended(const JsonReader& reader, const StudySpecification& study) {
  EndedEvent event;
  event.trial.number = whole(reader.member("trial"));
  const JsonReader configuration = reader.member("configuration");
  event.trial.configuration = study.space->legal_configuration_from_json(configuration.json(), configuration.where());
  Outcome& outcome = event.trial.outcome;
  outcome.status = trial_status_from(reader.member("status").string(), reader.where() + "/status");
  const bool has_values = outcome.status == TrialStatus::completed || outcome.status == TrialStatus::infeasible;
  if (outcome.status == TrialStatus::waiting || outcome.status == TrialStatus::running) {
    reader.member("status").fail("does not end a trial");
  }
  const auto objectives = reader.find("objectives");
  if (objectives && !has_values) objectives->fail("is there although the trial gave none");
  if (!objectives && outcome.status == TrialStatus::completed) reader.fail("member \"objectives\" is missing");
  if (objectives) outcome.objectives = read_named_values(*objectives, study.objectives);
  if (const auto constraints = reader.find("constraints")) {
    outcome.constraints = read_named_values(*constraints, study.constraints);
  }
  outcome.message = reader.string_or("message", "");
  event.trial.fidelity = read_fidelity(reader, study);
  if (const auto measured = reader.find("measured")) {
    for (const auto& [name, value] : measured->members()) outcome.measured[name] = value.number();
  }
  if (const auto reports = reader.find("reports")) {
    for (const JsonReader& report : reports->elements()) outcome.reports.push_back(read_report(report, study));
  }
  if (study.fidelity) outcome.cost = reader.number_or("cost", 1, 0, 1e300);
  if (const auto time = reader.find("time")) {
    outcome.seconds = time_or_0(*time, "seconds");
    event.elapsed_s = time_or_0(*time, "elapsed_s");
    if (const auto seconds = time->find("reports_s")) {
      const auto values = seconds->elements();
      for (std::size_t i = 0; i < std::min(values.size(), outcome.reports.size()); ++i) {
        outcome.reports[i].seconds = std::max(0.0, values[i].number());
      }
    }
  }
  return event;
}

StudyEvent read_reported(const JsonReader& reader, const StudySpecification& study) {
  ReportedEvent event{.trial = whole(reader.member("trial")), .report = read_report(reader, study)};
  if (const auto time = reader.find("time")) event.elapsed_s = time_or_0(*time, "elapsed_s");
  return event;
}

StudyEvent read_added(const JsonReader& reader, const StudySpecification& study) {
  EndedEvent event = read_ended(reader, study);
  return AddedEvent{std::move(event.trial), event.elapsed_s};
}

StudyEvent read_enqueued(const JsonReader& reader, const StudySpecification& study) {
  const JsonReader configuration = reader.member("configuration");
  return EnqueuedEvent{study.space->legal_configuration_from_json(configuration.json(), configuration.where())};
}

StudyEvent read_command(const JsonReader& reader, const StudySpecification& /*study*/) {
  return CommandEvent{reader.member("command").strings(), reader.member("previous").strings()};
}

StudyEvent read_stopped(const JsonReader& reader, const StudySpecification& /*study*/) {
  return StoppedEvent{reader.member("reason").string(), reader.member("message").string()};
}

StudyEvent read_created(const JsonReader& reader, const StudySpecification& /*study*/) {
  if (reader.member("format").integer() != format) {
    reader.member("format").fail("is not known; this program reads format " + std::to_string(format));
  }
  for (const char* name : {"version", "instruction_set"}) (void)reader.string_or(name, "");
  return CreatedEvent{reader.member("study").string()};
}

/// Every kind of line, in the order of StudyEvent: its "event" and who reads the rest.
struct EventKind {
  std::string_view name;
  StudyEvent (*read)(const JsonReader& reader, const StudySpecification& study);
};
constexpr std::array kinds{
    EventKind{"created", read_created},
    EventKind{"suggested",
              [](const JsonReader& r, const StudySpecification& s) -> StudyEvent { return read_suggested(r, s); }},
    EventKind{"reported", read_reported},
    EventKind{"ended", [](const JsonReader& r, const StudySpecification& s) -> StudyEvent { return read_ended(r, s); }},
    EventKind{"added", read_added},
    EventKind{"enqueued", read_enqueued},
    EventKind{"command", read_command},
    EventKind{"stopped", read_stopped}};
static_assert(kinds.size() == std::variant_size_v<StudyEvent>);

StudyEvent read_event(const JsonReader& reader, const StudySpecification& study) {
  const JsonReader event = reader.member("event");
  const std::string& name = event.string();
  const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const EventKind& one) { return one.name == name; });
  if (kind == kinds.end()) {
    std::array<std::string_view, kinds.size()> names;
    std::transform(kinds.begin(), kinds.end(), names.begin(), [](const EventKind& one) { return one.name; });
    event.fail("\"" + name + "\" is no event" + expected_name(name, names));
  }
  if (const auto time = reader.find("time")) (void)time_or_0(*time, "at");
  return kind->read(reader, study);
}

/// What an event says beside its kind and the time.
struct EventMembers {
  const StudySpecification& study;

  ordered_json operator()(const CreatedEvent& event) const {
    return {{"format", format},
            {"version", std::string(version())},
            {"instruction_set", std::string(to_string(instruction_set()))},
            {"study", event.study}};
  }
  ordered_json operator()(const SuggestedEvent& event) const {
    ordered_json json{{"trial", event.trial},
                      {"batch", {{"first", event.batch_first}, {"size", event.batch_size}}},
                      {"configuration", study.space->to_json(event.configuration)}};
    if (event.fidelity) json["fidelity"] = *event.fidelity;
    if (event.continues) json["continues"] = *event.continues;
    json.update({{"weights", event.decision->at("weights")},
                 {"free", event.decision->at("free")},
                 {"surrogate", *event.state},
                 {"decision", *event.decision},
                 {"game", *event.game},
                 {"digest", digest(event.decision->dump())}});
    return json;
  }
  ordered_json operator()(const ReportedEvent& event) const {
    ordered_json json{{"trial", event.trial}};
    json.update(report_json(event.report, study));
    json["time"] = {{"seconds", rounded(event.report.seconds)}, {"elapsed_s", rounded(event.elapsed_s)}};
    return json;
  }
  ordered_json operator()(const EndedEvent& event) const { return ended(event.trial, event.elapsed_s); }
  ordered_json operator()(const AddedEvent& event) const { return ended(event.trial, event.elapsed_s); }
  ordered_json operator()(const EnqueuedEvent& event) const {
    return {{"configuration", study.space->to_json(event.configuration)}};
  }
  ordered_json operator()(const CommandEvent& event) const {
    return {{"command", event.command}, {"previous", event.previous}};
  }
  ordered_json operator()(const StoppedEvent& event) const {
    return {{"reason", event.reason}, {"message", event.message}};
  }

  [[nodiscard]] ordered_json ended(const Trial& trial, double elapsed_s) const {
    const Outcome& outcome = trial.outcome;
    ordered_json json{{"trial", trial.number},
                      {"status", std::string(to_string(outcome.status))},
                      {"configuration", study.space->to_json(trial.configuration)}};
    if (trial.fidelity) json["fidelity"] = *trial.fidelity;
    const bool has_values = outcome.status == TrialStatus::completed || outcome.status == TrialStatus::infeasible;
    if (has_values && outcome.objectives.size() > 0)
      json["objectives"] = named_values(study.objectives, outcome.objectives);
    if (has_values && outcome.constraints.size() > 0)
      json["constraints"] = named_values(study.constraints, outcome.constraints);
    for (const auto& [name, value] : outcome.measured) json["measured"][name] = value;
    for (const IntermediateReport& report : outcome.reports) json["reports"].push_back(report_json(report, study));
    if (outcome.cost && *outcome.cost != 1) json["cost"] = *outcome.cost;
    if (!outcome.message.empty()) json["message"] = outcome.message;
    json["time"] = {{"seconds", rounded(outcome.seconds)}, {"elapsed_s", rounded(elapsed_s)}};
    for (const IntermediateReport& report : outcome.reports)
      json["time"]["reports_s"].push_back(rounded(report.seconds));
    return json;
  }
};

}  // namespace

ordered_json to_json(const StudyEvent& event, const StudySpecification& study) {
  ordered_json json{{"event", std::string(kinds.at(event.index()).name)}};
  json.update(std::visit(EventMembers{study}, event));
  ordered_json time{{"at", now()}};
  if (json.contains("time")) time.update(json.at("time"));
  json.erase("time");
  json["time"] = std::move(time);
  return json;
}

SuggestedEvent suggested_event(const Suggestion& suggestion, const SearchSpace& space, std::uint64_t batch_first,
                               std::uint64_t batch_size) {
  SuggestedEvent event;
  event.trial = suggestion.trial;
  event.batch_first = batch_first;
  event.batch_size = batch_size;
  event.configuration = suggestion.configuration;
  event.state = suggestion.state ? suggestion.state : shared(nullptr);
  Decision decision = suggestion.decision;
  decision.trial = suggestion.trial;
  event.decision = shared(to_json(decision, space));
  event.game = shared(game_to_json(decision, space));
  event.fidelity = suggestion.fidelity;
  event.continues = suggestion.continues;
  return event;
}

std::shared_ptr<const ordered_json> decision_of(const AddedEvent& event, const SearchSpace& space) {
  Suggestion suggestion;
  suggestion.trial = event.trial.number;
  suggestion.configuration = event.trial.configuration;
  suggestion.decision.free = space.searched();
  suggestion.decision.reason = "the user evaluated this configuration and brought it in";
  return suggested_event(suggestion, space, event.trial.number, 1).decision;
}

StudyEvent event_from_json(const ordered_json& json, const StudySpecification& study, const std::string& where) {
  try {
    return read_event(JsonReader(json, where), study);
  } catch (const InvalidInput& error) {
    throw StoreError("", std::string(error.what()) + "; the journal is damaged");
  }
}

}  // namespace hyperego
