// SPDX-License-Identifier: MIT
#include "wire/websocket_bytes.hpp"

#include "support/catch.hpp"

#include <array>
#include <cstddef>
#include <random>
#include <span>
#include <string>
#include <string_view>

using namespace notify;
using namespace std::string_literals;

namespace {

constexpr std::size_t no_limit = 1'000'000;

// A frame of n bytes on the wire. REQUIRES: 2 <= n < 128.
frame frame_of(std::size_t n) { return frame::text(std::string(n - 2, 'x')); }

std::array<char, 100> scratch;

std::string_view bytes_to_send(eio::outbox const& queue, std::size_t room = scratch.size())
{
    return next_write(queue, std::span{scratch}.first(room)).bytes;
}

// As much was written of what should be.
void take_sent(eio::outbox& queue, std::size_t bytes)
{
    take_sent(queue, next_write(queue, scratch), bytes);
}

eio::outbox outbox_with(std::initializer_list<std::string_view> packets)
{
    eio::outbox queue;
    for (auto const packet : packets) REQUIRE(queue.try_push(frame::text(packet), no_limit));
    return queue;
}

}  // namespace

TEST_CASE("a text frame is its packet with a WebSocket header before it", "[wire][unit]")
{
    CHECK(websocket_bytes(frame::text("42[\"x\"]")) == "\x81\x07"
                                                       "42[\"x\"]");
}

TEST_CASE("a binary frame is its payload with a WebSocket header before it", "[wire][unit]")
{
    CHECK(websocket_bytes(frame::binary("\0\xff"s)) == "\x82\x02\0\xff"s);
}

TEST_CASE("a pong is a control frame", "[wire][unit]")
{
    CHECK(websocket_bytes(frame::pong("")) == "\x8a\x00"s);
    CHECK(websocket_bytes(frame::pong("beat")) == "\x8a\x04"
                                                  "beat");
    CHECK(websocket_bytes(frame::pong(std::string(125, 'x'))).size() == 127);
}

TEST_CASE("a frame of any size knows its packet from its header", "[wire][unit]")
{
    struct {
        std::size_t packet;
        std::size_t header;
    } const sizes[] = {{0, 2}, {1, 2}, {125, 2}, {126, 4}, {65'535, 4}, {65'536, 10}};
    for (auto const& size : sizes) {
        std::string const packet(size.packet, 'p');
        frame const f = frame::text(packet);
        CAPTURE(size.packet);
        CHECK(websocket_bytes(f).size() == size.header + size.packet);
        CHECK((f.packet() == packet));
        CHECK(websocket_bytes(f).data() + size.header == f.packet().data());
    }
}

TEST_CASE("all wires of a frame send the same bytes, written once", "[wire][unit]")
{
    frame const f = frame::text("4shared");
    frame const copy = f;
    CHECK(websocket_bytes(copy).data() == websocket_bytes(f).data());
    CHECK(websocket_bytes(copy) == "\x81\x07"
                                   "4shared");
}

TEST_CASE("the bytes of queued frames leave in order, and may be cut anywhere", "[wire][unit]")
{
    eio::outbox queue = outbox_with({"4one", "4two", "4three"});
    std::string const all = std::string{bytes_to_send(queue)};
    CHECK(all == "\x81\x04"
                 "4one"
                 "\x81\x04"
                 "4two"
                 "\x81\x06"
                 "4three");
    take_sent(queue, 9);
    CHECK(bytes_to_send(queue) == all.substr(9));
    CHECK(queue.sent() == 3);
    REQUIRE(queue.frames().size() == 2);
    CHECK(queue.frames()[0].packet() == "4two");
    take_sent(queue, 3);
    CHECK(queue.sent() == 0);
    CHECK(bytes_to_send(queue) == "\x81\x06"
                                  "4three");
}

TEST_CASE("what is to be sent is put together as far as there is room", "[wire][unit]")
{
    eio::outbox queue = outbox_with({"4a", "4b", "4c"});
    CHECK(bytes_to_send(queue, 8) == "\x81\x02"
                                     "4a"
                                     "\x81\x02"
                                     "4b");
    take_sent(queue, 1);
    CHECK(bytes_to_send(queue, 11) == "\x02"
                                      "4a"
                                      "\x81\x02"
                                      "4b"
                                      "\x81\x02"
                                      "4c");
    CHECK(bytes_to_send(queue, 10).size() == 7);
}

TEST_CASE("one frame, or a large one, is sent from where it is", "[wire][unit]")
{
    frame const large = frame_of(100);
    eio::outbox queue;
    REQUIRE(queue.try_push(large, no_limit));
    CHECK(bytes_to_send(queue).data() == websocket_bytes(large).data());
    REQUIRE(queue.try_push(frame_of(2), no_limit));
    take_sent(queue, 1);
    CHECK(bytes_to_send(queue).data() == websocket_bytes(large).data() + 1);
    CHECK(bytes_to_send(queue).size() == 99);
}

TEST_CASE("wherever writes are cut, the bytes of all frames leave once and in order",
          "[wire][unit]")
{
    std::mt19937 random{2971};
    auto const below = [&random](std::size_t n) { return random() % n; };
    eio::outbox queue;
    std::string expected;
    std::string written;
    for (int step = 0; step < 20'000; ++step) {
        if (queue.empty() || below(100) < 52) {
            std::string const packet = "4" + std::to_string(step) + std::string(below(9), '.');
            frame const f = below(3) ? frame::text(packet) : frame::binary(packet);
            expected += websocket_bytes(f);
            REQUIRE(queue.try_push(f, no_limit));
        } else {
            websocket_write const next = next_write(queue, scratch);
            std::size_t const taken = below(2) ? next.bytes.size() : 1 + below(next.bytes.size());
            written += next.bytes.substr(0, taken);
            take_sent(queue, next, taken);
        }
    }
    while (!queue.empty()) {
        websocket_write const next = next_write(queue, scratch);
        written += next.bytes;
        take_sent(queue, next, next.bytes.size());
    }
    CHECK((written == expected));
}
