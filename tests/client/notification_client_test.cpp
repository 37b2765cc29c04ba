// SPDX-License-Identifier: MIT
#include "client/notification_client.hpp"

#include "client/scripted_gateway.hpp"
#include "support/await.hpp"
#include "support/catch.hpp"

#include <vector>

using namespace notify;
using namespace std::chrono_literals;
using notify::test::await;
using notify::test::peer;
using notify::test::scripted_gateway;

namespace {

using ending = notification_client::ending;

// Writes down what happens, and stops the client after so many notifications.
struct diary : notification_listener {
    void on_subscribed() override { pages.push_back("subscribed"); }
    void on_notification(notification n) override
    {
        pages.push_back("got " + n.message + (n.where ? " at " + to_text(*n.where) : ""));
        if (--wanted == 0) client->stop();
    }
    void on_position(position const& where) override { pages.push_back("at " + to_text(where)); }
    void on_gap() override { pages.push_back("gap"); }
    void on_missed(std::string const&) override {}
    void on_lost(std::string const& why, std::chrono::milliseconds pause) override
    {
        pages.push_back("lost: " + why);
        pauses.push_back(pause);
    }

    std::vector<std::string> pages;
    std::vector<std::chrono::milliseconds> pauses;
    int wanted = 1;
    notification_client* client = nullptr;
};

struct notification_client_fixture {
    explicit notification_client_fixture(std::vector<scripted_gateway::script> scripts)
        : gateway(context, std::move(scripts))
    {
    }

    ending run(client_identity identity, std::string since = {})
    {
        notification_client client{context.get_executor(), gateway.url(), std::move(identity),
                                   happened, std::move(since)};
        happened.client = &client;
        return await(context, client.run());
    }

    // An identity with a new uuid each time: u1, u2, …
    client_identity uuids()
    {
        client_identity id;
        id.next_uuid = [this]() -> net::awaitable<result<std::string>> {
            co_return result<std::string>{boost::system::in_place_value,
                                          fmt::format("u{}", ++minted)};
        };
        return id;
    }

    net::io_context context;
    scripted_gateway gateway;
    diary happened;
    int minted = 0;
};

std::vector<std::string> const one_message{"subscribed", "got Hey"};

net::awaitable<void> tell_hey(peer& p)
{
    co_await p.subscribe();
    co_await p.notify("Hey");
    co_await p.receive();
}

}  // namespace

TEST_CASE("a client says who it is by a uuid and gets what is sent", "[client][unit]")
{
    std::string connect;
    auto const script = [&connect](peer& p) -> net::awaitable<void> {
        connect = co_await p.subscribe();
        co_await p.notify("Hey");
        co_await p.receive();
    };
    notification_client_fixture f{{script}};
    CHECK(f.run(f.uuids()).what == ending::kind::stopped);
    CHECK(f.happened.pages == one_message);
    CHECK(connect == R"(40/io/user/notifications,{"uuid":"u1"})");
}

TEST_CASE("a client says who it is by its cookies", "[client][unit]")
{
    std::string connect;
    std::string cookie;
    auto const script = [&](peer& p) -> net::awaitable<void> {
        connect = co_await p.subscribe();
        cookie = p.request[boost::beast::http::field::cookie];
        co_await p.notify("Hey");
        co_await p.receive();
    };
    notification_client_fixture f{{script}};
    client_identity id;
    id.cookie = "sessionid=abc";
    CHECK(f.run(id).what == ending::kind::stopped);
    CHECK(connect == R"(40/io/user/notifications,{"cookies":true})");
    CHECK(cookie == "sessionid=abc");
}

TEST_CASE("nothing is told after stop", "[client][unit]")
{
    auto const script = [](peer& p) -> net::awaitable<void> {
        co_await p.subscribe();
        co_await p.write(
            peer::frame(R"(42/io/user/notifications,["notification",{"message":"Hey"}])") +
            peer::frame(R"(42/io/user/notifications,["notification",{"message":"2"}])"));
        co_await p.receive();
    };
    notification_client_fixture f{{script}};
    CHECK(f.run(f.uuids()).what == ending::kind::stopped);
    CHECK(f.happened.pages == one_message);
}

