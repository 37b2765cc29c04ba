// SPDX-License-Identifier: MIT
#include "protocol/socket_packet.hpp"

#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace notify::sio;
using notify::json;
using namespace std::string_literals;

namespace {

// True if text is a packet whose data is as its type demands.
bool is_good(std::string_view text)
{
    auto const p = parse_packet(text);
    return p && parse_data(*p);
}

json bytes(std::string_view text) { return json::binary({text.begin(), text.end()}); }

}  // namespace

TEST_CASE("a packet may be its type alone", "[protocol][unit]")
{
    auto const p = parse_packet("0");
    REQUIRE(p);
    CHECK(p->type == packet_type::connect);
    CHECK(p->ns == "/");
    CHECK_FALSE(p->id);
    CHECK(p->attachments == 0);
    CHECK(p->data.empty());
}

TEST_CASE("each type of packet is known by its digit", "[protocol][unit]")
{
    CHECK(parse_packet("0")->type == packet_type::connect);
    CHECK(parse_packet("1")->type == packet_type::disconnect);
    CHECK(parse_packet("2[]")->type == packet_type::event);
    CHECK(parse_packet("3[]")->type == packet_type::ack);
    CHECK(parse_packet("4{}")->type == packet_type::connect_error);
    CHECK(parse_packet("51-[]")->type == packet_type::binary_event);
    CHECK(parse_packet("61-[]")->type == packet_type::binary_ack);
    for (auto const text : {"", "7", "9[]", "a", "/", " 2[\"x\"]", "[\"x\"]", "-1", "\"2\""}) {
        CAPTURE(text);
        CHECK_FALSE(parse_packet(text));
    }
}

TEST_CASE("a packet has all its parts, in their order", "[protocol][unit]")
{
    auto const p = parse_packet(R"(52-/io/user,13["x",{"_placeholder":true,"num":0}])");
    REQUIRE(p);
    CHECK(p->type == packet_type::binary_event);
    CHECK(p->attachments == 2);
    CHECK(p->ns == "/io/user");
    CHECK(p->id == 13u);
    CHECK(p->data == R"(["x",{"_placeholder":true,"num":0}])");
}

TEST_CASE("a namespace ends at its comma or with the packet", "[protocol][unit]")
{
    CHECK(parse_packet("0/a,{}")->ns == "/a");
    CHECK(parse_packet("0/a,{}")->data == "{}");
    CHECK(parse_packet("0/a,")->ns == "/a");
    CHECK(parse_packet("0/a")->ns == "/a");
    CHECK(parse_packet("0/a")->data.empty());
    CHECK(parse_packet("0/,{}")->ns == "/");
    CHECK(parse_packet("0/a?b=c,{}")->ns == "/a?b=c");
    CHECK(parse_packet("2/a[\"x\"]")->ns == "/a[\"x\"]");
    CHECK(parse_packet("2/a,7[\"x,y\"]")->data == "[\"x,y\"]");
    CHECK(parse_packet("0,{}")->data == ",{}");  // a namespace begins with a slash
}

TEST_CASE("an ack id is a number of at most 64 bits", "[protocol][unit]")
{
    CHECK(parse_packet("20[\"x\"]")->id == 0u);
    CHECK(parse_packet("2007[\"x\"]")->id == 7u);
    CHECK(parse_packet("218446744073709551615[\"x\"]")->id == 18446744073709551615u);
    CHECK_FALSE(parse_packet("218446744073709551616[\"x\"]"));
    CHECK_FALSE(parse_packet("2" + std::string(1000, '9') + "[\"x\"]"));
    CHECK(parse_packet("3/a,5[]")->id == 5u);
    CHECK_FALSE(parse_packet("2[\"x\"]")->id);
    CHECK_FALSE(parse_packet("2-1[\"x\"]")->id);
    CHECK_FALSE(is_good("2-1[\"x\"]"));
    CHECK_FALSE(is_good("21.5[\"x\"]"));
    CHECK_FALSE(is_good("20x1[\"x\"]"));
}

TEST_CASE("a binary packet says how many attachments follow, from 1 to 10", "[protocol][unit]")
{
    CHECK(parse_packet("51-[\"x\"]")->attachments == 1);
    CHECK(parse_packet("510-[\"x\"]")->attachments == 10);
    CHECK(parse_packet("61-7[]")->attachments == 1);
    for (auto const text : {
             "50-[\"x\"]",
             "511-[\"x\"]",
             "51000000000-[\"x\"]",
             "599999999999999999999999999-[\"x\"]",
             "5[\"x\"]",
             "51[\"x\"]",
             "5-[\"x\"]",
             "5-1-[\"x\"]",
             "5+1-[\"x\"]",
             "5 1-[\"x\"]",
             "51.5-[\"x\"]",
             "51e0-[\"x\"]",
             "51",
             "5",
             "5/a,1-[\"x\"]",
             "6[\"x\"]",
         }) {
        CAPTURE(text);
        CHECK_FALSE(parse_packet(text));
    }
    CHECK(parse_packet("21-[\"x\"]")->attachments == 0);  // an id, and no JSON
    CHECK_FALSE(is_good("21-[\"x\"]"));
}

