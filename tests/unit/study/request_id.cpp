#include <hyperego/study/detail/request_id.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

using hyperego::detail::request_id;

TEST_CASE("the id of a request that cannot be read is found all the same") {
  CHECK(request_id("{\"id\":7,\"op\":\"tell\",\"failed\":\"caf\xe9\"}") == 7);
  CHECK(request_id(R"({"op":"ask","op":"ask","id":"b"})") == "b");
  CHECK(request_id(R"( {"op": "tell", "objectives": {"id": 1, "x": "}, \" \"id\": 2"}, "id" : [1, {"a": 2}] )"
                   "\xff}") == nullptr);
  CHECK(request_id(R"({"objectives":{"id":1,"x":"},\"id\":2"},"id":{"a":[2]},"op":})")["a"][0] == 2);
  CHECK(request_id(R"({"id":3,"objectives":)" + std::string(1000, '[')) == 3);
  CHECK(request_id(std::string(R"({"objectives":)") + std::string(1000, '[') + std::string(1000, ']') +
                   R"(,"id":3})") == 3);
  CHECK(request_id(R"({"id":4)") == nullptr);  // cut off: it may have been 42
  for (const char* line :
       {"", "   ", "id", "[1]", "{", "{\"id\"}", "{\"id\":}", "{\"id\":x,", "{,,,", "{\"op\":1}", "\"id\":3"}) {
    CAPTURE(line);
    CHECK(request_id(line) == nullptr);
  }
}
