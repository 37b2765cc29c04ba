// SPDX-License-Identifier: MIT
#include "contract/event_block.hpp"

#include "base/json.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

using namespace notify;

namespace {

std::string block_of(stream_form form, stream_event const& e)
{
    return std::string{encode_block(form, e).packet()};
}

constexpr auto sse = stream_form::server_sent;
constexpr auto ndjson = stream_form::ndjson;

}  // namespace

TEST_CASE("an event is a block of lines for a browser, its id first", "[contract][unit]")
{
    CHECK(block_of(sse, {"notification", "1-2-3", R"({"message":"Hey"})"}) ==
          "id: 1-2-3\nevent: notification\ndata: {\"message\":\"Hey\"}\n\n");
    CHECK(block_of(sse, {"internal", "", "{}"}) == "event: internal\ndata: {}\n\n");
}

TEST_CASE("an event is one JSON object in a line for a program", "[contract][unit]")
{
    CHECK(block_of(ndjson, {"notification", "1-2-3", R"({"message":"Hey"})"}) ==
          "{\"id\":\"1-2-3\",\"event\":\"notification\",\"data\":{\"message\":\"Hey\"}}\n");
    CHECK(block_of(ndjson, {"internal", "", "{}"}) == "{\"event\":\"internal\",\"data\":{}}\n");
}

TEST_CASE("line ends between the values of an event's JSON do not end its line", "[contract][unit]")
{
    auto const data = "{\r\n  \"a\": 1,\r\t\"b\": 2\n}";
    CHECK(block_of(sse, {"notification", "", data}) ==
          "event: notification\ndata: {    \"a\": 1, \t\"b\": 2 }\n\n");
    std::string const line = block_of(ndjson, {"notification", "", data});
    CHECK(line.find('\n') == line.size() - 1);
    CHECK(parse_json(line).value()["data"] == parse_json(data).value());
}

TEST_CASE("a block's id can be found in it", "[contract][unit]")
{
    auto const form = GENERATE(sse, ndjson);
    std::string const block = block_of(form, {"notification", "1-2-3", R"({"id":"x"})"});
    std::string_view const id = id_in(form, block);
    CHECK(id == "1-2-3");
    CHECK(id.data() == block.data() + block.find("1-2-3"));  // a view into it
    CHECK(id_in(form, block_of(form, {"notification", "", R"({"id":"x"})"})).empty());
}

TEST_CASE("a heartbeat is no event for a page, and may renew its id", "[contract][unit]")
{
    CHECK(encode_heartbeat(sse, "") == ":\n\n");
    CHECK(encode_heartbeat(sse, "1-2-3.t") == "id: 1-2-3.t\n\n");
    CHECK(encode_heartbeat(ndjson, "") == "{\"event\":\"heartbeat\"}\n");
    CHECK(encode_heartbeat(ndjson, "1-2-3.t") == "{\"id\":\"1-2-3.t\",\"event\":\"heartbeat\"}\n");
}

TEST_CASE("a browser is told first when to come back", "[contract][unit]")
{
    CHECK(encode_opening(sse, 1500) == "retry: 1500\n");
    CHECK(encode_opening(ndjson, 1500).empty());
}
