// SPDX-License-Identifier: MIT
#include "http/connection_phase.hpp"

#include "support/catch.hpp"

using namespace notify;
using enum connection_phase;

TEST_CASE("each phase that is the client's has its time, and nobody else's has one", "[http][unit]")
{
    http_options o;
    o.head_timeout = milliseconds{1};
    o.body_timeout = milliseconds{2};
    o.idle_timeout = milliseconds{3};
    CHECK(time_for(silent, o, false) == o.head_timeout);
    CHECK(time_for(resting, o, false) == o.idle_timeout);
    CHECK(time_for(reading_head, o, false) == o.head_timeout);
    CHECK(time_for(reading_body, o, false) == o.body_timeout);
    CHECK(time_for(writing, o, false) == o.body_timeout);
    for (auto const p : {serving, waiting, woken}) CHECK_FALSE(time_for(p, o, false));
}

TEST_CASE("a guest has a second for its head, or less where all have less", "[http][unit]")
{
    http_options o;
    for (auto const p : {silent, reading_head}) {
        CHECK(time_for(p, o, true) == milliseconds{1'000});
        o.head_timeout = milliseconds{999};
        CHECK(time_for(p, o, true) == milliseconds{999});
        o.head_timeout = milliseconds{10'000};
    }
    CHECK(time_for(reading_body, o, true) == o.body_timeout);
}

TEST_CASE("who has said nothing of a request is told nothing, unless it is a guest", "[http][unit]")
{
    for (auto const p : {silent, resting}) {
        CHECK_FALSE(reason_when_late(p, false));
        CHECK(reason_when_late(p, true) == http_refusal::too_many_connections);
    }
    CHECK(reason_when_late(reading_head, false) == http_refusal::head_timeout);
    CHECK(reason_when_late(reading_head, true) == http_refusal::too_many_connections);
    for (bool const is_guest : {false, true}) {
        CHECK(reason_when_late(reading_body, is_guest) == http_refusal::body_timeout);
        CHECK(reason_when_late(writing, is_guest) == http_refusal::answer_timeout);
    }
}
