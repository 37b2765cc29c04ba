// SPDX-License-Identifier: MIT
#include "protocol/frame.hpp"

#include "support/catch.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

using notify::frame;
using namespace std::string_literals;

TEST_CASE("a frame is its packet, as text or as bytes", "[protocol][unit]")
{
    frame const text = frame::text("42[\"x\"]");
    CHECK(text.packet() == "42[\"x\"]");
    CHECK_FALSE(text.is_binary());
    CHECK_FALSE(text.is_pong());
    frame const binary = frame::binary("\0\xff"s);
    CHECK(binary.packet() == "\0\xff"s);
    CHECK(binary.is_binary());
    frame const pong = frame::pong("beat");
    CHECK(pong.packet() == "beat");
    CHECK(pong.is_pong());
    CHECK_FALSE(pong.is_binary());
}

TEST_CASE("a frame put together from pieces is one packet", "[protocol][unit]")
{
    CHECK(frame::text({"42", "", "[\"x\"]"}).packet() == "42[\"x\"]");
    CHECK(frame::text({}).packet().empty());
}

TEST_CASE("a frame is a copy of what it is made of", "[protocol][unit]")
{
    std::string packet = "2probe";
    frame const f = frame::text(packet);
    packet.assign(packet.size(), '#');
    CHECK(f.packet() == "2probe");
}

TEST_CASE("a header stands right before the packet, for all copies", "[protocol][unit]")
{
    frame const f = frame::text("4packet");
    frame const copy = f;
    CHECK_FALSE(copy.has_header());
    CHECK(copy.with_header() == "4packet");
    std::string const header(GENERATE(1U, 2U, 4U, 10U), 'h');
    f.put_header(header);
    CHECK(copy.has_header());
    CHECK(copy.with_header() == header + "4packet");
    CHECK(copy.packet() == "4packet");
    CHECK(copy.with_header().data() + header.size() == f.packet().data());
}

TEST_CASE("a header costs a frame no more memory", "[protocol][unit]")
{
    frame const f = frame::text("4packet");
    std::size_t const before = f.memory();
    f.put_header(std::string(frame::max_header, 'h'));
    CHECK(f.memory() == before);
}

TEST_CASE("copies of a frame share its bytes, and the last one frees them", "[protocol][unit]")
{
    std::optional<frame> first = frame::text("42[\"shared\"]");
    char const* const bytes = first->packet().data();
    std::vector<frame> queue(1000, *first);
    frame const moved = std::move(queue.back());
    queue.pop_back();
    for (frame const& f : queue) CHECK(f.packet().data() == bytes);

    first.reset();
    CHECK(moved.packet().data() == bytes);
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
    CHECK(a.packet().data() == b.packet().data());
}
