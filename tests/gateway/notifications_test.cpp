// SPDX-License-Identifier: MIT
//
// Who is asked about whom, and what clients are told (docs/protocol.md, The contract with
// pages).
#include "gateway/notifications.hpp"

#include "gateway/notifications_fixture.hpp"
#include "support/catch.hpp"

using namespace notify;
using namespace std::chrono_literals;
using namespace notify::test;
using strings = std::vector<std::string>;

namespace {

std::string const cookies = "Cookie: sid=1\r\n";

std::string notification(std::string_view text)
{
    return R"(42["notification",{"message":")" + std::string{text} + "\"}]";
}

}  // namespace

TEST_CASE_METHOD(notifications_fixture,
                 "who says in CONNECT who it is hears that it is subscribed when the broker has it",
                 "[gateway][unit]")
{
    bool const by_uuid = GENERATE(true, false);
    tab t = open(cookies);
    t.connect(by_uuid ? R"({"uuid":"u"})" : R"({"cookies":true})");
    CHECK(who.asked == strings{by_uuid ? "uuid u" : "cookies sid=1"});
    who.answer("7");
    CHECK(broker.subscribed == strings{channel_of("7")});
    CHECK(t.heard().empty());
    confirm("7");
    CHECK(t.heard() == strings{event_of(subscribed)});
    publish("7", "Hey");
    CHECK(t.heard() == strings{notification("Hey")});
    CHECK(failures().empty());
}

TEST_CASE_METHOD(notifications_fixture, "an event asks as CONNECT does, by uuid or by cookies",
                 "[gateway][unit]")
{
    bool const by_uuid = GENERATE(true, false);
    tab t = joined(cookies);
    CHECK(who.asked.empty());
    by_uuid ? t.ask("u") : t.ask_by_cookies();
    CHECK(who.asked == strings{by_uuid ? "uuid u" : "cookies sid=1"});
    who.answer("7");
    confirm("7");
    CHECK(t.heard() == strings{event_of(subscribed)});
}

TEST_CASE_METHOD(notifications_fixture, "auth that claims no identity asks nobody",
                 "[gateway][unit]")
{
    auto const auth = GENERATE(as<std::string>{}, "", "{}", R"({"cookies":false})",
                               R"({"cookies":"true"})", R"({"user":"12345","userId":"12345"})");
    CAPTURE(auth);
    tab t = open();
    t.connect(auth);
    CHECK(who.asked.empty());
    CHECK(t.heard().empty());
    t.ask("u");
    CHECK(who.asked == strings{"uuid u"});
}

TEST_CASE_METHOD(notifications_fixture,
                 "an event that claims a uuid which is none is asked about as \"\"",
                 "[gateway][unit]")
{
    auto const arguments = GENERATE(as<std::string>{}, "", ",null", ",{}", ",[]", R"(,"text")",
                                    ",1", R"(,{"uuid":null})", R"(,{"uuid":1})", R"(,{"uuid":""})",
                                    R"(,{"uuid":{"uuid":"x"}})");
    CAPTURE(arguments);
    tab t = joined();
    t.emit(R"(["subscribe-to-notifications")" + arguments + "]");
    CHECK(who.asked == strings{"uuid "});
}

TEST_CASE_METHOD(notifications_fixture,
                 "a refusal has its code and its sentence, and the next try may succeed",
                 "[gateway][unit]")
{
    struct refusal_case {
        internal_code code;
        char const* name;
        char const* failure;
    };
    auto const r =
        GENERATE(refusal_case{internal_code::redis_failed, "USER_ID_RETRIEVAL_RETURNED_ERROR",
                              "redis_failed"},
                 refusal_case{internal_code::unknown_uuid, "USERID_IS_NULL", "unknown_uuid"},
                 refusal_case{internal_code::cookies_refused, "SUBSCRIBE_BY_COOKIES_ERROR",
                              "cookies_refused"});
    CAPTURE(r.name);
    tab t = joined();
    t.ask("u");
    who.refuse(r.code, "for clients", "for the log");
    CHECK(t.heard() == strings{event_of(internal("error", r.name, "for clients"))});
    CHECK(failures() == strings{std::string{r.failure} + " 1: for the log"});
    CHECK(broker.subscribed.empty());
    CHECK(t.ended().empty());

    t.ask("v");
    who.answer("7");
    confirm("7");
    CHECK(t.heard() == strings{event_of(subscribed)});
    publish("7", "Hey");
    CHECK(t.heard() == strings{notification("Hey")});
}

