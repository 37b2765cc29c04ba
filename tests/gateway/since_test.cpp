// SPDX-License-Identifier: MIT
//
// Clients that say from where on they want what is stored (docs/protocol.md, Stored notifications).
#include "support/catch.hpp"

#include "gateway/notifications_fixture.hpp"

#include <string>
#include <vector>

using namespace notify;
using namespace notify::test;
using namespace std::chrono_literals;

namespace {

struct since_fixture : notifications_fixture {
    explicit since_fixture() : notifications_fixture{0ms, {}, 120s}
    {
        log.now = static_cast<std::uint64_t>(unix_now) * 1'000'000;
    }

    // The event by which a client hears of an entry, with where that is.
    static std::string entry(position const& at, std::string const& message)
    {
        return R"(42["notification",{"id":")" + id_of(at) + R"(","at":)" + std::to_string(at.at) +
               R"(,"unread":1,"message":")" + message + R"("},")" + to_text(at) + "\"]";
    }

    static std::string subscribed_at(position const& at)
    {
        return R"(42["internal",)" + subscribed + ",\"" + to_text(at) + "\"]";
    }

    // The user of the last question is known and subscribed, and its log read.
    void let_in(char const* user)
    {
        who.answer(user);
        confirm(user);
        read();
    }

    // Connects with this auth, as user 7.
    tab connected(std::string const& auth)
    {
        tab t = open("Cookie: sid=1\r\n");
        t.connect(auth);
        let_in("7");
        return t;
    }

    static std::string code_of(std::string const& packet)
    {
        auto const at = packet.find(R"("code":")") + 8;
        return packet.substr(at, packet.find('"', at) - at);
    }
};

}  // namespace

TEST_CASE_METHOD(
    since_fixture,
    "CONNECT with a start is answered, then what is stored comes, then SUBSCRIPTION_OK",
    "[gateway][unit]")
{
    bool const by_uuid = GENERATE(true, false);
    position const one = send("7", "one");
    position const two = send("7", "two");
    tab t =
        connected(by_uuid ? R"({"uuid":"u","since":"all"})" : R"({"cookies":true,"since":"all"})");
    auto const told = t.heard_all();
    REQUIRE(told.size() == 4);
    CHECK(told[0].starts_with("40{"));
    CHECK(told[0].find(R"("pid":)") != std::string::npos);
    CHECK(told[1] == entry(one, "one"));
    CHECK(told[2] == entry(two, "two"));
    CHECK(told[3] == subscribed_at(two));
    position const three = send("7", "three");
    CHECK(t.heard() == std::vector<std::string>{entry(three, "three")});
}

TEST_CASE_METHOD(since_fixture, "a start may be in an event, and its outcome has the place too",
                 "[gateway][unit]")
{
    bool const by_uuid = GENERATE(true, false);
    position const one = send("7", "one");
    position const two = send("7", "two");
    tab t = joined("Cookie: sid=1\r\n");
    std::string const since = R"("since":")" + to_text(one) + "\"}]";
    t.emit(by_uuid ? R"(["subscribe-to-notifications",{"uuid":"u",)" + since
                   : R"(["subscribe-to-notifications-by-cookies",{)" + since,
           "5");
    let_in("7");
    CHECK(t.heard() == std::vector<std::string>{entry(two, "two"), subscribed_at(two),
                                                "435[" + subscribed + "]"});
    position const three = send("7", "three");
    CHECK(t.heard() == std::vector<std::string>{entry(three, "three")});
}

TEST_CASE_METHOD(since_fixture, "who begins at the end hears where that is", "[gateway][unit]")
{
    position const one = send("7", "one");
    tab t = connected(R"({"uuid":"u","since":"latest"})");
    CHECK(t.heard() == std::vector<std::string>{subscribed_at(one)});
}

TEST_CASE_METHOD(since_fixture, "a start may be some time ago, by this machine's clock",
                 "[gateway][unit]")
{
    send("7", "old");
    log.now += 700'000'000;
    unix_now += 700;
    position const recent = send("7", "recent");
    tab t = connected(R"({"uuid":"u","since":"10m"})");
    CHECK(t.heard() == std::vector<std::string>{entry(recent, "recent"), subscribed_at(recent)});
}

