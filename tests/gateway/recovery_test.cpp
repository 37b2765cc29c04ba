// SPDX-License-Identifier: MIT
//
// Clients that come back after a cut, as the library of npm does it: with the pid and the last
// offset that they were given.
#include "support/catch.hpp"

#include "gateway/notifications_fixture.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace notify;
using namespace notify::test;
using namespace std::chrono_literals;

namespace {

using strings = std::vector<std::string>;

// What a client of npm knows of its connection.
struct known {
    std::string sid;
    std::string pid;
    std::string offset;
};

struct recovery_fixture : notifications_fixture {
    explicit recovery_fixture(milliseconds user_timeout = 0ms)
        : notifications_fixture{user_timeout, {}, 120s}
    {
        log.now = static_cast<std::uint64_t>(unix_now) * 1'000'000;
    }

    // Notes what the packets tell an npm client, which keeps events until CONNECT is answered and
    // takes the last text of each as its offset. Returns the codes and messages in order.
    static strings take(tab& t, known& k)
    {
        strings told;
        for (std::string const& p : t.heard_all()) {
            if (p == "2") continue;  // a ping
            auto const body = parse_json(std::string_view{p}.substr(2)).value();
            if (p.starts_with("40")) {
                bool const recovered = body.contains("pid") && body["pid"] == k.pid;
                k.sid = body["sid"];
                k.pid = body.value("pid", "");
                told.push_back(k.pid.empty() ? "connect" : recovered ? "recovered" : "pid");
            } else if (p.starts_with("42")) {
                std::string const name = body[0];
                told.push_back(name == "internal"       ? body[1].value("code", "")
                               : name == "notification" ? body[1].value("message", "")
                                                        : name);
                if (body.back().is_string() && body.size() > 1) k.offset = body.back();
            }
        }
        return told;
    }

    static std::string auth(known const& k, std::string const& rest = R"("cookies":true)")
    {
        json j = parse_json("{" + rest + "}").value();
        if (!k.pid.empty()) j["pid"] = k.pid;
        if (!k.offset.empty()) j["offset"] = k.offset;
        return to_text(j);
    }

    // A client that has become this user's by its cookies, and knows how to come back.
    known follow(char const* user, std::string const& headers = cookie)
    {
        known k;
        tab t = open(headers);
        t.connect(R"({"cookies":true})");
        who.answer(user);
        confirm(user);
        read();
        CHECK(take(t, k) == strings{"pid", "SUBSCRIPTION_OK"});
        cut(t);
        return k;
    }

    static void cut(tab const& t) { t.s->close(eio::close_reason::transport_closed); }

    static inline std::string const cookie = "Cookie: sid=1\r\nUser-Agent: x\r\n";
};

}  // namespace

TEST_CASE_METHOD(recovery_fixture,
                 "CONNECT is answered with a pid when the client is subscribed, and all ends with "
                 "an offset",
                 "[gateway][unit]")
{
    tab t = open(cookie);
    t.connect(R"({"cookies":true})");
    CHECK(t.heard_all().empty());
    who.answer("7");
    CHECK(t.heard_all().empty());
    confirm("7");
    read();
    auto const first = t.heard_all();
    REQUIRE(first.size() == 2);
    CHECK(first[0].starts_with(R"(40{"sid":")"));
    CHECK(first[0].find(R"(","pid":"1.)") != std::string::npos);
    std::string const begin = to_text(log.log_of(channel_of("7")).back().where);
    CHECK(first[1] == R"(42["internal",)" + subscribed + ",\"" + begin + "\"]");

    position const at = send("7", "Hey");
    CHECK(t.heard_all() == strings{R"(42["notification",{"id":")" + id_of(at) + R"(","at":)" +
                                   std::to_string(at.at) + R"(,"unread":1,"message":"Hey"},")" +
                                   to_text(at) + "\"]"});
    // What was not stored has no place in the log.
    publish("7", "live");
    CHECK(t.heard_all() == strings{R"(42["notification",{"message":"live"}])"});
}

