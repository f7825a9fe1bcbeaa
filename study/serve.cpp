#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/non_finite_json.hpp>
#include <hyperego/core/utf8.hpp>
#include <hyperego/study/detail/request_id.hpp>
#include <hyperego/study/outcome_json.hpp>
#include <hyperego/study/schedule.hpp>
#include <hyperego/study/serve.hpp>
#include <hyperego/study/status_json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t longest_line = std::size_t{64} << 20U;
/// Enough for the id of a request that is refused unread.
constexpr std::size_t kept_of_long_lines = 4096;
constexpr auto request_place = "request";

ordered_json or_null(const std::optional<double>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json trials_json(const std::vector<PendingTrial>& trials, const StudySpecification& study) {
  ordered_json json = ordered_json::array();
  for (const PendingTrial& trial : trials) json.push_back(to_json(trial, study));
  return json;
}

ordered_json limit_json(const std::optional<RunSummary>& limit) {
  if (!limit) return nullptr;
  return {{"reason", std::string(to_string(limit->reason))}, {"message", limit->message}};
}

/// The request; where it cannot be read, `id` is what can be made out of its own.
ordered_json readable_request(const std::string& line, ordered_json& id) {
  try {
    return parse_json_with_non_finite(line, request_place);
  } catch (const InvalidInput&) {
    id = detail::request_id(line);
    throw;
  }
}

ordered_json refusal(const ordered_json& id, const char* kind, const std::string& message) {
  return {{"id", id}, {"ok", false}, {"error", {{"kind", kind}, {"message", message}}}};
}

std::string line_of(const ordered_json& json) { return dump_utf8(json) + "\n"; }

/// False where nobody reads any more.
bool write_all(int output, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t count = ::write(output, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    done += static_cast<std::size_t>(count);
  }
  return true;
}

/// Lines from a descriptor, until its end or the stop signal.
class LineReader {
 public:
  LineReader(int input, const StopSignal& stop) : input_(input), stop_(stop) {}

  /// `too_long` is set for a line that was dropped for its length; its beginning is given. Text without a newline at
  /// the end of the input is no request: whoever wrote it was cut off.
  std::optional<std::string> next(bool& too_long) {
    too_long = false;
    for (;;) {
      const std::size_t newline = buffer_.find('\n', searched_);
      if (newline != std::string::npos) {
        std::string line = buffer_.substr(0, newline);
        buffer_.erase(0, newline + 1);
        searched_ = 0;
        too_long = std::exchange(dropping_, false);
        return too_long ? std::exchange(beginning_, {}) : line;
      }
      searched_ = buffer_.size();
      if (buffer_.size() > longest_line) {
        if (!std::exchange(dropping_, true)) beginning_ = buffer_.substr(0, kept_of_long_lines);
        buffer_.clear();
        searched_ = 0;
      }
      if (!more()) return std::nullopt;
    }
  }

 private:
  bool more() {
    char block[1 << 16];
    for (;;) {
      pollfd watched[2] = {{input_, POLLIN, 0}, {stop_.descriptor(), POLLIN, 0}};
      if (::poll(watched, 2, -1) < 0 && errno != EINTR) return false;
      if (stop_) return false;
      if (watched[0].revents == 0) continue;
      const ssize_t count = ::read(input_, block, sizeof block);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return false;
      buffer_.append(block, static_cast<std::size_t>(count));
      return true;
    }
  }

  int input_;
  const StopSignal& stop_;
  std::string buffer_;
  std::size_t searched_ = 0;
  bool dropping_ = false;
  std::string beginning_;
};

}  // namespace

