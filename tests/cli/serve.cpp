// hyperego serve --stdio: requests and answers, many pending trials, and kills at any moment.
#include <hyperego/core/rng.hpp>

#include <doctest/doctest.h>

#include "program.hpp"
#include <chrono>
#include <optional>
#include <set>
#include <thread>

using namespace hyperego::test;
using nlohmann::ordered_json;

namespace {

/// The server with its two pipes.
class Server {
 public:
  explicit Server(const std::filesystem::path& directory) {
    int in[2] = {-1, -1};
    int out[2] = {-1, -1};
    REQUIRE(::pipe2(in, O_CLOEXEC) == 0);
    REQUIRE(::pipe2(out, O_CLOEXEC) == 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(in[0], 0);
      ::dup2(out[1], 1);
      ::dup2(::open("/dev/null", O_WRONLY), 2);
      ::execl(HYPEREGO_PROGRAM, HYPEREGO_PROGRAM, "serve", "--stdio", directory.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    to_ = in[1];
    from_ = out[0];
    std::signal(SIGPIPE, SIG_IGN);
  }
  ~Server() {
    ::kill(pid_, SIGKILL);
    end();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  bool send(const std::string& line) const {
    const std::string text = line + "\n";
    return ::write(to_, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  }
  /// Nothing where the server is gone.
  std::optional<ordered_json> answer() {
    for (;;) {
      const std::size_t newline = buffer_.find('\n');
      if (newline != std::string::npos) {
        const std::string line = buffer_.substr(0, newline);
        buffer_.erase(0, newline + 1);
        return ordered_json::parse(line);
      }
      char block[65536];
      const ssize_t count = ::read(from_, block, sizeof block);
      if (count <= 0) return std::nullopt;
      buffer_.append(block, static_cast<std::size_t>(count));
    }
  }
  ordered_json request(const ordered_json& json) {
    REQUIRE(send(json.dump()));
    const auto given = answer();
    REQUIRE(given.has_value());
    return *given;
  }
  void kill(int signal) const { ::kill(pid_, signal); }
  /// Closes its stdin and waits: the exit code, or −1.
  int end() {
    if (to_ >= 0) {
      ::close(to_);
      ::close(from_);
      ::waitpid(pid_, &status_, 0);
      to_ = -1;
    }
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
  }

 private:
  pid_t pid_ = -1;
  int to_ = -1;
  int from_ = -1;
  int status_ = 0;
  std::string buffer_;
};

ordered_json external_study(int trials, const std::string& optimizer = "random") {
  ordered_json study{{"name", "served"},
                     {"objectives", {{{"name", "y"}}, {{"name", "z"}}}},
                     {"evaluator", {{"external", true}}},
                     {"optimizer", {{"name", optimizer}}},
                     {"limits", {{"trials", trials}}}};
  study["space"] =
      ordered_json::parse(R"({"hyperparameters":[{"name":"x","type":"uniform_float","lower":0,"upper":1}]})");
  return study;
}

void init(const TemporaryDirectory& directory, const ordered_json& study) {
  put(directory / "s.json", study.dump());
  REQUIRE(hyperego::test::hyperego({"init", "s.json", "--out", "run"}, directory.path()).code == 0);
}

ordered_json result_of(const ordered_json& trial) {
  const double x = trial.at("configuration").at("x").get<double>();
  return {{"op", "tell"}, {"trial", trial.at("trial")}, {"objectives", {{"y", x}, {"z", 1 - x}}}};
}

}  // namespace

TEST_CASE("requests are answered one by one, and what is wrong with them is said") {
  const TemporaryDirectory directory;
  init(directory, external_study(5));
  Server server(directory / "run");
  const ordered_json asked = server.request({{"id", "a"}, {"op", "ask"}, {"count", 3}});
  CHECK(asked.at("id") == "a");
  CHECK(asked.at("ok") == true);
  REQUIRE(asked.at("trials").size() == 3);
  // Out of order, while others are pending.
  ordered_json tell = result_of(asked.at("trials")[2]);
  tell["id"] = {1, nullptr};
  const ordered_json told = server.request(tell);
  CHECK(told.at("ok") == true);
  CHECK(told.at("id") == ordered_json{1, nullptr});
  CHECK(told.at("status") == "completed");
  const ordered_json again = server.request(tell);
  CHECK(again.at("ok") == true);
  CHECK(again.at("repeated") == true);
  tell["objectives"] = {0, 0};
  CHECK(server.request(tell).at("error").at("message").get<std::string>().find("ended already") != std::string::npos);
  CHECK(server.request({{"op", "pending"}}).at("trials").size() == 2);
  for (const char* line :
       {"", "{", "7", "null", R"({"op":"fly"})", R"({"op":"ask","count":0})", R"({"op":"ask","cuont":1})",
        R"({"id":1})", R"({"op":"tell"})", R"({"op":"tell","trial":99,"objectives":[1,2]})",
        R"({"op":"tell","trial":0,"objectives":[1]})",
        R"({"op":"tell","trial":0,"objectives":[1,2],"status":"failed"})",
        R"({"op":"tell","trial":0,"y":1,"z":2,"failed":"why"})",
        R"({"op":"tell","trial":0,"y":1,"status":"timed_out"})",
        R"({"op":"tell","trial":0,"objectives":[1,"</script>"]})", R"({"op":"tell","trial":-1,"objectives":[1,2]})",
        "{\"op\":\"ask\",\"op\":\"ask\"}", "\xff\xfe"}) {
    CAPTURE(line);
    REQUIRE(server.send(line));
    if (std::string(line).empty()) continue;  // passed over, without an answer
    const auto answer = server.answer();
    REQUIRE(answer.has_value());
    CHECK(answer->at("ok") == false);
    CHECK(answer->at("error").at("kind") == "invalid_request");
  }
  CHECK(server.request({{"op", "tell"}, {"trial", 0}, {"failed", std::string(100000, 'x')}}).at("status") == "failed");
  CHECK(server.request({{"op", "tell"}, {"trial", 1}, {"status", "timed_out"}, {"message", "walltime"}}).at("status") ==
        "timed_out");
  const ordered_json last = server.request({{"op", "ask"}, {"count", 9}});
  CHECK(last.at("trials").size() == 2);
  CHECK(last.at("stopped").at("reason") == "trials");
  CHECK(server.request({{"op", "status"}}).at("status").at("trials").at("ended") == 3);
  CHECK(server.request({{"op", "front"}}).at("front").size() == 1);
  CHECK(server.request({{"op", "stop"}, {"id", 9}}) == ordered_json{{"id", 9}, {"ok", true}});
  CHECK(server.end() == 0);
  CHECK(hyperego::test::hyperego({"status", "run"}, directory.path()).json().at("trials").at("timed_out") == 1);
}

TEST_CASE("a second server is refused, signals end the first") {
  const TemporaryDirectory directory;
  init(directory, external_study(5));
  Server server(directory / "run");
  CHECK(server.request({{"op", "ask"}}).at("ok") == true);
  CHECK(hyperego::test::hyperego({"run", "s.json", "--out", "run", "--resume"}, directory.path()).code == 2);
  server.kill(SIGTERM);
  CHECK_FALSE(server.answer().has_value());
  CHECK(server.end() == 143);
}

TEST_CASE("no request loses its id, and a value that is not finite is a failed trial") {
  const TemporaryDirectory directory;
  init(directory, external_study(9));
  Server server(directory / "run");
  CHECK(server.request({{"op", "ask"}, {"count", 5}}).at("ok") == true);
  int id = 0;
  for (const char* result :
       {R"("objectives":{"y":NaN,"z":1})", R"("y":1,"z":-Infinity)", R"("objectives":[1e999,1])", R"("y":nan,"z":1)"}) {
    REQUIRE(server.send(R"({"id":)" + std::to_string(id) + R"(,"op":"tell","trial":)" + std::to_string(id) + "," +
                        result + "}"));
    const auto answer = server.answer();
    REQUIRE(answer.has_value());
    CHECK(answer->at("id") == id++);
    CHECK(answer->at("status") == "failed");
    CHECK(answer->at("message").get<std::string>().find("not finite") != std::string::npos);
  }
  for (const std::string& line :
       {std::string("{\"op\":\"tell\",\"trial\":4,\"failed\":\"caf\xe9\",\"id\":\"i\"}"),
        std::string(R"({"id":"i","op":"tell","trial":4,"trial":4})"),
        R"({"objectives":)" + std::string(300, '[') + std::string(300, ']') + R"(,"id":"i"})",
        std::string(R"({"id":"i","op":tell})"), std::string(R"({"id":"i","op":"fly"})"), std::string(R"({"id":"i"})"),
        R"({"id":"i","op":")" + std::string(std::size_t{65} << 20U, 'x') + "\"}"}) {
    CAPTURE(line.substr(0, 100));
    REQUIRE(server.send(line));
    const auto answer = server.answer();
    REQUIRE(answer.has_value());
    CHECK(answer->at("id") == "i");
    CHECK(answer->at("ok") == false);
  }
  CHECK(server.request({{"op", "pending"}}).at("trials").size() == 1);
}

TEST_CASE("a server takes trials of the user and configurations to be tried next") {
  const TemporaryDirectory directory;
  init(directory, external_study(9));
  Server server(directory / "run");
  const ordered_json added = server.request({{"op", "add"}, {"configuration", {{"x", 0.25}}}, {"objectives", {1, 2}}});
  CHECK(added.at("trial") == 0);
  CHECK(added.at("front_size") == 1);
  CHECK(server.request({{"op", "enqueue"}, {"configuration", {{"x", 0.75}}}}).at("enqueued") == 1);
  for (const char* op : {"add", "enqueue"}) {
    CHECK(server.request({{"op", op}, {"configuration", {{"x", 7}}}, {"y", 1}, {"z", 1}}).at("ok") == false);
    CHECK(server.request({{"op", op}, {"y", 1}, {"z", 1}}).at("ok") == false);
  }
  const ordered_json asked = server.request({{"op", "ask"}});
  CHECK(asked.at("trials")[0].at("trial") == 1);
  CHECK(asked.at("trials")[0].at("configuration").at("x") == 0.75);
}

TEST_CASE("tells from several shells at once take turns") {
  const TemporaryDirectory directory;
  init(directory, external_study(8));
  const ordered_json asked = hyperego::test::hyperego({"ask", "run", "--count", "8"}, directory.path()).json();
  std::vector<std::thread> shells;
  std::vector<int> codes(8, -1);
  for (std::size_t i = 0; i < 8; ++i) {
    shells.emplace_back([&, i] {
      codes[i] = hyperego::test::hyperego({"tell", "run", "--trial", std::to_string(i), "--objectives",
                                           result_of(asked[i]).at("objectives").dump()},
                                          directory.path())
                     .code;
    });
  }
  for (std::thread& shell : shells) shell.join();
  CHECK(codes == std::vector<int>(8, 0));
  CHECK(hyperego::test::hyperego({"status", "run"}, directory.path()).json().at("trials").at("completed") == 8);
}

TEST_CASE("a killed server loses nothing that it has answered") {
  for (const std::string& optimizer : {std::string("random"), std::string("parego")}) {
    CAPTURE(optimizer);
    const TemporaryDirectory directory;
    const int trials = optimizer == "random" ? 150 : 25;
    init(directory, external_study(trials, optimizer));
    hyperego::Rng rng(5, "kill", static_cast<std::uint64_t>(trials));
    std::set<std::uint64_t> answered;
    int kills = 0;
    std::uint64_t longest_life_us = 20000;
    for (bool done = false; !done && kills < 500;) {
      const std::size_t answered_before = answered.size();
      Server server(directory / "run");
      const auto exchange = [&](const ordered_json& request) -> std::optional<ordered_json> {
        if (!server.send(request.dump())) return std::nullopt;
        return server.answer();
      };
      auto pending = exchange({{"op", "pending"}});
      // From here on, and later after a life in which nothing was answered, so that a slow machine gets as far as a
      // fast one.
      std::thread killer([&, moment = std::chrono::microseconds(rng.below(longest_life_us))] {
        std::this_thread::sleep_for(moment);
        server.kill(SIGKILL);
      });
      while (pending) {
        // Everything answered before must still be known.
        bool alive = true;
        for (const ordered_json& trial : pending->at("trials")) {
          CHECK(answered.count(trial.at("trial").get<std::uint64_t>()) == 0);
          const auto told = exchange(result_of(trial));
          alive = told.has_value();
          if (!alive) break;
          CHECK(told->at("ok") == true);
          answered.insert(trial.at("trial").get<std::uint64_t>());
        }
        if (!alive) break;
        pending = exchange({{"op", "ask"}, {"count", 1 + rng.below(3)}});
        if (pending && pending->at("trials").empty()) {
          done = true;
          break;
        }
      }
      killer.join();
      ++kills;
      longest_life_us = answered.size() > answered_before ? 20000 : 2 * longest_life_us;
    }
    MESSAGE(optimizer, ": ", kills, " kills");
    CHECK(kills >= 2);
    const ordered_json status = hyperego::test::hyperego({"status", "run"}, directory.path()).json();
    CHECK(status.at("trials").at("completed") == trials);
  }
}
