// SPDX-License-Identifier: MIT
//
// A uuid that is asked about while Redis is away: it works once, so it should not be
// lost to a restart that takes a moment.
#include "identity/uuid_questions.hpp"

#include "support/await.hpp"
#include "support/redis_server.hpp"

#include "support/catch.hpp"

#include <optional>

using namespace notify;
using namespace std::chrono_literals;
using notify::test::await;
using notify::test::run_until;

namespace {

struct asker final : identity_listener {
    void on_identity(identity_answer const& who) override
    {
        told = who ? who->text()
                   : std::string{name_of(who.error().code)} + ": " + who.error().for_log();
    }
    std::string told;
};

struct away_fixture {
    away_fixture()
    {
        client.start();
        REQUIRE(await(loop, client.ready()));
        server.command({"SET", "cookie-u", R"({"userId":"7"})"});
        lose_connection();
    }

    // Redis goes on, and lets the client in again at its next try.
    void lose_connection()
    {
        server.command({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
        REQUIRE(run_until(loop, [&] { return !client.up(); }));
    }

    uuid_questions questions(std::chrono::milliseconds patience)
    {
        return {client, "cookie-", patience};
    }

    test::redis_server server;
    net::io_context loop;
    redis::redis_client client{loop.get_executor(), redis::parse_redis_url(server.url()).value()};
};

}  // namespace

TEST_CASE_METHOD(away_fixture, "a uuid asked while the connection to Redis comes back is answered",
                 "[identity][integration]")
{
    auto asked = questions(10s);
    asker a;
    asked.ask("u", a);
    CHECK(a.told.empty());
    REQUIRE(run_until(loop, [&] { return !a.told.empty(); }));
    CHECK(a.told == "7");
}

TEST_CASE_METHOD(away_fixture, "a uuid asked by somebody who has gone is not used up",
                 "[identity][integration]")
{
    auto asked = questions(10s);
    asker stays;
    {
        asker goes;
        asked.ask("u", goes);
        asked.ask("unknown", stays);
    }
    REQUIRE(run_until(loop, [&] { return !stays.told.empty(); }));
    CHECK(server.number({"EXISTS", "cookie-u"}) == 1);
}

TEST_CASE_METHOD(away_fixture, "a uuid waits for Redis no longer than is patient",
                 "[identity][integration]")
{
    server.kill();
    auto asked = questions(100ms);
    asker a;
    auto const began = std::chrono::steady_clock::now();
    asked.ask("u", a);
    REQUIRE(run_until(loop, [&] { return !a.told.empty(); }));
    CHECK(std::chrono::steady_clock::now() - began >= 100ms);
    CHECK(a.told == "USER_ID_RETRIEVAL_RETURNED_ERROR: Redis was not back within 100 ms");
}

TEST_CASE_METHOD(away_fixture, "what waits for Redis is bounded, and no uuid does not wait",
                 "[identity][integration]")
{
    server.kill();
    auto asked = questions(1h);
    std::vector<asker> crowd(uuid_questions::max_waiting);
    for (asker& a : crowd) asked.ask("u", a);
    asker late;
    asked.ask("u", late);
    CHECK_THAT(late.told, Catch::Contains("10000 questions already wait for Redis"));
    asker odd;
    asked.ask("a b", odd);
    REQUIRE(run_until(loop, [&] { return !odd.told.empty(); }));
    CHECK(odd.told == "USERID_IS_NULL: this is no uuid");
    CHECK(crowd.front().told.empty());
    asked.stop();
    CHECK_THAT(crowd.back().told, Catch::EndsWith("shutting down"));
}