TEST_CASE_METHOD(since_fixture, "what is not stored any more is a gap before what is",
                 "[gateway][unit]")
{
    bool const by_event = GENERATE(true, false);
    position const one = send("7", "one");
    log.expire(channel_of("7"));
    log.now += 5'000;
    position const anew = send("7", "anew");
    std::string const who_and_since = R"({"uuid":"u","since":")" + to_text(one) + "\"}";
    tab t = by_event ? joined() : open();
    by_event ? t.emit(R"(["subscribe-to-notifications",)" + who_and_since + "]")
             : t.connect(who_and_since);
    let_in("7");
    auto const told = t.heard();
    REQUIRE(told.size() == 3);
    CHECK(code_of(told[0]) == "GAP");
    CHECK(told[1] == entry(anew, "anew"));
    CHECK(told[2] == subscribed_at(anew));
}

TEST_CASE_METHOD(since_fixture, "a start that nobody can read is named, and nobody is asked",
                 "[gateway][unit]")
{
    tab t = joined();
    t.emit(R"(["subscribe-to-notifications",{"uuid":"u","since":"ten\n"}])", "5");
    CHECK(who.asked.empty());
    auto const told = t.heard();
    REQUIRE(told.size() == 2);
    CHECK(told[0] == R"(42["internal",{"type":"error","code":"BAD_POSITION","message":)"
                     R"("since: \"ten\\n\" is no place among what is stored: write latest, all, )"
                     R"(10m, the id of a notification, or a position"}])");
    CHECK(told[1].starts_with(R"(435[{"type":"error","code":"BAD_POSITION",)"));

    t.emit(R"(["subscribe-to-notifications",{"uuid":"u","since":"all"}])");
    let_in("7");
    CHECK(code_of(t.heard().back()) == "SUBSCRIPTION_OK");
}

TEST_CASE_METHOD(since_fixture, "CONNECT with a start that nobody can read is answered without pid",
                 "[gateway][unit]")
{
    auto const since = GENERATE(as<std::string>{}, "\"\"", "5", "true", "[]", "\"10\"", "\"1-2x\"");
    CAPTURE(since);
    tab t = open();
    t.connect(R"({"uuid":"u","since":)" + since + "}");
    CHECK(who.asked.empty());
    auto const told = t.heard_all();
    REQUIRE(told.size() == 2);
    CHECK(told[0].starts_with("40{"));
    CHECK(told[0].find("pid") == std::string::npos);
    CHECK(code_of(told[1]) == "BAD_POSITION");
}

TEST_CASE_METHOD(since_fixture, "of two starts with one question the last counts",
                 "[gateway][unit]")
{
    send("7", "one");
    position const two = send("7", "two");
    tab t = joined("Cookie: sid=1\r\n");
    t.emit(R"(["subscribe-to-notifications-by-cookies",{"since":"all"}])");
    t.emit(R"(["subscribe-to-notifications-by-cookies",{"since":"latest"}])");
    let_in("7");
    CHECK(t.heard() == std::vector<std::string>{subscribed_at(two)});
}

TEST_CASE_METHOD(since_fixture, "a socket that becomes another user's begins there where it says",
                 "[gateway][unit]")
{
    send("7", "not mine");
    position const mine = send("8", "mine");
    tab t = joined();
    t.ask("u");
    let_in("7");
    t.heard();
    t.emit(R"(["subscribe-to-notifications",{"uuid":"v","since":"all"}])");
    let_in("8");
    CHECK(t.heard() == std::vector<std::string>{entry(mine, "mine"), subscribed_at(mine)});
    send("7", "nor this");
    CHECK(t.heard().empty());
}

TEST_CASE_METHOD(since_fixture, "who comes back begins where it was, whatever start it names",
                 "[gateway][unit]")
{
    position const one = send("7", "one");
    tab first = connected(R"({"cookies":true,"since":"all"})");
    std::string const answer = first.heard_all().front();
    auto const at = answer.find(R"("pid":")") + 7;
    std::string const pid = answer.substr(at, answer.find('"', at) - at);
    first.s->close(eio::close_reason::transport_closed);
    position const two = send("7", "two");

    tab t = open("Cookie: sid=1\r\n");
    t.connect(R"({"cookies":true,"since":"all","pid":")" + pid + R"(","offset":")" + to_text(one) +
              "\"}");
    read();
    auto const told = t.heard();
    REQUIRE(told.size() == 2);
    CHECK(told[0] == entry(two, "two"));
    CHECK(code_of(told[1]) == "SUBSCRIPTION_OK");
}
