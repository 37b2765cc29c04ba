// SPDX-License-Identifier: MIT
#include "redis/redis_client.hpp"

#include "support/await.hpp"
#include "support/catch.hpp"
#include "support/redis_server.hpp"

using namespace notify;
using namespace notify::redis;
using namespace std::chrono_literals;
using notify::test::await;
using notify::test::redis_server;
using notify::test::run_until;

namespace {

struct redis_client_fixture {
    redis_client& connect(std::string const& url)
    {
        client = std::make_unique<redis_client>(context.get_executor(),
                                                parse_redis_url(url).value(), policy, limits);
        client->start();
        return *client;
    }

    // Remembers what the handler was given, as text.
    redis_client::handler noting()
    {
        return [this](result<reply_view> const& r) {
            if (!r)
                told.push_back("error: " + r.error().message);
            else
                told.push_back(r->is_integer() ? std::to_string(r->integer())
                                               : std::string{r->text()});
        };
    }

    bool told_all(std::size_t n)
    {
        return run_until(context, [&] { return told.size() == n; });
    }

    redis_server server;
    net::io_context context;
    redis_policy policy;
    redis_client_options limits;
    std::unique_ptr<redis_client> client;
    std::vector<std::string> told;
};

}  // namespace

TEST_CASE_METHOD(redis_client_fixture, "each command gets its own reply", "[redis][integration]")
{
    auto& c = connect(server.url());
    REQUIRE(await(context, c.ready()));
    c.command({"SET", "k", "v"}, noting());
    c.command({"NOSUCHCOMMAND"}, noting());
    c.command({"GET", "k"}, noting());
    CHECK(c.pending() == 3);
    CHECK(told.empty());
    REQUIRE(told_all(3));
    CHECK(told[0] == "OK");
    CHECK_THAT(told[1], Catch::StartsWith("ERR unknown"));
    CHECK(told[2] == "v");
    CHECK(c.pending() == 0);
}

TEST_CASE_METHOD(redis_client_fixture, "a coroutine gets a reply of its own",
                 "[redis][integration]")
{
    auto& c = connect(server.url());
    REQUIRE(await(context, c.ready()));
    auto const made = await(context, c.async_command({"RPUSH", "l", "a", "b"}));
    REQUIRE(made.has_value());
    CHECK(made->view().integer() == 2);
    auto const list = await(context, c.async_command({"LRANGE", "l", "0", "-1"}));
    REQUIRE(list.has_value());
    CHECK(list->view()[1].text() == "b");
}

TEST_CASE_METHOD(redis_client_fixture, "ready() says why Redis was not reached",
                 "[redis][integration]")
{
    server.kill();
    policy.keep_trying = GENERATE(false, true);
    auto& c = connect(server.url());
    auto const r = await(context, c.ready());
    REQUIRE_FALSE(r);
    CHECK_THAT(r.error().message, Catch::EndsWith("Connection refused"));
    if (!policy.keep_trying) CHECK_FALSE(await(context, c.ready()));  // and says it again

    c.command({"PING"}, noting());
    CHECK(told.empty());  // not from within command()
    REQUIRE(told_all(1));
    CHECK_THAT(told[0], Catch::Contains("is not reachable: Redis: cannot connect to"));
}

TEST_CASE_METHOD(redis_client_fixture, "commands before the first contact fail at once",
                 "[redis][integration]")
{
    connect(server.url()).command({"PING"}, noting());
    REQUIRE(told_all(1));
    CHECK_THAT(told[0], Catch::EndsWith("is not reached yet"));
}

TEST_CASE_METHOD(redis_client_fixture,
                 "pending commands fail when Redis goes away, later ones work again",
                 "[redis][integration]")
{
    auto& c = connect(server.url());
    std::vector<std::string> states;
    c.on_state([&](bool up, std::string_view why) {
        states.push_back(up ? "up" : "down: " + std::string{why});
    });
    REQUIRE(await(context, c.ready()));
    server.freeze();
    c.command({"PING"}, noting());
    c.command({"PING"}, noting());
    run_until(
        context, [] { return false; }, 20ms);
    server.kill();
    REQUIRE(told_all(2));
    CHECK_THAT(told[0], Catch::StartsWith("error: ") && Catch::Contains("Redis at 127.0.0.1:"));
    CHECK(told[1] == told[0]);
    CHECK_FALSE(c.up());

    server.start();
    REQUIRE(run_until(context, [&] { return c.up(); }));
    c.command({"PING"}, noting());
    REQUIRE(told_all(3));
    CHECK(told[2] == "PONG");
    CHECK(states.front() == "up");
    CHECK(states.back() == "up");
    CHECK_THAT(states[1], Catch::StartsWith("down: "));
}

TEST_CASE_METHOD(redis_client_fixture,
                 "a missed deadline ends the connection, so that no reply goes astray",
                 "[redis][integration]")
{
    limits.reply_within = 400ms;
    auto& c = connect(server.url());
    REQUIRE(await(context, c.ready()));
    server.freeze();
    c.command({"ECHO", "late"}, noting());
    run_until(
        context, [] { return false; }, 50ms);
    c.command({"ECHO", "later"}, noting());
    REQUIRE(told_all(2));
    CHECK_THAT(told[0], Catch::EndsWith("has not answered within 400 ms"));

    server.thaw();
    REQUIRE(run_until(context, [&] { return c.up(); }));
    c.command({"ECHO", "new"}, noting());
    REQUIRE(told_all(3));
    CHECK(told[2] == "new");
}

TEST_CASE_METHOD(redis_client_fixture, "deadlines are counted from each command",
                 "[redis][integration]")
{
    limits.reply_within = 1s;
    auto& c = connect(server.url());
    REQUIRE(await(context, c.ready()));
    c.command({"PING"}, noting());
    REQUIRE(told_all(1));
    run_until(
        context, [] { return false; }, 600ms);
    server.freeze();
    c.command({"ECHO", "slow"}, noting());
    run_until(
        context, [] { return false; }, 600ms);  // past the deadline of the first one
    CHECK(c.up());
    server.thaw();
    REQUIRE(told_all(2));
    CHECK(told[1] == "slow");
}

TEST_CASE_METHOD(redis_client_fixture, "the queue of commands is bounded", "[redis][integration]")
{
    limits.max_pending = 2;
    auto& c = connect(server.url());
    REQUIRE(await(context, c.ready()));
    for (int i = 0; i < 3; ++i) c.command({"PING"}, noting());
    REQUIRE(told_all(3));
    CHECK(std::count(told.begin(), told.end(), "PONG") == 2);
    CHECK(std::any_of(told.begin(), told.end(), [](auto const& t) {
        return t.starts_with("error: 2 commands already wait for Redis at");
    }));
}

TEST_CASE_METHOD(redis_client_fixture, "a client that is destroyed forgets its handlers",
                 "[redis][integration]")
{
    auto& c = connect(server.url());
    REQUIRE(await(context, c.ready()));
    c.command({"PING"}, noting());
    if (GENERATE(false, true)) server.kill();
    client.reset();
    context.restart();
    context.run_for(5s);
    CHECK(context.stopped());
    CHECK(told.empty());
}
