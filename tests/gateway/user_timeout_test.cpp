// SPDX-License-Identifier: MIT
//
// Who is nobody's for too long is sent away: a connection costs memory, and is of use only
// to somebody.
#include "gateway/notifications.hpp"

#include "gateway/notifications_fixture.hpp"
#include "support/catch.hpp"

using namespace notify;
using namespace std::chrono_literals;
using namespace notify::test;

namespace {

struct user_timeout_fixture : notifications_fixture {
    user_timeout_fixture() : notifications_fixture{10s} {}
};

}  // namespace

TEST_CASE_METHOD(user_timeout_fixture, "who is nobody's for user_timeout is sent away",
                 "[gateway][unit]")
{
    tab silent = joined();
    tab refused = joined();
    refused.ask("u");
    who.refuse(internal_code::unknown_uuid, "nobody has it");
    tab late = joined();
    late.ask("v");
    who.answer("7");  // and Redis does not confirm
    shard.pass(9s);
    for (tab* t : {&silent, &refused, &late}) CHECK(t->ended().empty());
    shard.pass(2s);
    for (tab* t : {&silent, &refused, &late}) CHECK(t->ended() == "no_user");
}

TEST_CASE_METHOD(user_timeout_fixture, "who is somebody's in time may stay for ever",
                 "[gateway][unit]")
{
    tab t = following("7");
    shard.pass(11s);
    CHECK(t.ended().empty());
}

TEST_CASE_METHOD(notifications_fixture, "without a user_timeout nobody is sent away",
                 "[gateway][unit]")
{
    tab t = joined();
    shard.pass(24s);
    CHECK(t.ended().empty());
}

TEST_CASE_METHOD(user_timeout_fixture, "to leave and rejoin does not restart user_timeout",
                 "[gateway][unit]")
{
    tab t = joined();
    t.leave();
    shard.end_turn();
    CHECK(t.ended() == "no_user");
}

TEST_CASE_METHOD(user_timeout_fixture, "who is somebody's may leave and rejoin", "[gateway][unit]")
{
    tab t = following("7");
    t.leave();
    shard.end_turn();
    CHECK(t.ended().empty());
    t.connect();
    shard.pass(9s);
    CHECK(t.ended().empty());
}

TEST_CASE_METHOD(notifications_fixture,
                 "who leaves with a question under way may not ask a new one", "[gateway][unit]")
{
    tab idle = joined();
    idle.leave();
    shard.end_turn();
    CHECK(idle.ended().empty());

    tab asks = joined();
    asks.ask("u");
    asks.leave();
    shard.end_turn();
    CHECK(asks.ended() == "no_user");
    who.answer("7");  // nobody waits for it
    CHECK(broker.subscribed.empty());
}