TEST_CASE("a refusal of the first connection is final", "[client][unit]")
{
    auto const script = [](peer& p) -> net::awaitable<void> {
        co_await p.welcome();
        co_await p.internal("error", "USERID_IS_NULL");
        co_await p.receive();
    };
    notification_client_fixture f{{script}};
    auto const end = f.run(f.uuids());
    CHECK(end.what == ending::kind::refused);
    CHECK(end.why == "USERID_IS_NULL: m");
    CHECK(f.happened.pages.empty());
}

TEST_CASE("a gateway that cannot be reached at first is final", "[client][unit]")
{
    auto const script = [](peer& p) -> net::awaitable<void> { co_await p.accept(); };
    notification_client_fixture f{{script}};
    auto const end = f.run(f.uuids());
    CHECK(end.what == ending::kind::unreachable);
    CHECK(end.why == "the gateway closed the connection");
}

TEST_CASE("an identity that cannot be had at first is final", "[client][unit]")
{
    auto const script = [](peer& p) -> net::awaitable<void> {
        co_await p.accept();
        co_await p.receive();
    };
    notification_client_fixture f{{script}};
    client_identity id;
    id.next_uuid = []() -> net::awaitable<result<std::string>> { co_return error{"no Redis"}; };
    auto const end = f.run(id);
    CHECK(end.what == ending::kind::unreachable);
    CHECK(end.why == "no Redis");
}

TEST_CASE("after a loss the client comes back with a new uuid, also if refused once",
          "[client][unit]")
{
    std::vector<std::string> connects;
    auto const lose = [&](peer& p) -> net::awaitable<void> {
        connects.push_back(co_await p.subscribe());
        co_await p.send("1");
        co_await p.receive();
    };
    auto const refuse = [&](peer& p) -> net::awaitable<void> {
        connects.push_back(co_await p.welcome());
        co_await p.internal("error", "USERID_IS_NULL");
        co_await p.receive();
    };
    auto const tell = [&](peer& p) -> net::awaitable<void> {
        connects.push_back(co_await p.subscribe());
        co_await p.notify("Hey");
        co_await p.receive();
    };
    notification_client_fixture f{{lose, refuse, tell}};
    auto const start = std::chrono::steady_clock::now();
    CHECK(f.run(f.uuids()).what == ending::kind::stopped);
    CHECK(f.happened.pages ==
          std::vector<std::string>{"subscribed", "lost: the gateway ended the session",
                                   "lost: USERID_IS_NULL: m", "subscribed", "got Hey"});
    CHECK(connects == std::vector<std::string>{R"(40/io/user/notifications,{"uuid":"u1"})",
                                               R"(40/io/user/notifications,{"uuid":"u2"})",
                                               R"(40/io/user/notifications,{"uuid":"u3"})"});
    CHECK(f.happened.pauses.at(1) >= 1s);  // the second pause is longer
    CHECK(std::chrono::steady_clock::now() - start >= f.happened.pauses[0] + f.happened.pauses[1]);
}

TEST_CASE("an identity that works once does not come back", "[client][unit]")
{
    auto const script = [](peer& p) -> net::awaitable<void> {
        co_await p.subscribe();
        co_await p.send("1");
    };
    notification_client_fixture f{{script, tell_hey}};
    auto id = f.uuids();
    id.lasting = false;
    auto const end = f.run(id);
    CHECK(end.what == ending::kind::unreachable);
    CHECK(end.why == "the gateway ended the session");
    CHECK(f.happened.pages == std::vector<std::string>{"subscribed"});
}

TEST_CASE("a gateway that falls silent is left, and pings keep it", "[client][unit]")
{
    std::vector<std::string> pongs;
    auto const script = [&](peer& p) -> net::awaitable<void> {
        co_await p.subscribe(100, 200);
        for (int i = 0; i < 3; ++i) {
            co_await p.send("2");
            pongs.push_back(co_await p.receive());
        }
        pongs.push_back(co_await p.receive());
    };
    notification_client_fixture f{{script, tell_hey}};
    CHECK(f.run(f.uuids()).what == ending::kind::stopped);
    CHECK(pongs == std::vector<std::string>{"3", "3", "3", "(end)"});
    CHECK(f.happened.pages.at(1) == "lost: no sign of life from the gateway for 0.3 s");
}

