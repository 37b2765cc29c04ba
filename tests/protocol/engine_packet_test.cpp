// SPDX-License-Identifier: MIT
#include "protocol/engine_packet.hpp"

#include "support/catch.hpp"

#include <string>
#include <string_view>

using namespace notify::eio;
using namespace std::string_view_literals;

TEST_CASE("each of the seven packet types is known by its digit", "[protocol][unit]")
{
    struct {
        char digit;
        packet_type type;
    } const types[] = {
        {'0', packet_type::open}, {'1', packet_type::close},   {'2', packet_type::ping},
        {'3', packet_type::pong}, {'4', packet_type::message}, {'5', packet_type::upgrade},
        {'6', packet_type::noop},
    };
    for (auto const& t : types) {
        CAPTURE(t.digit);
        auto const bare = parse_packet(std::string{t.digit});
        REQUIRE(bare);
        CHECK(bare->type == t.type);
        CHECK(bare->data.empty());
        CHECK_FALSE(bare->is_binary);

        std::string const text = std::string{t.digit} + "data";
        auto const full = parse_packet(text);
        REQUIRE(full);
        CHECK(full->type == t.type);
        CHECK(full->data == "data");
    }
}

TEST_CASE("a packet of any other type is none", "[protocol][unit]")
{
    for (int c = 0; c < 256; ++c) {
        CAPTURE(c);
        std::string const text{static_cast<char>(c), 'x'};
        CHECK(parse_packet(text).has_value() == (c >= '0' && c <= '6'));
    }
    CHECK_FALSE(parse_packet(""));
    CHECK_FALSE(parse_packet(" 4"));
}

TEST_CASE("in protocol 3 base64 and binary bear the type of a message", "[protocol][unit]")
{
    std::string decoded;
    auto const p = parse_packet("b4AAEC/w==", decoded, dialect{3});
    REQUIRE(p);
    CHECK(p->is_binary);
    CHECK(p->data == "\0\1\2\xff"sv);
    for (auto const text : {"b", "bAAEC", "b2AAEC", "b 4AAEC", "b4*"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_packet(text, decoded, dialect{3}));
    }

    auto const b = parse_binary_packet("\4\0x"sv, dialect{3});
    REQUIRE(b);
    CHECK(b->type == packet_type::message);
    CHECK(b->is_binary);
    CHECK(b->data == "\0x"sv);
    for (auto const bytes : {""sv, "4x"sv, "\1"sv, "\2probe"sv, "\0"sv})
        CHECK_FALSE(parse_binary_packet(bytes, dialect{3}));
    CHECK(parse_binary_packet("\2probe", dialect{4})->data ==
          "\2probe");  // bytes, whatever they are
}

TEST_CASE("a packet's data is taken as it is", "[protocol][unit]")
{
    CHECK(parse_packet("44")->data == "4");
    CHECK(parse_packet("4\0\n\x1e\xff"sv)->data == "\0\n\x1e\xff"sv);
    CHECK(parse_packet("2probe")->data == "probe");
}

TEST_CASE("where base64 may stand, it is a binary message", "[protocol][unit]")
{
    std::string decoded;
    auto const p = parse_packet("bAAEC/w==", decoded);
    REQUIRE(p);
    CHECK(p->type == packet_type::message);
    CHECK(p->is_binary);
    CHECK(p->data == "\x00\x01\x02\xff"sv);

    auto const empty = parse_packet("b", decoded);
    REQUIRE(empty);
    CHECK(empty->is_binary);
    CHECK(empty->data.empty());
}

TEST_CASE("where base64 may stand, text is still text", "[protocol][unit]")
{
    std::string decoded;
    auto const p = parse_packet("4bAAEC", decoded);
    REQUIRE(p);
    CHECK_FALSE(p->is_binary);
    CHECK(p->data == "bAAEC");
    CHECK_FALSE(parse_packet("", decoded));
    CHECK_FALSE(parse_packet("7", decoded));
}

TEST_CASE("what only looks like base64 is no packet", "[protocol][unit]")
{
    std::string decoded;
    for (auto const text : {"b#", "b=", "bA", "bAA AA", "b4[\"x\"]"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_packet(text, decoded));
    }
    CHECK_FALSE(parse_packet("bAAEC"));  // nor is any, where it has no place
}