TEST_CASE_METHOD(notifications_fixture, "an answer that comes within the question is heard",
                 "[gateway][unit]")
{
    who.refuses_at_once = true;
    tab t = joined();
    t.ask("u");
    CHECK(t.heard() == strings{event_of(internal("error", "USERID_IS_NULL", "refused at once"))});
    who.refuses_at_once = false;
    t.ask("v");
    CHECK(who.asked == strings{"uuid u", "uuid v"});
}

TEST_CASE_METHOD(notifications_fixture, "all tabs of a user get each message, and nobody else does",
                 "[gateway][unit]")
{
    tab first = following("7");
    tab second = following("7");
    tab stranger = following("8");
    publish("7", R"(a "b" \)");
    strings const expected{notification(R"(a \"b\" \\)")};
    CHECK(first.heard() == expected);
    CHECK(second.heard() == expected);
    CHECK(stranger.heard().empty());
    CHECK(broker.subscribed == strings{channel_of("7"), channel_of("8")});
}

TEST_CASE_METHOD(notifications_fixture,
                 "a question that equals the one under way shares its answer", "[gateway][unit]")
{
    tab t = joined();
    t.ask("u");
    t.ask("u");
    CHECK(who.asked == strings{"uuid u"});
    who.answer("7");
    confirm("7");
    CHECK(t.heard() == strings{event_of(subscribed)});
}

TEST_CASE_METHOD(notifications_fixture,
                 "of the questions of one socket one is under way, and the last of them counts",
                 "[gateway][unit]")
{
    tab t = joined();
    for (auto const uuid : {"first", "never-asked", "last"}) t.ask(uuid);
    CHECK(who.asked == strings{"uuid first"});
    who.answer("7");
    CHECK(who.asked == strings{"uuid first", "uuid last"});
    CHECK(broker.subscribed.empty());
    who.answer("8");
    CHECK(broker.subscribed == strings{channel_of("8")});
    confirm("8");
    CHECK(t.heard() == strings{event_of(subscribed)});
}

TEST_CASE_METHOD(notifications_fixture, "to ask for the first question again drops the others",
                 "[gateway][unit]")
{
    tab t = joined();
    for (auto const uuid : {"first", "other", "first"}) t.ask(uuid);
    who.answer("7");
    CHECK(who.asked == strings{"uuid first"});
    confirm("7");
    CHECK(t.heard() == strings{event_of(subscribed)});
}

TEST_CASE_METHOD(notifications_fixture,
                 "a question by cookies is given up for the next one at once, being of no cost",
                 "[gateway][unit]")
{
    tab t = joined(cookies);
    t.ask_by_cookies();
    t.ask("u");
    CHECK(who.asked == strings{"cookies sid=1", "uuid u"});
    who.answer("7");  // nobody waits for it
    CHECK(broker.subscribed.empty());
    who.answer("8");
    CHECK(broker.subscribed == strings{channel_of("8")});
}

TEST_CASE_METHOD(notifications_fixture, "a second subscription to the same user doubles nothing",
                 "[gateway][unit]")
{
    tab t = following("7");
    t.ask("v");
    who.answer("7");
    CHECK(t.heard() == strings{event_of(subscribed)});
    publish("7", "once");
    CHECK(t.heard() == strings{notification("once")});
    CHECK(fresh.take_untold() == 1);
}

TEST_CASE_METHOD(notifications_fixture,
                 "a subscription to another user takes the first one's place", "[gateway][unit]")
{
    tab t = following("7");
    t.ask("v");
    who.answer("8");
    confirm("8");
    CHECK(t.heard() == strings{event_of(subscribed)});
    publish("7", "for the first");
    publish("8", "for the second");
    CHECK(t.heard() == strings{notification("for the second")});
    CHECK(fresh.take_untold() == 2);
}

