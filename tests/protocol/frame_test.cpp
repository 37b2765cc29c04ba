// SPDX-License-Identifier: MIT
#include "protocol/frame.hpp"

#include "support/catch.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

using notify::frame;
using namespace std::string_literals;

TEST_CASE("a text frame is its packet with a WebSocket header before it", "[protocol][unit]")
{
    frame const f = frame::text("42[\"x\"]");
    CHECK(f.packet() == "42[\"x\"]");
    CHECK(f.wire() == "\x81\x07"
                      "42[\"x\"]");
    CHECK_FALSE(f.is_binary());
}

TEST_CASE("a binary frame is its payload with a WebSocket header before it", "[protocol][unit]")
{
    frame const f = frame::binary("\0\xff"s);
    CHECK(f.packet() == "\0\xff"s);
    CHECK(f.wire() == "\x82\x02\0\xff"s);
    CHECK(f.is_binary());
}

TEST_CASE("a frame is a copy of what it is made of", "[protocol][unit]")
{
    std::string packet = "2probe";
    frame const f = frame::text(packet);
    packet.assign(packet.size(), '#');
    CHECK(f.packet() == "2probe");
}

TEST_CASE("control frames are written for the wire", "[protocol][unit]")
{
    CHECK(frame::pong("").wire() == "\x8a\x00"s);
    CHECK(frame::pong("beat").wire() == "\x8a\x04"
                                        "beat");
    CHECK(frame::pong("beat").packet() == "beat");
    CHECK(frame::pong(std::string(125, 'x')).wire().size() == 127);
    CHECK(frame::close(1000, "").wire() == "\x88\x02\x03\xe8");
    CHECK(frame::close(4999, "enough").wire() == "\x88\x08\x13\x87"
                                                 "enough");
    CHECK(frame::close(1001, std::string(123, 'x')).wire().size() == 127);
}

TEST_CASE("a frame of any size knows its packet from its header", "[protocol][unit]")
{
    struct {
        std::size_t packet;
        std::size_t header;
    } const sizes[] = {{0, 2}, {1, 2}, {125, 2}, {126, 4}, {65'535, 4}, {65'536, 10}};
    for (auto const& size : sizes) {
        std::string const packet(size.packet, 'p');
        frame const f = frame::text(packet);
        CAPTURE(size.packet);
        CHECK((f.packet() == packet));
        CHECK(f.wire().size() == size.header + size.packet);
        CHECK(f.wire().data() + size.header == f.packet().data());
    }
}

TEST_CASE("copies of a frame share its bytes, and the last one frees them", "[protocol][unit]")
{
    std::optional<frame> first = frame::text("42[\"shared\"]");
    char const* const bytes = first->wire().data();
    std::vector<frame> queue(1000, *first);
    frame const moved = std::move(queue.back());
    queue.pop_back();
    for (frame const& f : queue) CHECK(f.wire().data() == bytes);

    first.reset();
    CHECK(moved.wire().data() == bytes);
    queue.clear();
    CHECK(moved.packet() == "42[\"shared\"]");  // freed too early, the address sanitizer says so
}

TEST_CASE("a frame can be assigned to itself and over another", "[protocol][unit]")
{
    frame a = frame::text("a");
    frame const b = frame::text("b");
    frame const& same = a;
    a = same;
    CHECK(a.packet() == "a");
    a = b;
    CHECK(a.packet() == "b");
    CHECK(a.wire().data() == b.wire().data());
}
