// SPDX-License-Identifier: MIT
#include "protocol/engine_query.hpp"

#include "support/catch.hpp"

#include <optional>
#include <string>
#include <string_view>

using namespace notify::eio;

namespace {

// Why a query is refused, if it is.
std::optional<request_error> why_refused(std::string_view query)
{
    auto const q = parse_engine_query(query);
    return q ? std::nullopt : std::optional{q.error()};
}

}  // namespace

TEST_CASE("a handshake names its transport and its version", "[protocol][unit]")
{
    auto const q = parse_engine_query("EIO=4&transport=polling&t=P0hKtQa.7");
    REQUIRE(q.has_value());
    CHECK(q->transport == transport_kind::polling);
    CHECK(q->sid.empty());
    CHECK(q->version == 4);

    auto const w = parse_engine_query("transport=websocket&EIO=4");
    REQUIRE(w.has_value());
    CHECK(w->transport == transport_kind::websocket);
}

TEST_CASE("a request of a session bears its sid", "[protocol][unit]")
{
    auto const q = parse_engine_query("EIO=4&transport=polling&sid=AZaz09_-AZaz09_-AZaz");
    REQUIRE(q.has_value());
    CHECK(q->sid == "AZaz09_-AZaz09_-AZaz");
}

TEST_CASE("an empty sid is none, as the reference server has it", "[protocol][unit]")
{
    CHECK(parse_engine_query("EIO=4&transport=polling&sid=")->sid.empty());
    CHECK(parse_engine_query("EIO=4&transport=polling&sid")->sid.empty());
}

TEST_CASE("a transport that is not one of the two is unknown", "[protocol][unit]")
{
    for (auto const query : {
             "",
             "&",
             "=",
             "?",
             "EIO=4",
             "EIO=4&transport",
             "EIO=4&transport=",
             "EIO=4&transport=constructor",
             "EIO=4&transport=__proto__",
             "EIO=4&transport=toString",
             "EIO=4&transport=webtransport",
             "EIO=4&transport=Polling",
             "EIO=4&transport=polling%00",
             "EIO=4&transport=%00",
             "EIO=4&transport=polling ",
             "EIO=4&transport= polling",
             "EIO=4&transport=poll",
             "EIO=4&transport=pollings",
             "EIO=4&Transport=polling",
             "EIO=4&transport==polling",
             "EIO=4&transport[]=polling",
             "EIO=4&__proto__=polling",
             "EIO=4;transport=polling",
             "EIO=4&transport=../../etc/passwd",
         }) {
        CAPTURE(query);
        CHECK(why_refused(query) == request_error::transport_unknown);
    }
}

TEST_CASE("a field that is there twice is wrong, even with one value", "[protocol][unit]")
{
    CHECK(why_refused("EIO=4&transport=polling&transport=polling") ==
          request_error::transport_unknown);
    CHECK(why_refused("EIO=4&transport=polling&transport=websocket") ==
          request_error::transport_unknown);
    CHECK(why_refused("EIO=4&transport=polling&sid=a&sid=a") == request_error::session_unknown);
    CHECK(why_refused("EIO=4&transport=polling&sid=a&sid=") == request_error::session_unknown);
    CHECK(parse_engine_query("EIO=4&EIO=4&transport=polling")->version == 0);
    CHECK(parse_engine_query("EIO=4&EIO=3&transport=polling")->version == 0);
}

TEST_CASE("version 3 is known, for clients of Socket.IO 2", "[protocol][unit]")
{
    auto const q = parse_engine_query("EIO=3&transport=polling&b64=1");
    REQUIRE(q.has_value());
    CHECK(q->version == 3);
    CHECK(q->base64);
    CHECK_FALSE(parse_engine_query("EIO=3&transport=polling")->base64);
}

TEST_CASE("JSONP polling names a function by its number, and takes text only", "[protocol][unit]")
{
    auto const q = parse_engine_query("EIO=4&transport=polling&j=12");
    REQUIRE(q.has_value());
    CHECK(q->jsonp == "12");
    CHECK(q->base64);
    for (auto const query :
         {"EIO=4&transport=polling&j=", "EIO=4&transport=polling&j", "EIO=4&transport=polling&j=a",
          "EIO=4&transport=polling&j=0](alert(1))", "EIO=4&transport=polling&j=%30",
          "EIO=4&transport=polling&j=-1", "EIO=4&transport=polling&j=12345678901",
          "EIO=4&transport=polling&j=0&j=1", "EIO=4&transport=websocket&j=0"}) {
        CAPTURE(query);
        CHECK(why_refused(query) == request_error::bad_request);
    }
}

TEST_CASE("no other version is served", "[protocol][unit]")
{
    for (auto const query :
         {"transport=polling", "transport=polling&EIO", "transport=polling&EIO=",
          "transport=polling&EIO=abc", "transport=polling&EIO=2", "transport=polling&EIO=5",
          "transport=polling&EIO=03", "transport=polling&EIO=3.0", "transport=polling&EIO=34",
          "transport=polling&EIO=04", "transport=polling&EIO=4.0", "transport=polling&EIO=44",
          "transport=polling&EIO=+4", "transport=polling&EIO=4%00", "transport=polling&eio=4"}) {
        CAPTURE(query);
        auto const q = parse_engine_query(query);
        REQUIRE(q.has_value());
        CHECK(q->version == 0);
    }
}

TEST_CASE("a sid is no more than a name to look up", "[protocol][unit]")
{
    for (std::string const sid :
         {"%00", "__proto__", "constructor", "../x", "a=b", "%zz", "\xff"}) {
        CAPTURE(sid);
        auto const q = parse_engine_query("EIO=4&transport=polling&sid=" + sid);
        REQUIRE(q.has_value());
        CHECK(q->sid == sid);
    }
}

TEST_CASE("fields of strangers are passed over, whatever they hold", "[protocol][unit]")
{
    for (std::string const other : {"token=a|b", "x={\"y\":[1]}", "x=%zz", "x=%", "x=\xc3\xa9", "=",
                                    "", "sid2=x", "xsid=y", "x=1&x=2", "x=a=b=c", "b64=1"}) {
        CAPTURE(other);
        auto const before = parse_engine_query(other + "&EIO=4&transport=polling");
        REQUIRE(before.has_value());
        CHECK(before->version == 4);
        CHECK(before->sid.empty());
        auto const after = parse_engine_query("EIO=4&transport=polling&" + other);
        REQUIRE(after.has_value());
        CHECK(after->version == 4);
    }
}

TEST_CASE("each error has the code and the words that clients know", "[protocol][unit]")
{
    CHECK(body_of(request_error::transport_unknown) ==
          R"({"code":0,"message":"Transport unknown"})");
    CHECK(body_of(request_error::session_unknown) ==
          R"({"code":1,"message":"Session ID unknown"})");
    CHECK(body_of(request_error::bad_handshake_method) ==
          R"({"code":2,"message":"Bad handshake method"})");
    CHECK(body_of(request_error::bad_request) == R"({"code":3,"message":"Bad request"})");
    CHECK(body_of(request_error::forbidden) == R"({"code":4,"message":"Forbidden"})");
    CHECK(body_of(request_error::unsupported_version) ==
          R"({"code":5,"message":"Unsupported protocol version"})");
}