TEST_CASE_METHOD(
    recovery_fixture,
    "who comes back is who it was, gets what it missed before its CONNECT is answered, "
    "and nobody is asked",
    "[gateway][unit]")
{
    known k = follow("7");
    known const before = k;
    send("7", "a");
    send("7", "b");
    who.asked.clear();

    tab t = open(cookie);
    t.connect(auth(k));
    read();
    CHECK(take(t, k) == strings{"a", "b", "recovered", "SUBSCRIPTION_OK"});
    CHECK(k.sid == before.sid);
    CHECK(who.asked.empty());
    send("7", "c");
    CHECK(take(t, k) == strings{"c"});
}

TEST_CASE_METHOD(recovery_fixture, "a client comes back any number of times, far beyond one window",
                 "[gateway][unit]")
{
    known k = follow("7");
    who.asked.clear();
    for (int i = 0; i < 20; ++i) {
        unix_now += 100;
        strings expected{"recovered", "SUBSCRIPTION_OK"};
        if (i % 3 == 0) {
            send("7", "x");
            expected.insert(expected.begin(), "x");
        }
        tab t = open(cookie);
        t.connect(auth(k));
        confirm("7");
        read();
        REQUIRE(take(t, k) == expected);
        cut(t);
    }
    CHECK(who.asked.empty());
}

TEST_CASE_METHOD(recovery_fixture, "heartbeats keep a silent client's window open",
                 "[gateway][unit]")
{
    known k;
    tab t = open(cookie);
    t.connect(R"({"cookies":true})");
    who.answer("7");
    confirm("7");
    read();
    take(t, k);
    std::string const offset = k.offset;
    shard.pass(5s);
    unix_now += 200;
    shard.pass(shard.context.options.ping_interval);
    CHECK(take(t, k) == strings{"offset"});
    CHECK(k.offset.starts_with(offset + "." + std::to_string(unix_now) + "."));
    cut(t);
    unix_now += 119;

    tab again = open(cookie);
    again.connect(auth(k));
    read();
    CHECK(take(again, k).front() == "recovered");
}

TEST_CASE_METHOD(recovery_fixture, "after the window a client is a new one, and is asked for",
                 "[gateway][unit]")
{
    known k = follow("7");
    known const before = k;
    send("7", "a");
    unix_now += 121;
    who.asked.clear();
    tab t = open(cookie);
    t.connect(auth(k));
    CHECK(who.asked == strings{"cookies sid=1"});
    who.answer("7");
    read();
    CHECK(take(t, k) == strings{"pid", "SUBSCRIPTION_OK"});
    CHECK(k.sid != before.sid);
    CHECK(k.pid != before.pid);
}

TEST_CASE_METHOD(recovery_fixture, "a position that nobody has signed does not open the window",
                 "[gateway][unit]")
{
    known k = follow("7");
    unix_now += 121;
    k.offset = to_text(send("7", "a"));
    who.asked.clear();
    tab t = open(cookie);
    t.connect(auth(k));
    CHECK(who.asked.size() == 1);
}

