// SPDX-License-Identifier: MIT
#include "session/outbox.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <deque>
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

TEST_CASE("an outbox takes frames up to its limit of memory, not of bytes on the wire",
          "[session][unit]")
{
    frame const ten = of_size(10);
    std::size_t const two = 2 * ten.memory();
    CHECK(ten.memory() >= ten.wire().size() + sizeof(void*));
    outbox box;
    CHECK(box.try_push(ten, two));
    CHECK(box.try_push(of_size(10), two));
    CHECK(box.memory() == two);
    CHECK_FALSE(box.try_push(of_size(2), two));
    CHECK(box.memory() == two);
    CHECK(box.frames().size() == 2);
}

TEST_CASE("one frame over the limit passes when the outbox is empty", "[session][unit]")
{
    frame const large = of_size(21);
    std::size_t const limit = large.memory() - 1;
    outbox box;
    CHECK(box.try_push(large, limit));
    CHECK(box.memory() == large.memory());
    CHECK_FALSE(box.try_push(of_size(2), limit));
    box.consume(21);
    CHECK(box.try_push(of_size(2), limit));
    CHECK_FALSE(box.try_push(of_size(21), limit));
}

TEST_CASE("a frame counts in full until its last byte is sent", "[session][unit]")
{
    frame const f = of_size(20);
    outbox box;
    CHECK(box.try_push(f, f.memory()));
    box.consume(19);
    CHECK_FALSE(box.empty());
    CHECK(box.memory() == f.memory());
    CHECK_FALSE(box.try_push(of_size(2), f.memory()));
    box.consume(1);
    CHECK(box.empty());
    CHECK(box.memory() == 0);
}

TEST_CASE("of pongs an outbox keeps the newest, in the place of the one before", "[session][unit]")
{
    std::array<char, 100> scratch;
    outbox box;
    REQUIRE(box.try_push(of_size(10), no_limit));
    for (int n = 0; n < 1000; ++n) REQUIRE(box.try_push(frame::pong("old"), no_limit));
    REQUIRE(box.try_push(frame::text("4after"), no_limit));
    REQUIRE(box.try_push(frame::pong("new"), no_limit));
    REQUIRE(box.frames().size() == 3);
    CHECK(box.frames()[1].packet() == "new");
    CHECK(box.memory() ==
          of_size(10).memory() + frame::pong("new").memory() + frame::text("4after").memory());

    SECTION("unless a part of that one is on the wire already")
    {
        box.consume(10 + 3);
        REQUIRE(box.try_push(frame::pong("newer"), no_limit));
        CHECK(box.frames().size() == 3);
        CHECK(box.frames()[0].packet() == "new");
        CHECK(box.frames()[2].packet() == "newer");
    }
    SECTION("also after what was before it is gone")
    {
        box.consume(10);
        REQUIRE(box.try_push(frame::pong("newer"), no_limit));
        CHECK(box.bytes_to_send(scratch) ==
              std::string{frame::pong("newer").wire()} + std::string{frame::text("4after").wire()});
    }
    SECTION("and not one that is sent")
    {
        box.consume(10 + 5);
        REQUIRE(box.try_push(frame::pong("newer"), no_limit));
        CHECK(box.frames().size() == 2);
        CHECK(box.frames()[1].packet() == "newer");
    }
}

TEST_CASE("a pong that would pass the limit is refused like any other frame", "[session][unit]")
{
    outbox box;
    std::size_t const limit = of_size(10).memory() + frame::pong("").memory();
    REQUIRE(box.try_push(of_size(10), limit));
    REQUIRE(box.try_push(frame::pong(""), limit));
    CHECK_FALSE(box.try_push(frame::pong("x"), limit));
    CHECK(box.try_push(frame::pong(""), limit));
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
    CHECK(box.memory() == 0);
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
    std::deque<frame> model;  // those not yet sent to the end
    std::size_t sent = 0;     // of the first of them
    std::size_t next = 0;
    auto const unsent = [&] {
        std::string bytes;
        for (frame const& f : model) bytes += f.wire();
        return bytes.substr(sent);
    };
    auto const push = [&](frame const& f) {
        REQUIRE(box.try_push(f, no_limit));
        auto const pong =
            std::find_if(model.begin(), model.end(), [](frame const& m) { return m.is_pong(); });
        bool const begun = pong == model.begin() && sent > 0;
        auto const newer =
            begun ? std::find_if(pong + 1, model.end(), [](frame const& m) { return m.is_pong(); })
                  : pong;
        if (f.is_pong() && newer != model.end())
            *newer = f;
        else
            model.push_back(f);
    };
    for (int step = 0; step < 20'000; ++step) {
        std::string const bytes = unsent();
        if (below(100) < 52) {
            std::string const text = "4" + std::to_string(next++) + std::string(below(9), '.');
            push(below(4) == 0 ? frame::pong(text) : frame::text(text));
        } else {
            std::size_t n = below(2) ? below(bytes.size() + 1) : below(30) % (bytes.size() + 1);
            box.consume(n);
            for (sent += n; !model.empty() && sent >= model.front().wire().size();
                 model.pop_front())
                sent -= model.front().wire().size();
        }
        REQUIRE(box.empty() == model.empty());
        REQUIRE(box.sent() == sent);
        std::size_t memory = 0;
        for (frame const& f : model) memory += f.memory();
        REQUIRE(box.memory() == memory);
        if (box.frames().size() <= 1000) REQUIRE((wire_of(box) == unsent()));
    }
}
