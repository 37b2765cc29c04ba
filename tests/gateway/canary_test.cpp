// SPDX-License-Identifier: MIT
//
// The canary as plain values: what it wants done and when, and what it says of Redis.
#include "gateway/canary.hpp"

#include "support/catch.hpp"

using namespace notify;
using namespace std::chrono_literals;
using step = canary::step;

namespace {

// A canary whose connections are up, and a clock.
struct canary_fixture {
    canary_fixture()
    {
        bird.on_messages(true);
        bird.on_commands(true);
    }

    step after(canary::microseconds time)
    {
        now += time;
        return bird.due(now);
    }

    // Begins a round this long from now, and has its subscription confirmed.
    void publish(canary::microseconds in)
    {
        REQUIRE(after(in) == step::subscribe);
        bird.on_subscribed();
        REQUIRE(after(0us) == step::publish);
    }

    // A whole round, in which the nonce is on its way for this long.
    void round_trip(canary::microseconds takes)
    {
        publish(0us);
        now += takes;
        bird.on_message(bird.nonce(), now);
    }

    canary bird;
    canary::microseconds now = 1h;
};

}  // namespace

TEST_CASE("a canary does nothing until both connections are up, and subscribes then",
          "[gateway][unit]")
{
    canary bird;
    CHECK(bird.state() == readiness::no_redis);
    CHECK(bird.due(1h) == step::nothing);
    bird.on_commands(true);
    CHECK(bird.due(2h) == step::nothing);
    CHECK(bird.state() == readiness::no_redis);
    bird.on_messages(true);
    CHECK(bird.state() == readiness::unproven);
    CHECK(bird.due(2h) == step::subscribe);
    CHECK(bird.due(2h) == step::nothing);
}

TEST_CASE_METHOD(canary_fixture, "a round subscribes, publishes, and waits for the period",
                 "[gateway][unit]")
{
    CHECK(bird.round_trip() == 0us);
    CHECK(after(0us) == step::subscribe);
    CHECK(after(3us) == step::nothing);  // not confirmed yet
    bird.on_subscribed();
    CHECK(after(0us) == step::publish);
    CHECK(bird.state() == readiness::unproven);
    auto const first = bird.nonce();
    CHECK(after(700us) == step::nothing);
    bird.on_message(first, now);
    CHECK(bird.state() == readiness::ready);
    CHECK(bird.round_trip() == 700us);
    CHECK(after(canary::period - 704us) == step::nothing);
    CHECK(after(1us) == step::subscribe);
    CHECK(bird.nonce() != first);
}

TEST_CASE_METHOD(canary_fixture, "three rounds without an end are silence, two are not",
                 "[gateway][unit]")
{
    bool const is_confirmed = GENERATE(true, false);
    round_trip(0us);
    for (int i = 0; i < 3; ++i) {
        CHECK(after(canary::period) == step::subscribe);
        if (is_confirmed) bird.on_subscribed();
        CHECK(after(0us) == (is_confirmed ? step::publish : step::nothing));
        CHECK(bird.state() == readiness::ready);
    }
    CHECK(after(canary::period - 1us) == step::nothing);
    CHECK(bird.state() == readiness::ready);
    CHECK(after(1us) == step::drop);
    CHECK(bird.state() == readiness::silent);
}

TEST_CASE_METHOD(canary_fixture, "a Redis that is slow, but sends each nonce, is ready",
                 "[gateway][unit]")
{
    // Each is on its way for five seconds, and two follow it meanwhile.
    publish(0us);
    int oldest = std::stoi(bird.nonce());
    publish(canary::period);
    publish(canary::period);
    for (int i = 0; i < 20; ++i) {
        now += 1s;
        bird.on_message(std::to_string(oldest++), now);
        CHECK(bird.state() == readiness::ready);
        CHECK(bird.round_trip() == 5s);
        publish(canary::period - 1s);
    }
}

TEST_CASE_METHOD(canary_fixture, "what is no nonce of a round that is missing proves nothing",
                 "[gateway][unit]")
{
    publish(0us);
    auto const nonce = bird.nonce();
    auto const next = std::to_string(std::stoi(nonce) + 1);
    for (auto const& payload :
         {std::string{}, std::string{"x"}, nonce + "x", " " + nonce, next, std::string{"0"},
          std::string{"-1"}, std::string{"99999999999999999999999"}}) {
        INFO(payload);
        bird.on_message(payload, now);
        CHECK(bird.state() == readiness::unproven);
    }
    bird.on_message(nonce, now + 5ms);
    CHECK(bird.state() == readiness::ready);
    bird.on_message(nonce, now + 9ms);  // a second time
    CHECK(bird.round_trip() == 5ms);
}

TEST_CASE_METHOD(canary_fixture, "a lost connection is known at once, and all begins anew after it",
                 "[gateway][unit]")
{
    bool const is_messages = GENERATE(true, false);
    auto const on_connection = [&](bool up) {
        is_messages ? bird.on_messages(up) : bird.on_commands(up);
    };
    round_trip(0us);
    publish(canary::period);
    auto const lost = bird.nonce();
    bird.on_subscribed();
    on_connection(false);
    CHECK(bird.state() == readiness::no_redis);
    CHECK(after(canary::period) == step::nothing);
    on_connection(true);
    CHECK(bird.state() == readiness::unproven);
    bird.on_message(lost, now);
    CHECK(bird.state() == readiness::unproven);
    round_trip(0us);
    CHECK(bird.state() == readiness::ready);
}

TEST_CASE_METHOD(canary_fixture, "silence outlives the connections that were dropped for it",
                 "[gateway][unit]")
{
    for (int i = 0; i < 3; ++i) CHECK(after(canary::period) == step::subscribe);
    CHECK(after(canary::period) == step::drop);
    bird.on_messages(false);
    bird.on_commands(false);
    CHECK(bird.state() == readiness::silent);

    SECTION("until one cannot be made again")
    {
        bird.on_commands(false);
        CHECK(bird.state() == readiness::no_redis);
    }
    SECTION("until a nonce comes")
    {
        bird.on_messages(true);
        bird.on_commands(true);
        publish(0us);
        CHECK(bird.state() == readiness::silent);
        bird.on_message(bird.nonce(), now);
        CHECK(bird.state() == readiness::ready);
    }
}

TEST_CASE_METHOD(canary_fixture, "a refusal is no silence, and is tried again with the period",
                 "[gateway][unit]")
{
    bool const is_publish = GENERATE(true, false);
    round_trip(0us);
    for (int i = 0; i < 9; ++i) {
        if (is_publish)
            publish(canary::period);
        else
            CHECK(after(canary::period) == step::subscribe);
        bird.on_refused();
        CHECK(bird.state() == readiness::refused);
        CHECK(after(0us) == step::nothing);
    }
    publish(canary::period);
    CHECK(bird.state() == readiness::refused);  // until it is proven
    bird.on_message(bird.nonce(), now);
    CHECK(bird.state() == readiness::ready);
}