TEST_CASE("a CONNECT carries an object or nothing", "[protocol][unit]")
{
    CHECK(parse_data(*parse_packet("0"))->is_null());
    CHECK(parse_data(*parse_packet("0/a,"))->is_null());
    CHECK(*parse_data(*parse_packet(R"(0/a,{"uuid":"x"})")) == json{{"uuid", "x"}});
    for (auto const text : {"0[]", "0null", "0\"x\"", "0true", "0{", "0{} {}", "0/a,x", "0,"}) {
        CAPTURE(text);
        CHECK_FALSE(is_good(text));
    }
}

TEST_CASE("a DISCONNECT carries nothing", "[protocol][unit]")
{
    CHECK(is_good("1"));
    CHECK(is_good("1/a,"));
    for (auto const text : {"1{}", "1[]", "1null", "1\"bye\"", "1x"}) {
        CAPTURE(text);
        CHECK_FALSE(is_good(text));
    }
}

TEST_CASE("an event is an array that begins with its name", "[protocol][unit]")
{
    CHECK(*parse_data(*parse_packet(R"(2["x",1,null])")) == json({"x", 1, nullptr}));
    CHECK(is_good(R"(2[""])"));
    CHECK(is_good("2[1]"));
    CHECK(is_good("2[-1.5,{}]"));
    for (auto const text : {
             "2",
             "2[]",
             "2{}",
             "2null",
             "2\"x\"",
             "2[null]",
             "2[true]",
             "2[{}]",
             "2[[\"x\"]]",
             "2[\"x\"",
             "2[\"x\"]]",
             "2[\"x\"],",
             "2['x']",
             "2[\"x\",]",
             "2[\"\xff\"]",
             "2[\"x\"]\x1e",
             "2[NaN]",
             "2[\"x\" /* */]",
             "2{\"0\":\"x\",\"length\":1}",
             "51-[{\"_placeholder\":true,\"num\":0}]",
         }) {
        CAPTURE(text);
        CHECK_FALSE(is_good(text));
    }
    CHECK_FALSE(is_good("2[\"x\"]\0"s));
}

TEST_CASE("the names of an application's own events are reserved", "[protocol][unit]")
{
    for (std::string const name : {"connect", "connect_error", "disconnect", "disconnecting",
                                   "newListener", "removeListener"}) {
        CAPTURE(name);
        CHECK_FALSE(is_good("2[\"" + name + "\"]"));
        CHECK_FALSE(is_good("51-[\"" + name + "\",{\"_placeholder\":true,\"num\":0}]"));
        CHECK(is_good("2[\"" + name + "2\"]"));
        CHECK(is_good("2[\"x\",\"" + name + "\"]"));
    }
    CHECK_FALSE(is_good(R"(2["\u0063onnect"])"));  // it is the name that counts, not its spelling
    CHECK(is_good(R"(2["connection"])"));
    CHECK(is_good(R"(2["Connect"])"));
}

TEST_CASE("an acknowledgement is an array", "[protocol][unit]")
{
    CHECK(is_good("31[]"));
    CHECK(is_good("31[null,{}]"));
    for (auto const text : {"31", "31{}", "31null", "31\"x\"", "61-1{}"}) {
        CAPTURE(text);
        CHECK_FALSE(is_good(text));
    }
}

TEST_CASE("a CONNECT_ERROR is an object, or a string of older servers", "[protocol][unit]")
{
    CHECK(is_good(R"(4{"message":"no"})"));
    CHECK(is_good(R"(4/a,"no")"));
    CHECK_FALSE(is_good("4"));
    CHECK_FALSE(is_good("4[]"));
    CHECK_FALSE(is_good("4null"));
}