TEST_CASE_METHOD(recovery_fixture, "what a stranger makes up is no pid", "[gateway][unit]")
{
    known const mine = follow("7");
    known const yours = follow("8");
    std::size_t const dot = mine.pid.rfind('.');
    who.asked.clear();
    std::vector<json> const made_up{
        "",
        7,
        nullptr,
        json::array(),
        {{"a", 1}},
        "1.2.3",
        yours.pid.substr(0, dot) + mine.pid.substr(dot),
        mine.pid + "A",
        std::string(500'000, 'x'),
        "1." + std::string(20, '\0'),
    };
    for (json const& pid : made_up) {
        json auth = {{"cookies", true}, {"pid", pid}, {"offset", mine.offset}};
        tab t = open(cookie);
        t.connect(to_text(auth));
        CHECK(who.asked == strings{"cookies sid=1"});
        who.asked.clear();
        who.answer("7");
        read();
        known k;
        CHECK(take(t, k) == strings{"pid", "SUBSCRIPTION_OK"});
        CHECK(k.sid != mine.sid);
    }
}

TEST_CASE_METHOD(recovery_fixture, "an offset may be anything: what is no position is a gap",
                 "[gateway][unit]")
{
    known const k = follow("7");
    send("7", "a");
    who.asked.clear();
    for (json const& offset :
         std::vector<json>{"", 7, nullptr, json::array(), "1-2", "0-0-0", std::string(500'000, '9'),
                           "1732657160000-17-1732657161234567", "9-9-9.1.x"}) {
        json auth = {{"cookies", true}, {"pid", k.pid}, {"offset", offset}};
        tab t = open(cookie);
        t.connect(to_text(auth));
        read();
        known now;
        strings const told = take(t, now);
        CHECK(told == strings{"pid", "GAP", "a", "SUBSCRIPTION_OK"});
        CHECK(now.pid != k.pid);
        CHECK(who.asked.empty());
    }
}

TEST_CASE_METHOD(recovery_fixture, "another user's offset behind one's own pid gives nothing of it",
                 "[gateway][unit]")
{
    known k = follow("7");
    known const other = follow("8");
    send("8", "secret");
    send("7", "mine");
    k.offset = other.offset;
    tab t = open(cookie);
    t.connect(auth(k));
    read();
    strings const told = take(t, k);
    CHECK(std::find(told.begin(), told.end(), "secret") == told.end());
    CHECK(std::find(told.begin(), told.end(), "GAP") != told.end());
}

TEST_CASE_METHOD(recovery_fixture,
                 "where the log has lost the position the user is known still, and told of the gap",
                 "[gateway][unit]")
{
    known k = follow("7");
    known const before = k;
    send("7", "a");
    send("7", "b");
    send("7", "c");
    log.trim(channel_of("7"), 1);
    who.asked.clear();
    tab t = open(cookie);
    t.connect(auth(k));
    read();
    CHECK(take(t, k) == strings{"pid", "GAP", "c", "SUBSCRIPTION_OK"});
    CHECK(k.sid != before.sid);
    CHECK(who.asked.empty());
    cut(t);

    log.expire(channel_of("7"));
    tab again = open(cookie);
    again.connect(auth(k));
    read();
    CHECK(take(again, k) == strings{"pid", "GAP", "SUBSCRIPTION_OK"});
}

TEST_CASE_METHOD(recovery_fixture, "with other cookies the web app is asked who it is now",
                 "[gateway][unit]")
{
    known k = follow("7");
    send("7", "a");
    who.asked.clear();
    tab t = open("Cookie: sid=2\r\n");
    t.connect(auth(k));
    CHECK(who.asked == strings{"cookies sid=2"});
    SECTION("the same user comes back")
    {
        who.answer("7");
        read();
        CHECK(take(t, k) == strings{"a", "recovered", "SUBSCRIPTION_OK"});
    }
    SECTION("another user is a new client")
    {
        who.answer("8");
        confirm("8");
        read();
        CHECK(take(t, k) == strings{"pid", "SUBSCRIPTION_OK"});
    }
    SECTION("nobody is refused, and has no pid any more")
    {
        who.refuse(internal_code::cookies_refused, "nobody is logged in");
        CHECK(take(t, k) == strings{"connect", "SUBSCRIBE_BY_COOKIES_ERROR"});
    }
}

TEST_CASE_METHOD(recovery_fixture, "another network or browser version is the same user",
                 "[gateway][unit]")
{
    known k = follow("7");
    who.asked.clear();
    tab t = open("Cookie: sid=1\r\nUser-Agent: y\r\nX-Forwarded-For: 192.0.2.9\r\n");
    t.connect(auth(k));
    read();
    CHECK(take(t, k).front() == "recovered");
    CHECK(who.asked.empty());
}

TEST_CASE_METHOD(recovery_fixture, "a uuid is not asked about when its user comes back",
                 "[gateway][unit]")
{
    known k;
    tab t = open();
    t.connect(R"({"uuid":"u"})");
    who.answer("7");
    confirm("7");
    read();
    take(t, k);
    cut(t);
    who.asked.clear();
    for (char const* const rest : {R"("uuid":"u")", R"("uuid":"fresh")", R"("x":1)"}) {
        tab again = open("Cookie: whatever=1\r\n");
        again.connect(auth(k, rest));
        read();
        CHECK(take(again, k).front() == "recovered");
        cut(again);
    }
    CHECK(who.asked.empty());
}

TEST_CASE_METHOD(recovery_fixture,
                 "a refused client is answered without a pid, and may ask again by events alone",
                 "[gateway][unit]")
{
    tab t = open(cookie);
    t.connect(R"({"uuid":"u"})");
    who.refuse(internal_code::unknown_uuid, "unknown");
    known k;
    CHECK(take(t, k) == strings{"connect", "USERID_IS_NULL"});
    t.ask("v");
    who.answer("7");
    confirm("7");
    read();
    CHECK(t.heard_all() == strings{event_of(subscribed)});
    position const at = send("7", "a");
    CHECK(t.heard_all() == strings{R"(42["notification",{"id":")" + id_of(at) + R"(","at":)" +
                                   std::to_string(at.at) + R"(,"unread":1,"message":"a"}])"});
    shard.pass(shard.context.options.ping_interval);
    CHECK(t.heard_all() == strings{"2"});
}

TEST_CASE_METHOD(recovery_fixture, "clients that ask by events hear not a byte more",
                 "[gateway][unit]")
{
    tab t = open(cookie);
    t.connect();
    auto const answer = t.heard_all();
    REQUIRE(answer.size() == 1);
    CHECK(answer[0].size() == std::string_view{R"(40{"sid":"12345678901234567890"})"}.size());
    t.ask_by_cookies();
    who.answer("7");
    confirm("7");
    read();
    CHECK(t.heard_all() == strings{event_of(subscribed)});
    unix_now += 1'000;
    shard.pass(shard.context.options.ping_interval);
    CHECK(t.heard_all() == strings{"2"});
}

TEST_CASE_METHOD(recovery_fixture, "who becomes another user cannot come back as the first",
                 "[gateway][unit]")
{
    known k;
    tab t = open(cookie);
    t.connect(R"({"cookies":true})");
    who.answer("7");
    confirm("7");
    read();
    take(t, k);
    t.ask("u");
    who.answer("8");
    confirm("8");
    read();
    CHECK(take(t, k) == strings{"connect", "SUBSCRIPTION_OK"});
    CHECK(k.pid.empty());
}

TEST_CASE_METHOD(recovery_fixture,
                 "while Redis is away who comes back is sent to try again, and keeps its pid",
                 "[gateway][unit]")
{
    known k = follow("7");
    shard.pass(6s);  // the channel is given up
    send("7", "a");
    broker.go_down();
    tab t = open(cookie);
    t.connect(auth(k));
    shard.pass(3s);
    CHECK(t.heard_all().empty());
    CHECK(t.ended() == "unsubscribed");

    broker.come_up();
    tab again = open(cookie);
    again.connect(auth(k));
    confirm("7");
    read();
    CHECK(take(again, k) == strings{"a", "recovered", "SUBSCRIPTION_OK"});
}

TEST_CASE_METHOD(recovery_fixture, "a new client is told when Redis does not confirm, as ever",
                 "[gateway][unit]")
{
    broker.go_down();
    tab t = open(cookie);
    t.connect(R"({"cookies":true})");
    who.answer("7");
    shard.pass(3s);
    known k;
    CHECK(take(t, k) == strings{"connect", "SUBSCRIBE_BY_COOKIES_ERROR"});
    CHECK(t.ended().empty());
}
