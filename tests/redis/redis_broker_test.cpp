// SPDX-License-Identifier: MIT
#include "redis/redis_broker.hpp"

#include "support/await.hpp"
#include "support/catch.hpp"
#include "support/redis_server.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace notify;
using namespace notify::redis;
using namespace std::chrono_literals;
using notify::test::redis_server;
using notify::test::run_until;

namespace {

struct broker_diary : broker::listener {
    void on_up() override
    {
        all.emplace_back("up");
        if (then_subscribe) then_subscribe();
    }
    void on_down() override { all.emplace_back("down"); }
    void on_subscribed(std::string_view channel) override
    {
        all.push_back("subscribed " + std::string{channel});
        ++confirmed;
    }
    void on_refused(std::string_view channel) override
    {
        all.push_back("refused " + std::string{channel});
        ++refused;
    }
    void on_passed_over(std::string_view channel, std::size_t bytes) override
    {
        all.push_back(std::string{channel} + ": " + std::to_string(bytes) + " bytes");
    }
    void on_message(std::string_view channel, std::string_view payload) override
    {
        all.push_back(std::string{channel} + ": " + std::string{payload});
        ++messages;
    }

    [[nodiscard]] bool has(std::string_view what) const
    {
        return std::find(all.begin(), all.end(), what) != all.end();
    }

    std::vector<std::string> all;
    std::size_t confirmed = 0;
    std::size_t refused = 0;
    std::size_t messages = 0;
    std::function<void()> then_subscribe;
};

struct own_diary : redis_broker::own_channel {
    void on_subscribed() override { all.emplace_back("subscribed"); }
    void on_refused(std::string_view why) override { all.push_back("refused " + std::string{why}); }
    void on_message(std::string_view payload) override { all.emplace_back(payload); }

    std::vector<std::string> all;
};

struct redis_broker_fixture {
    void connect(std::string const& url)
    {
        broker = std::make_unique<redis_broker>(context.get_executor(),
                                                parse_redis_url(url).value(), policy);
        broker->listen(listener);
        if (own) broker->add_own("own", *own);
        broker->on_state([this](bool, std::string_view why) { reason = why; });
        broker->start();
        REQUIRE(reaches("up"));
    }

    bool reaches(std::string_view what)
    {
        return run_until(context, [&] { return listener.has(what); });
    }

    void subscribe(std::vector<std::string_view> const& channels) { broker->subscribe(channels); }

    redis_server server;
    net::io_context context;
    redis_policy policy;
    broker_diary listener;
    own_diary* own = nullptr;
    std::unique_ptr<redis_broker> broker;
    std::string reason;
};

}  // namespace

TEST_CASE_METHOD(redis_broker_fixture,
                 "a channel's messages arrive once it is confirmed, as they were sent",
                 "[redis][integration]")
{
    connect(server.url());
    subscribe({"a", "b"});
    REQUIRE(reaches("subscribed b"));
    CHECK(listener.all == std::vector<std::string>{"up", "subscribed a", "subscribed b"});
    CHECK(server.number({"PUBLISH", "a", "hey\r\n\xff"}) == 1);
    CHECK(server.number({"PUBLISH", "c", "not for us"}) == 0);
    CHECK(server.number({"PUBLISH", "b", ""}) == 1);
    REQUIRE(reaches("b: "));
    CHECK(listener.has("a: hey\r\n\xff"));
    CHECK(listener.messages == 2);
}

TEST_CASE_METHOD(redis_broker_fixture,
                 "a channel with an owner of its own is kept from the listener",
                 "[redis][integration]")
{
    own_diary diary;
    own = &diary;
    connect(server.url());
    subscribe({"a", "own", "owner"});
    REQUIRE(reaches("subscribed owner"));
    server.command({"PUBLISH", "own", "for the owner"});
    server.command({"PUBLISH", "owner", "for the listener"});
    REQUIRE(reaches("owner: for the listener"));
    CHECK(diary.all == std::vector<std::string>{"subscribed", "for the owner"});
    CHECK(listener.all == std::vector<std::string>{"up", "subscribed a", "subscribed owner",
                                                   "owner: for the listener"});
}

TEST_CASE_METHOD(redis_broker_fixture, "the owner of a channel is told why Redis refuses it",
                 "[redis][integration]")
{
    own_diary diary;
    own = &diary;
    server.command({"ACL", "SETUSER", "app", "on", ">pw", "&allowed*", "+@all"});
    connect("redis://app:pw@127.0.0.1:" + std::to_string(server.port()));
    subscribe({"allowed-1", "own"});
    REQUIRE(reaches("subscribed allowed-1"));
    REQUIRE(run_until(context, [&] { return !diary.all.empty(); }));
    CHECK(diary.all.front().starts_with("refused \"NOPERM"));
    CHECK(listener.all == std::vector<std::string>{"up", "subscribed allowed-1"});
}

TEST_CASE_METHOD(redis_broker_fixture, "a channel that was given up is silent",
                 "[redis][integration]")
{
    connect(server.url());
    subscribe({"a", "b"});
    REQUIRE(reaches("subscribed b"));
    broker->unsubscribe("a");
    CHECK(run_until(context, [&] { return server.subscribers("a") == 0; }));
    CHECK(server.subscribers("b") == 1);
    broker->unsubscribe("b");  // the last one: Redis takes the connection for an ordinary one
    CHECK(run_until(context, [&] { return server.subscribers("b") == 0; }));
    subscribe({"a"});
    CHECK(run_until(context, [&] { return listener.confirmed == 3; }));
}