double StudyServer::elapsed() const {
  return elapsed_before_ + std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

ordered_json StudyServer::ask(const ordered_json& request) {
  const JsonReader reader(request, request_place);
  reader.allow_members({"id", "op", "count"});
  const auto count = static_cast<std::size_t>(reader.integer_or("count", 1, 1, 100000));
  const AskedTrials asked = ask_within_limits(study_, count, elapsed());
  return {{"trials", trials_json(asked.trials, study_.specification())}, {"stopped", limit_json(asked.limit)}};
}

ordered_json StudyServer::tell(const ordered_json& request) {
  const JsonReader reader(request, request_place);
  const auto trial = static_cast<std::uint64_t>(reader.member("trial").integer(0));
  ordered_json result = request;
  for (const char* member : {"id", "op", "trial"}) result.erase(member);
  const bool is_new = study_.tell(trial, outcome_from_json(result, study_.specification(), request_place), elapsed());
  ordered_json answer = told(trial);
  if (!is_new) answer["repeated"] = true;
  return answer;
}

ordered_json StudyServer::report(const ordered_json& request) {
  const JsonReader reader(request, request_place);
  const auto trial = static_cast<std::uint64_t>(reader.member("trial").integer(0));
  ordered_json values = request;
  for (const char* member : {"id", "op", "trial"}) values.erase(member);
  const IntermediateReport report = report_from_json(values, study_.specification(), request_place);
  const Continuation continuation = study_.report(trial, report, elapsed());
  ordered_json answer{{"trial", trial}, {"continue", continuation.goes_on}, {"reason", nullptr}};
  if (!continuation.goes_on) answer["reason"] = continuation.reason;
  return answer;
}

ordered_json StudyServer::add(const ordered_json& request) {
  const JsonReader configuration = JsonReader(request, request_place).member("configuration");
  const auto& space = *study_.specification().space;
  const Configuration own = space.legal_configuration_from_json(configuration.json(), configuration.where());
  ordered_json result = request;
  for (const char* member : {"id", "op", "configuration"}) result.erase(member);
  return told(study_.add(own, outcome_from_json(result, study_.specification(), request_place)));
}

ordered_json StudyServer::enqueue(const ordered_json& request) {
  const JsonReader reader(request, request_place);
  reader.allow_members({"id", "op", "configuration"});
  const JsonReader configuration = reader.member("configuration");
  const auto& space = *study_.specification().space;
  study_.enqueue(space.legal_configuration_from_json(configuration.json(), configuration.where()));
  return {{"enqueued", study_.history().enqueued().size()}};
}

ordered_json StudyServer::told(std::uint64_t trial) {
  saver_.told();
  saver_.save_if_due(elapsed());
  const auto limit = reached_limit(study_.history(), elapsed());
  if (limit) study_.stop({std::string(to_string(limit->reason)), limit->message});
  const Outcome& outcome = *study_.history().records()[trial].outcome;
  ordered_json answer{{"trial", trial}, {"status", std::string(to_string(outcome.status))}};
  if (!outcome.message.empty()) answer["message"] = outcome.message;
  answer["front_size"] = study_.history().archive().size();
  answer["hypervolume"] = or_null(study_.history().hypervolume());
  answer["stopped"] = limit_json(limit);
  return answer;
}

ordered_json StudyServer::answer(const std::string& line) {
  ordered_json id = nullptr;
  try {
    const ordered_json request = readable_request(line, id);
    const JsonReader reader(request, request_place);
    if (request.is_object() && request.contains("id")) id = request.at("id");
    const std::string op =
        reader.member("op").word({"ask", "tell", "report", "add", "enqueue", "pending", "status", "front", "stop"});
    if (op == "pending" || op == "status" || op == "front" || op == "stop") reader.allow_members({"id", "op"});
    ordered_json result;
    if (op == "ask") result = ask(request);
    if (op == "tell") result = tell(request);
    if (op == "report") result = report(request);
    if (op == "add") result = add(request);
    if (op == "enqueue") result = enqueue(request);
    if (op == "pending") result = {{"trials", trials_json(study_.pending(), study_.specification())}};
    if (op == "status") result = {{"status", status_json(study_.history(), true)}};
    if (op == "front") {
      const ordered_json status = status_json(study_.history(), true);
      result = {{"front", status.at("front")}, {"hypervolume", status.at("hypervolume")}};
    }
    if (op == "stop") {
      result = ordered_json::object();
      is_done_ = true;
    }
    ordered_json answer{{"id", id}, {"ok", true}};
    answer.update(result);
    return answer;
  } catch (const InvalidInput& error) {
    return refusal(id, "invalid_request", error.what());
  } catch (const StoreError& error) {
    has_failed_ = true;
    return refusal(id, "store_error", error.what());
  } catch (const std::exception& error) {
    has_failed_ = true;
    return refusal(id, "internal_error", error.what());
  }
}

void serve_lines(Study& study, int input, int output, const StopSignal& stop) {
  StudyServer server(study);
  LineReader lines(input, stop);
  bool too_long = false;
  while (const auto line = lines.next(too_long)) {
    if (!too_long && line->find_first_not_of(" \t\r") == std::string::npos) continue;
    const ordered_json answer =
        too_long ? refusal(detail::request_id(*line), "invalid_request", "request: the line is longer than 64 MiB")
                 : server.answer(*line);
    const bool is_read = write_all(output, line_of(answer));
    if (server.has_failed()) {
      const std::string message = answer.at("error").at("message").get<std::string>();
      if (answer.at("error").at("kind") == "internal_error") throw Error("", message);
      throw StoreError("", message);
    }
    if (server.is_done() || !is_read) return;
  }
}

}  // namespace hyperego