TEST_CASE("JSON deeper than the limit is refused, at the limit it is not", "[protocol][unit]")
{
    auto const nested = [](std::size_t depth) {
        return "2[\"x\"," + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "]";
    };
    CHECK(is_good(nested(notify::max_json_depth)));
    CHECK_FALSE(is_good(nested(notify::max_json_depth + 1)));
    CHECK_FALSE(is_good("2[\"x\"," + std::string(100'000, '[')));
}

TEST_CASE("attachments go where their placeholders stand", "[protocol][unit]")
{
    json data = json::parse(R"(["x",{"_placeholder":true,"num":1},
                                {"deep":[{"_placeholder":true,"num":0}]},{"_placeholder":false}])");
    CHECK(put_attachments(data, {"zero\0"s, ""}));
    CHECK(data[1] == bytes(""));
    CHECK(data[2]["deep"][0] == bytes("zero\0"s));
    CHECK(data[3] == json{{"_placeholder", false}});
}

TEST_CASE("an attachment that nothing waits for is dropped", "[protocol][unit]")
{
    json data = json::parse(R"(["x",{"_placeholder":true,"num":1}])");
    CHECK(put_attachments(data, {"zero", "one"}));
    CHECK(data == json({"x", bytes("one")}));
}

TEST_CASE("a placeholder names one attachment that is there and not yet placed", "[protocol][unit]")
{
    for (auto const placeholder : {
             R"({"_placeholder":true,"num":1})",
             R"({"_placeholder":true,"num":-1})",
             R"({"_placeholder":true,"num":0.5})",
             R"({"_placeholder":true,"num":"0"})",
             R"({"_placeholder":true,"num":null})",
             R"({"_placeholder":true,"num":[0]})",
             R"({"_placeholder":true,"num":true})",
             R"({"_placeholder":true})",
             R"({"_placeholder":true,"num":"splice"})",
             R"({"_placeholder":true,"num":1e99})",
             R"({"_placeholder":true,"num":18446744073709551615})",
             R"([{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}])",
         }) {
        CAPTURE(placeholder);
        json data = json::array({"x", json::parse(placeholder)});
        CHECK_FALSE(put_attachments(data, {"zero"}));
    }
}

TEST_CASE("only true marks a placeholder", "[protocol][unit]")
{
    for (auto const plain : {
             R"({"_placeholder":1,"num":7})",
             R"({"_placeholder":"true","num":7})",
             R"({"_placeholder":null,"num":7})",
             R"({"placeholder":true,"num":7})",
             R"({"num":7})",
         }) {
        CAPTURE(plain);
        json data = json::array({"x", json::parse(plain)});
        json const before = data;
        CHECK(put_attachments(data, {"zero"}));
        CHECK(data == before);
    }
}

TEST_CASE("binary values leave data in their order", "[protocol][unit]")
{
    json data = json::array({"x", bytes("a"), {{"k", bytes("b\0"s)}, {"n", 1}}, {bytes("")}});
    CHECK(take_attachments(data) == std::vector<std::string>{"a", "b\0"s, ""});
    CHECK(data == json::parse(R"(["x",{"_placeholder":true,"num":0},
        {"k":{"_placeholder":true,"num":1},"n":1},[{"_placeholder":true,"num":2}]])"));
}

TEST_CASE("data without binary values stays as it is", "[protocol][unit]")
{
    json data = json::parse(R"(["x",{"_placeholder":true,"num":0},"b"])");
    json const before = data;
    CHECK(take_attachments(data).empty());
    CHECK(data == before);
}

TEST_CASE("what attachments were taken out can be put in again", "[protocol][unit]")
{
    json const original = json::array({"x", bytes("a"), {{"k", {bytes("b"), 1}}}, "c", bytes("")});
    json data = original;
    auto const attachments = take_attachments(data);
    CHECK(data != original);
    CHECK(put_attachments(data, attachments));
    CHECK(data == original);
}

TEST_CASE("a packet begins with type, attachments, namespace and id", "[protocol][unit]")
{
    CHECK(begin_packet(packet_type::event, "/") == "42");
    CHECK(begin_packet(packet_type::event, "/", 0) == "420");
    CHECK(begin_packet(packet_type::ack, "/a", 17) == "43/a,17");
    CHECK(begin_packet(packet_type::binary_event, "/a", 17, 2) == "452-/a,17");
    CHECK(begin_packet(packet_type::binary_ack, "/", 18446744073709551615u, 1) ==
          "461-18446744073709551615");
    CHECK(begin_packet(packet_type::connect_error, "/a") == "44/a,");
}

TEST_CASE("what begins a packet is read back the same", "[protocol][unit]")
{
    for (std::string_view const ns : {"/", "/a", "/io/user/notifications"}) {
        for (std::optional<std::uint64_t> const id : {std::optional<std::uint64_t>{}, {0}, {99}}) {
            std::string const text = begin_packet(packet_type::event, ns, id) + "[\"x\"]";
            CAPTURE(text);
            auto const p = parse_packet(std::string_view{text}.substr(1));
            REQUIRE(p);
            CHECK(p->ns == ns);
            CHECK(p->id == id);
            CHECK(p->data == "[\"x\"]");
        }
    }
}