TEST_CASE_METHOD(redis_broker_fixture, "idle or busy, PINGs of a broker reach nobody",
                 "[redis][integration]")
{
    policy.ping_after = 20ms;
    connect(server.url());
    run_until(
        context, [] { return false; }, 100ms);  // before the first subscription
    subscribe({"a"});
    REQUIRE(reaches("subscribed a"));
    run_until(
        context, [] { return false; }, 100ms);
    broker->unsubscribe("a");
    run_until(
        context, [] { return false; }, 100ms);  // and after the last one
    CHECK(listener.all == std::vector<std::string>{"up", "subscribed a"});
    CHECK(broker->up());
}

TEST_CASE_METHOD(redis_broker_fixture,
                 "twenty thousand channels are confirmed again after Redis was killed",
                 "[redis][integration]")
{
    std::vector<std::string> names;
    for (int i = 0; i < 20'000; ++i)
        names.push_back("/app/user/" + std::to_string(i) + "/notifications");
    std::vector<std::string_view> const channels{names.begin(), names.end()};
    listener.then_subscribe = [&] { broker->subscribe(channels); };
    connect(server.url());
    REQUIRE(run_until(context, [&] { return listener.confirmed == channels.size(); }));
    server.kill();
    REQUIRE(reaches("down"));
    CHECK_FALSE(broker->up());
    server.start();
    REQUIRE(run_until(context, [&] { return listener.confirmed == 2 * channels.size(); }));
    CHECK(server.number({"PUBLISH", names[7], "again"}) == 1);
    CHECK(reaches(names[7] + ": again"));
}

TEST_CASE_METHOD(redis_broker_fixture, "messages arrive in order, also large ones",
                 "[redis][integration]")
{
    connect(server.url());
    subscribe({"a"});
    REQUIRE(reaches("subscribed a"));
    std::string const large(1 << 20, 'x');
    for (int i = 0; i < 300; ++i) {
        auto const text = i % 50 == 0 ? large : std::to_string(i);
        server.command({"PUBLISH", "a", text});
    }
    REQUIRE(run_until(context, [&] { return listener.messages == 300; }));
    for (int i = 0; i < 300; ++i)
        CHECK(listener.all[static_cast<std::size_t>(i) + 2] ==
              "a: " + (i % 50 == 0 ? large : std::to_string(i)));
}

TEST_CASE_METHOD(redis_broker_fixture,
                 "a refused channel is refused alone, and the connection stays",
                 "[redis][integration]")
{
    server.command({"ACL", "SETUSER", "app", "on", ">pw", "&allowed*", "+@all"});
    connect("redis://app:pw@127.0.0.1:" + std::to_string(server.port()));
    subscribe({"allowed-1"});
    subscribe({"forbidden"});
    subscribe({"allowed-2"});
    REQUIRE(reaches("subscribed allowed-2"));
    CHECK(listener.all == std::vector<std::string>{"up", "subscribed allowed-1",
                                                   "refused forbidden", "subscribed allowed-2"});
    CHECK(server.number({"PUBLISH", "allowed-1", "hey"}) == 1);
    CHECK(reaches("allowed-1: hey"));
}

TEST_CASE_METHOD(redis_broker_fixture,
                 "of many channels only those are refused that may not be had",
                 "[redis][integration]")
{
    server.command({"ACL", "SETUSER", "app", "on", ">pw", "&a*", "+@all"});
    connect("redis://app:pw@127.0.0.1:" + std::to_string(server.port()));
    std::vector<std::string> names;
    for (int i = 0; i < 1'700; ++i) names.push_back((i % 170 == 7 ? "b" : "a") + std::to_string(i));
    std::vector<std::string_view> const channels{names.begin(), names.end()};
    broker->subscribe(channels);
    broker->unsubscribe("b7");  // while it is asked for
    REQUIRE(run_until(context, [&] { return listener.confirmed + listener.refused == 1'700; }));
    CHECK(listener.refused == 10);
    CHECK(listener.has("refused b1537"));
    CHECK_FALSE(listener.has("down"));
    subscribe({"a"});
    CHECK(reaches("subscribed a"));
}

TEST_CASE_METHOD(redis_broker_fixture, "a message above the limit is passed over",
                 "[redis][integration]")
{
    policy.max_message = 1'000;
    connect(server.url());
    subscribe({"a"});
    REQUIRE(reaches("subscribed a"));
    server.command({"PUBLISH", "a", std::string(9 << 20, 'x')});
    server.command({"PUBLISH", "a", "small"});
    REQUIRE(reaches("a: small"));
    CHECK(listener.has("a: 9437184 bytes"));
    CHECK(listener.messages == 1);
    CHECK_FALSE(listener.has("down"));
}

TEST_CASE_METHOD(redis_broker_fixture, "the loss of a master is told as that, and no other loss",
                 "[redis][integration]")
{
    policy.ping_after = 50ms;
    connect(server.url() + "/1");
    bool wrong = false;
    broker->on_wrong_server([&](std::string_view) { wrong = true; });
    subscribe({"a"});
    REQUIRE(reaches("subscribed a"));
    server.command({"CLIENT", "KILL", "TYPE", "pubsub"});
    REQUIRE(reaches("down"));
    CHECK_FALSE(wrong);
    REQUIRE(run_until(context, [&] { return broker->up(); }));
    subscribe({"b"});
    REQUIRE(reaches("subscribed b"));
    server.command({"CONFIG", "SET", "replica-serve-stale-data", "no"});
    server.command({"REPLICAOF", "127.0.0.1", "1"});  // of nobody: MASTERDOWN
    CHECK(run_until(context, [&] { return wrong && !broker->up(); }));
    CHECK_THAT(reason, Catch::Contains("MASTERDOWN"));
}