TEST_CASE("stop() ends the pause before another try", "[client][unit]")
{
    auto const from_within = GENERATE(true, false);
    struct quitter : diary {
        void on_missed(std::string const&) override {}
        void on_lost(std::string const& why, std::chrono::milliseconds pause) override
        {
            diary::on_lost(why, pause);
            if (at_once) return client->stop();
            soon.expires_after(50ms);
            soon.async_wait([this](error_code const&) { client->stop(); });
        }
        explicit quitter(net::io_context& context) : soon(context) {}
        net::steady_timer soon;
        bool at_once = true;
    };
    auto const script = [](peer& p) -> net::awaitable<void> {
        co_await p.subscribe();
        co_await p.send("1");
    };
    net::io_context context;
    scripted_gateway const gateway{context, {script}};
    quitter q{context};
    q.at_once = from_within;
    client_identity id;
    id.cookie = "a=1";
    notification_client client{context.get_executor(), gateway.url(), id, q};
    q.client = &client;
    auto const start = std::chrono::steady_clock::now();
    CHECK(await(context, client.run()).what == ending::kind::stopped);
    CHECK(q.pages.size() == 2);
    CHECK(std::chrono::steady_clock::now() - start < q.pauses.at(0));
}

TEST_CASE("a client comes back to where it stood in the log", "[client][unit]")
{
    std::vector<std::string> connects;
    auto const tell = [&](peer& p) -> net::awaitable<void> {
        connects.push_back(co_await p.welcome());
        co_await p.send(R"(42/io/user/notifications,["notification",{"message":"old"},"1-4-40"])");
        co_await p.send(
            R"(42/io/user/notifications,["internal",{"type":"success","code":"SUBSCRIPTION_OK","message":"m"},"1-4-40"])");
        co_await p.notify("live");
        co_await p.send("1");
        co_await p.receive();
    };
    auto const gap = [&](peer& p) -> net::awaitable<void> {
        connects.push_back(co_await p.welcome());
        co_await p.internal("error", "GAP");
        co_await p.send(R"(42/io/user/notifications,["notification",{"message":"new"},"1-9-90"])");
        co_await p.receive();
    };
    notification_client_fixture f{{tell, gap}};
    f.happened.wanted = 3;
    CHECK(f.run(f.uuids(), "10m").what == ending::kind::stopped);
    CHECK(f.happened.pages == std::vector<std::string>{"got old at 1-4-40", "at 1-4-40",
                                                       "subscribed", "got live",
                                                       "lost: the gateway ended the session", "gap",
                                                       "got new at 1-9-90"});
    CHECK(connects ==
          std::vector<std::string>{R"(40/io/user/notifications,{"uuid":"u1","since":"10m"})",
                                   R"(40/io/user/notifications,{"uuid":"u2","since":"1-4-40"})"});
}

TEST_CASE("a gateway that does not say where its client stands is asked for the past once",
          "[client][unit]")
{
    std::vector<std::string> connects;
    auto const lose = [&](peer& p) -> net::awaitable<void> {
        connects.push_back(co_await p.subscribe());
        co_await p.send("1");
        co_await p.receive();
    };
    auto const tell = [&](peer& p) -> net::awaitable<void> {
        connects.push_back(co_await p.subscribe());
        co_await p.notify("Hey");
        co_await p.receive();
    };
    notification_client_fixture f{{lose, tell}};
    CHECK(f.run(f.uuids(), "all").what == ending::kind::stopped);
    CHECK(connects ==
          std::vector<std::string>{R"(40/io/user/notifications,{"uuid":"u1","since":"all"})",
                                   R"(40/io/user/notifications,{"uuid":"u2","since":"latest"})"});
}
