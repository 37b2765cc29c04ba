// SPDX-License-Identifier: MIT
#include "session/outbox.hpp"

#include "support/catch.hpp"

#include <array>
#include <random>
#include <span>
#include <string>
#include <string_view>

using notify::frame;
using notify::eio::outbox;

namespace {

constexpr std::size_t no_limit = 1'000'000;

// A frame of n bytes on the wire. REQUIRES: 2 <= n < 128.
frame of_size(std::size_t n) { return frame::text(std::string(n - 2, 'x')); }

// All queued bytes.
std::string wire_of(outbox const& box)
{
    static std::array<char, 100'000> scratch;
    return box.empty() ? std::string{} : std::string{box.bytes_to_send(scratch)};
}

}  // namespace

TEST_CASE("an outbox takes frames up to its limit and refuses the one past it", "[session][unit]")
{
    outbox box;
    CHECK(box.try_push(of_size(10), 20));
    CHECK(box.try_push(of_size(10), 20));
    CHECK(box.bytes() == 20);
    CHECK_FALSE(box.try_push(of_size(2), 20));
    CHECK(box.bytes() == 20);
    CHECK(box.frames().size() == 2);
}

TEST_CASE("one frame over the limit passes when the outbox is empty", "[session][unit]")
{
    outbox box;
    CHECK(box.try_push(of_size(21), 20));
    CHECK(box.bytes() == 21);
    CHECK_FALSE(box.try_push(of_size(2), 20));
    box.consume(21);
    CHECK(box.try_push(of_size(2), 20));
    CHECK_FALSE(box.try_push(of_size(21), 20));
}

TEST_CASE("a frame counts in full until its last byte is sent", "[session][unit]")
{
    outbox box;
    CHECK(box.try_push(of_size(20), 20));
    box.consume(19);
    CHECK_FALSE(box.empty());
    CHECK(box.bytes() == 20);
    CHECK_FALSE(box.try_push(of_size(2), 20));
    box.consume(1);
    CHECK(box.empty());
    CHECK(box.bytes() == 0);
}

TEST_CASE("frames leave in order, and a frame may be left half sent", "[session][unit]")
{
    outbox box;
    for (auto const packet : {"4one", "4two", "4three"})
        REQUIRE(box.try_push(frame::text(packet), no_limit));
    std::string const all = wire_of(box);
    CHECK(all == "\x81\x04"
                 "4one"
                 "\x81\x04"
                 "4two"
                 "\x81\x06"
                 "4three");
    box.consume(9);
    CHECK(wire_of(box) == all.substr(9));
    CHECK(box.sent() == 3);
    REQUIRE(box.frames().size() == 2);
    CHECK(box.frames()[0].packet() == "4two");
    box.consume(3);
    CHECK(box.sent() == 0);
    CHECK(wire_of(box) == "\x81\x06"
                          "4three");
}

TEST_CASE("what is to be sent is put together as far as there is room", "[session][unit]")
{
    outbox box;
    for (auto const packet : {"4a", "4b", "4c"})
        REQUIRE(box.try_push(frame::text(packet), no_limit));
    std::array<char, 11> scratch;
    CHECK(box.bytes_to_send(std::span{scratch}.first(8)) == "\x81\x02"
                                                            "4a"
                                                            "\x81\x02"
                                                            "4b");
    box.consume(1);
    CHECK(box.bytes_to_send(scratch) == "\x02"
                                        "4a"
                                        "\x81\x02"
                                        "4b"
                                        "\x81\x02"
                                        "4c");
    CHECK(box.bytes_to_send(std::span{scratch}.first(10)).size() == 7);
}

TEST_CASE("one frame, or a large one, is sent from where it is", "[session][unit]")
{
    frame const large = of_size(100);
    outbox box;
    REQUIRE(box.try_push(large, no_limit));
    std::array<char, 100> scratch;
    CHECK(box.bytes_to_send(scratch).data() == large.wire().data());
    REQUIRE(box.try_push(of_size(2), no_limit));
    box.consume(1);
    CHECK(box.bytes_to_send(scratch).data() == large.wire().data() + 1);
    CHECK(box.bytes_to_send(scratch).size() == 99);
}

TEST_CASE("a cleared outbox is as new", "[session][unit]")
{
    outbox box;
    REQUIRE(box.try_push(of_size(10), no_limit));
    REQUIRE(box.try_push(of_size(10), no_limit));
    box.consume(13);
    box.clear();
    CHECK(box.empty());
    CHECK(box.bytes() == 0);
    CHECK(box.sent() == 0);
    REQUIRE(box.try_push(frame::text("4a"), no_limit));
    CHECK(wire_of(box) == "\x81\x02"
                          "4a");
}

TEST_CASE("an outbox that was emptied owns no memory", "[session][unit]")
{
    std::size_t const at_first = outbox{}.capacity();
    outbox box;
    for (int n = 0; n < 1000; ++n) REQUIRE(box.try_push(of_size(10), no_limit));
    REQUIRE(box.capacity() >= 1000);
    SECTION("by what was sent") { box.consume(10'000); }
    SECTION("at once") { box.clear(); }
    CHECK(box.empty());
    CHECK(box.capacity() == at_first);
}

TEST_CASE("an outbox shares its frames and copies none", "[session][unit]")
{
    frame const shared = frame::text("4shared");
    outbox a, b;
    REQUIRE(a.try_push(shared, no_limit));
    REQUIRE(b.try_push(shared, no_limit));
    CHECK(a.frames()[0].wire().data() == shared.wire().data());
    CHECK(b.frames()[0].wire().data() == shared.wire().data());
}

TEST_CASE("whatever is pushed and consumed, an outbox is a queue of bytes", "[session][unit]")
{
    std::mt19937 random{2971};
    auto const below = [&random](std::size_t n) { return random() % n; };
    outbox box;
    std::string model;     // the bytes not yet sent
    std::size_t next = 0;  // frame
    for (int step = 0; step < 20'000; ++step) {
        if (below(100) < 52) {
            frame const f = frame::text("4" + std::to_string(next++) + std::string(below(9), '.'));
            REQUIRE(box.try_push(f, no_limit));
            model += f.wire();
        } else {
            std::size_t const n =
                below(2) ? below(model.size() + 1) : below(30) % (model.size() + 1);
            box.consume(n);
            model.erase(0, n);
        }
        REQUIRE(box.empty() == model.empty());
        REQUIRE(box.bytes() == model.size() + box.sent());
        if (box.frames().size() <= 1000) {
            REQUIRE((wire_of(box) == model));
        }
    }
}