TEST_CASE_METHOD(notifications_fixture, "a refusal leaves the subscription that there is",
                 "[gateway][unit]")
{
    tab t = following("7");
    t.ask("unknown");
    who.refuse(internal_code::unknown_uuid, "nobody has it");
    CHECK(t.heard() == strings{event_of(internal("error", "USERID_IS_NULL", "nobody has it"))});
    publish("7", "Hey");
    CHECK(t.heard() == strings{notification("Hey")});
}

TEST_CASE_METHOD(notifications_fixture,
                 "whom Redis does not confirm in time is told so, in the words of how it asked",
                 "[gateway][unit]")
{
    bool const by_uuid = GENERATE(true, false);
    tab t = joined(cookies);
    by_uuid ? t.ask("u") : t.ask_by_cookies();
    who.answer("7");
    shard.pass(2'100ms);
    CHECK(t.heard() ==
          strings{event_of(internal(
              "error", by_uuid ? "USER_ID_RETRIEVAL_RETURNED_ERROR" : "SUBSCRIBE_BY_COOKIES_ERROR",
              "Redis did not confirm the subscription in time"))});
    CHECK(failures() == strings{"not_confirmed 1: Redis did not confirm the subscription in time"});
}

TEST_CASE_METHOD(notifications_fixture, "whom Redis refuses the channel is told of the ACL",
                 "[gateway][unit]")
{
    tab t = joined();
    t.ask("u");
    who.answer("7");
    broker.refuse(channel_of("7"));
    std::string const why = "Redis does not let the gateway subscribe to this channel; an ACL rule "
                            "such as &/app/user/* allows it";
    CHECK(t.heard() ==
          strings{event_of(internal("error", "USER_ID_RETRIEVAL_RETURNED_ERROR", why))});
    CHECK(failures() == strings{"refused 1: " + why});
}

TEST_CASE("the connection past the limit of its user is refused, and the others stay",
          "[gateway][unit]")
{
    hub_options options;
    options.max_subscribers = 2;
    notifications_fixture f{0ms, options};
    tab first = f.following("7");
    tab second = f.following("7");
    tab third = f.joined();
    third.ask("u");
    f.who.answer("7");
    CHECK(third.heard() == strings{event_of(internal("error", "USER_ID_RETRIEVAL_RETURNED_ERROR",
                                                     "too many connections of this user"))});
    CHECK(f.failures() == strings{"too_many_connections 1: too many connections of this user"});
    f.publish("7", "Hey");
    CHECK(first.heard() == strings{notification("Hey")});
    CHECK(second.heard() == strings{notification("Hey")});
    CHECK(third.heard().empty());
}

TEST_CASE("who follows a user hears that a message was too large, and gets the next one",
          "[gateway][unit]")
{
    hub_options options;
    options.max_message = 10;
    notifications_fixture f{0ms, options};
    tab t = f.following("7");
    f.publish("7", "eleven char");
    f.broker.pass_over(f.channel_of("7"), 5'000'000);
    f.publish("7", "ten chars.");
    auto const told = [](char const* bytes) {
        return event_of(internal("error", "MESSAGE_TOO_LARGE",
                                 "a notification of " + std::string{bytes} +
                                     " bytes is too large and was not delivered"));
    };
    CHECK(t.heard() == strings{told("11"), told("5000000"), notification("ten chars.")});
}

TEST_CASE_METHOD(notifications_fixture,
                 "who was subscribed while Redis was away hears of the gap when it is back",
                 "[gateway][unit]")
{
    tab t = following("7");
    broker.go_down();
    CHECK(t.heard().empty());
    broker.come_up();
    confirm("7");
    CHECK(t.heard() ==
          strings{event_of(internal(
              "success", "SUBSCRIPTION_OK",
              "subscribed again: what was sent live while Redis was away did not arrive"))});
    publish("7", "Hey");
    CHECK(t.heard() == strings{notification("Hey")});
}
