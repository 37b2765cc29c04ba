// SPDX-License-Identifier: MIT
#include "session/outbox.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using notify::frame;
using notify::eio::outbox;

namespace {

constexpr std::size_t no_limit = 1'000'000;

// A frame whose packet has n bytes.
frame of_size(std::size_t n) { return frame::text(std::string(n, 'x')); }

std::vector<std::string_view> packets_of(outbox const& box)
{
    std::vector<std::string_view> packets;
    for (frame const& f : box.frames()) packets.push_back(f.packet());
    return packets;
}

}  // namespace

TEST_CASE("an outbox takes frames up to its limit of memory, not of bytes on the wire",
          "[session][unit]")
{
    frame const ten = of_size(10);
    std::size_t const two = 2 * ten.memory();
    CHECK(ten.memory() >= frame::max_header + ten.packet().size() + sizeof(void*));
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
    box.pop(1);
    CHECK(box.try_push(of_size(2), limit));
    CHECK_FALSE(box.try_push(of_size(21), limit));
}

TEST_CASE("a frame counts in full until its last byte is sent", "[session][unit]")
{
    frame const f = of_size(20);
    outbox box;
    CHECK(box.try_push(f, f.memory()));
    box.pop(0, 19);
    CHECK_FALSE(box.empty());
    CHECK(box.memory() == f.memory());
    CHECK_FALSE(box.try_push(of_size(2), f.memory()));
    box.pop(1);
    CHECK(box.empty());
    CHECK(box.memory() == 0);
}

TEST_CASE("of pongs an outbox keeps the newest, in the place of the one before", "[session][unit]")
{
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
        box.pop(1, 3);
        REQUIRE(box.try_push(frame::pong("newer"), no_limit));
        CHECK(box.frames().size() == 3);
        CHECK(box.frames()[0].packet() == "new");
        CHECK(box.frames()[2].packet() == "newer");
    }
    SECTION("also after what was before it is gone")
    {
        box.pop(1);
        REQUIRE(box.try_push(frame::pong("newer"), no_limit));
        CHECK(packets_of(box) == std::vector<std::string_view>{"newer", "4after"});
    }
    SECTION("and not one that is sent")
    {
        box.pop(2);
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
    CHECK(packets_of(box) == std::vector<std::string_view>{"4one", "4two", "4three"});
    box.pop(1, 3);
    CHECK(box.sent() == 3);
    CHECK(packets_of(box) == std::vector<std::string_view>{"4two", "4three"});
    box.pop(0, 5);
    CHECK(box.sent() == 5);
    CHECK(box.frames().size() == 2);
    box.pop(1);
    CHECK(box.sent() == 0);
    CHECK(packets_of(box) == std::vector<std::string_view>{"4three"});
}

TEST_CASE("a cleared outbox is as new", "[session][unit]")
{
    outbox box;
    REQUIRE(box.try_push(of_size(10), no_limit));
    REQUIRE(box.try_push(of_size(10), no_limit));
    box.pop(1, 3);
    box.clear();
    CHECK(box.empty());
    CHECK(box.memory() == 0);
    CHECK(box.sent() == 0);
    REQUIRE(box.try_push(frame::text("4a"), no_limit));
    CHECK(packets_of(box) == std::vector<std::string_view>{"4a"});
}

TEST_CASE("an outbox that was emptied owns no memory", "[session][unit]")
{
    std::size_t const at_first = outbox{}.capacity();
    outbox box;
    for (int n = 0; n < 1000; ++n) REQUIRE(box.try_push(of_size(10), no_limit));
    REQUIRE(box.capacity() >= 1000);
    SECTION("by what was sent") { box.pop(1000); }
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
    CHECK(a.frames()[0].packet().data() == shared.packet().data());
    CHECK(b.frames()[0].packet().data() == shared.packet().data());
}

TEST_CASE("whatever is pushed and popped, an outbox is a queue of frames", "[session][unit]")
{
    std::mt19937 random{2971};
    auto const below = [&random](std::size_t n) { return random() % n; };
    outbox box;
    std::deque<frame> model;  // those not yet sent to the end
    std::size_t sent = 0;     // of the first of them
    std::size_t next = 0;
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
    auto const pop = [&](std::size_t n) {
        model.erase(model.begin(), model.begin() + static_cast<std::ptrdiff_t>(n));
        if (n > 0) sent = 0;
        if (!model.empty()) sent += below(model.front().packet().size() - sent);
        box.pop(n, sent);
    };
    for (int step = 0; step < 20'000; ++step) {
        if (below(100) < 52) {
            std::string const text = "4" + std::to_string(next++) + std::string(below(9), '.');
            push(below(4) == 0 ? frame::pong(text) : frame::text(text));
        } else {
            pop(below(2) ? below(model.size() + 1) : below(4) % (model.size() + 1));
        }
        REQUIRE(box.empty() == model.empty());
        REQUIRE(box.sent() == sent);
        std::size_t memory = 0;
        for (frame const& f : model) memory += f.memory();
        REQUIRE(box.memory() == memory);
        bool const same =
            std::ranges::equal(box.frames(), model, {}, &frame::packet, &frame::packet);
        REQUIRE(same);
    }
}
