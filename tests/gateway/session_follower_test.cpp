// SPDX-License-Identifier: MIT
//
// The session mode (docs/protocol.md, Session mode).
#include "gateway/session_follower.hpp"

#include "pubsub/memory_broker.hpp"
#include "socketio/offered_namespaces.hpp"
#include "support/catch.hpp"
#include "support/memory_shard.hpp"
#include "support/memory_websocket.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace notify;
using namespace std::chrono_literals;
using strings = std::vector<std::string>;

namespace {

struct session_follower_fixture {
    explicit session_follower_fixture(hub_options const& options = {})
        : channels{broker, shard.clock, options}
    {
        offered.offer("/", handler);
        broker.come_up();
    }

    ~session_follower_fixture()
    {
        for (auto const& s : shard.context.sessions.all()) s->close(eio::close_reason::shutdown);
    }

    struct browser {
        boost::intrusive_ptr<test::memory_websocket> wire{new test::memory_websocket};
        test::session_ptr s;
    };

    browser open(std::string const& cookie)
    {
        browser b;
        auto request = cookie.empty()
                           ? nullptr
                           : std::make_unique<eio::handshake>("Cookie: " + cookie + "\r\n", 1);
        b.s = shard.open(b.wire, offered, {}, std::move(request));
        b.wire->say("40");
        return b;
    }

    browser following(std::string const& session)
    {
        browser b = open("theme=dark; sessionid=" + session);
        broker.confirm("notifications." + session);
        heard(b);
        return b;
    }

    strings heard(browser& b)
    {
        shard.end_turn();
        return b.wire->heard();
    }

    test::memory_shard shard;
    memory_broker broker;
    failed_subscriptions failed;
    hub channels;
    session_follower handler{channels, failed, {"sessionid", "notifications.{session}"}};
    sio::offered_namespaces offered;
};

}  // namespace

TEST_CASE_METHOD(session_follower_fixture, "a browser gets its session's messages as they are",
                 "[gateway][unit]")
{
    browser tab = following("a");
    browser stranger = following("b");
    CHECK(broker.subscribed == strings{"notifications.a", "notifications.b"});
    broker.publish("notifications.a", R"({"mark":"all"})");
    CHECK(heard(tab) == strings{R"(42["message","{\"mark\":\"all\"}"])"});
    CHECK(heard(stranger).empty());
}

TEST_CASE_METHOD(session_follower_fixture, "without a usable session there is no connection",
                 "[gateway][unit]")
{
    auto const cookie = GENERATE(as<std::string>{}, "", "other=1", "sessionid=", "sessionid=a/b",
                                 "sessionid=a%2Fb/", "sessionid=" + std::string(257, 'x'));
    CAPTURE(cookie);
    browser tab = open(cookie);
    CHECK(heard(tab) == strings{R"(44{"message":"no usable 'sessionid' cookie: log in first"})"});
    CHECK(broker.subscribed.empty());
}

TEST_CASE_METHOD(
    session_follower_fixture,
    "a page that knows no internal events learns of a gap by the end of its connection",
    "[gateway][unit]")
{
    browser tab = following("a");
    broker.go_down();
    shard.end_turn();
    CHECK_FALSE(tab.wire->ended);
    broker.come_up();
    broker.confirm("notifications.a");
    shard.end_turn();
    CHECK(tab.wire->ended == eio::close_reason::unsubscribed);
}

TEST_CASE_METHOD(session_follower_fixture, "a session that cannot be followed ends, and is counted",
                 "[gateway][unit]")
{
    browser tab = open("sessionid=a");
    bool const is_refused = GENERATE(true, false);
    if (is_refused)
        broker.refuse("notifications.a");
    else
        shard.pass(2'100ms);
    shard.end_turn();
    CHECK(tab.wire->ended == eio::close_reason::unsubscribed);
    strings told;
    failed.take_new([&](subscription_failure why, std::uint64_t n, std::string_view) {
        told.push_back(std::string{name_of(why)} + " " + std::to_string(n));
    });
    CHECK(told == strings{is_refused ? "refused 1" : "not_confirmed 1"});
}

TEST_CASE("of a message that is too large a page of the session mode hears nothing",
          "[gateway][unit]")
{
    hub_options options;
    options.max_message = 3;
    session_follower_fixture f{options};
    auto tab = f.following("a");
    f.broker.publish("notifications.a", "four");
    f.broker.publish("notifications.a", "Hey");
    CHECK(f.heard(tab) == strings{R"(42["message","Hey"])"});
    CHECK(f.channels.take_undelivered().too_large == 1);
}
