// SPDX-License-Identifier: MIT
//
// Acknowledgements: who asks for one gets the outcome in it, once (docs/protocol.md, The
// contract with pages).
#include "gateway/notifications.hpp"

#include "gateway/notifications_fixture.hpp"
#include "support/catch.hpp"

#include <algorithm>

using namespace notify;
using namespace notify::test;
using strings = std::vector<std::string>;

TEST_CASE_METHOD(notifications_fixture,
                 "the outcome comes as an event, and then in the acknowledgement",
                 "[gateway][unit]")
{
    tab t = joined();
    t.ask("u", "1");
    who.answer("7");
    CHECK(t.heard().empty());
    confirm("7");
    CHECK(t.heard() == strings{event_of(subscribed), ack_of(1, subscribed)});

    t.ask("of-nobody", "2");
    who.refuse(internal_code::unknown_uuid, "nobody has it");
    std::string const refused = internal("error", "USERID_IS_NULL", "nobody has it");
    CHECK(t.heard() == strings{event_of(refused), ack_of(2, refused)});
}

TEST_CASE_METHOD(notifications_fixture, "a subscription that fails later is acknowledged as such",
                 "[gateway][unit]")
{
    tab t = joined();
    t.ask("u", "1");
    who.answer("7");
    broker.refuse(channel_of("7"));
    strings const heard = t.heard();
    REQUIRE(heard.size() == 2);
    CHECK_THAT(heard[1],
               Catch::StartsWith("431[") && Catch::Contains("USER_ID_RETRIEVAL_RETURNED_ERROR"));
}

TEST_CASE_METHOD(notifications_fixture,
                 "an event that is nobody's business is acknowledged with nothing",
                 "[gateway][unit]")
{
    tab t = joined();
    t.emit(R"(["of-nobody",{"a":1}])", "5");
    t.emit(R"(["of-nobody"])");
    CHECK(t.heard() == strings{"435[]"});
    CHECK(who.asked.empty());
}

TEST_CASE_METHOD(notifications_fixture,
                 "a uuid that is sent again is answered as before, and Redis is not asked",
                 "[gateway][unit]")
{
    tab t = joined();
    t.ask("u", "1");
    t.ask("u", "2");
    who.answer("7");
    t.ask("u", "3");  // known, and not confirmed yet
    confirm("7");
    CHECK(t.heard() == strings{event_of(subscribed), ack_of(1, subscribed), ack_of(2, subscribed),
                               ack_of(3, subscribed)});
    t.ask("u", "4");
    CHECK(t.heard() == strings{ack_of(4, subscribed)});
    CHECK(who.asked == strings{"uuid u"});
}

TEST_CASE_METHOD(notifications_fixture, "a uuid that is sent again by somebody else is asked about",
                 "[gateway][unit]")
{
    tab first = joined();
    tab second = joined();
    first.ask("u", "1");
    who.answer("7");
    confirm("7");
    second.ask("u", "1");
    CHECK(who.asked == strings{"uuid u", "uuid u"});
}

TEST_CASE_METHOD(notifications_fixture,
                 "a uuid that is sent again without asking for an acknowledgement is asked about",
                 "[gateway][unit]")
{
    tab t = joined();
    t.ask("u", "1");
    who.answer("7");
    confirm("7");
    t.ask("u");
    CHECK(who.asked == strings{"uuid u", "uuid u"});
}

TEST_CASE_METHOD(notifications_fixture,
                 "a question that another one replaces is acknowledged with that one's outcome",
                 "[gateway][unit]")
{
    tab t = joined();
    t.ask("first", "1");
    t.ask("never-asked", "2");
    t.ask("last", "3");
    who.answer("7");
    who.answer("8");
    confirm("8");
    strings heard = t.heard();
    std::sort(heard.begin(), heard.end());
    CHECK(heard == strings{event_of(subscribed), ack_of(1, subscribed), ack_of(2, subscribed),
                           ack_of(3, subscribed)});
}

TEST_CASE_METHOD(notifications_fixture,
                 "an acknowledgement waits for the confirmation of what took its question's place",
                 "[gateway][unit]")
{
    tab t = joined();
    t.ask("u", "1");
    who.answer("7");
    t.ask("v", "2");  // the first is not confirmed yet
    who.answer("8");
    confirm("7");
    CHECK(t.heard().empty());
    confirm("8");
    strings heard = t.heard();
    REQUIRE(heard.size() == 3);
    std::sort(heard.begin() + 1, heard.end());
    CHECK(heard == strings{event_of(subscribed), ack_of(1, subscribed), ack_of(2, subscribed)});
}

TEST_CASE_METHOD(notifications_fixture,
                 "of very many that ask while one question is under way each is answered once",
                 "[gateway][unit]")
{
    tab t = joined();
    constexpr int count = 1'000;
    for (int id = 0; id < count; ++id)
        t.ask(id % 2 == 1 ? "u" : "u-" + std::to_string(id), std::to_string(id));
    strings heard = t.heard();
    CHECK(heard.size() >= count - 2 * 16);  // what two questions may owe
    who.refuse(internal_code::unknown_uuid, "nobody has the first");
    who.refuse(internal_code::unknown_uuid, "nor the last");
    for (std::string const& p : t.heard()) heard.push_back(p);
    std::vector<int> times(count);
    for (std::string const& p : heard)
        if (p.starts_with("43")) ++times.at(static_cast<std::size_t>(std::stoi(p.substr(2))));
    CHECK(std::all_of(times.begin(), times.end(), [](int n) { return n == 1; }));
}
