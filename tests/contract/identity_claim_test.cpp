// SPDX-License-Identifier: MIT
#include "contract/identity_claim.hpp"

#include "base/json.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

using namespace notify;

namespace {

// What is claimed: "uuid <uuid>", "cookies", or "nothing"; with " since <text>" behind it.
std::string said(std::optional<identity_claim> const& claim)
{
    if (!claim) return "nothing";
    std::string const who = claim->uuid ? "uuid " + std::string{*claim->uuid} : "cookies";
    return claim->since ? who + " since " + std::string{*claim->since} : who;
}

std::string in_auth(std::string_view auth)
{
    json const parsed = parse_json(auth).value();
    return said(claim_of_auth(parsed));
}

std::string in_event(std::string_view event)
{
    json const parsed = parse_json(event).value();
    return said(claim_of_event(parsed, parsed.front().get<std::string>()));
}

}  // namespace

TEST_CASE("CONNECT says who it is by a uuid or by cookies, or says nothing", "[contract][unit]")
{
    CHECK(in_auth(R"({"uuid":"a"})") == "uuid a");
    CHECK(in_auth(R"({"uuid":"a","cookies":true})") == "uuid a");
    CHECK(in_auth(R"({"cookies":true})") == "cookies");
    for (char const* const auth : {"{}", R"({"cookies":false})", R"({"cookies":"true"})",
                                   R"({"cookies":1})", R"({"token":"a"})"}) {
        CAPTURE(auth);
        CHECK(in_auth(auth) == "nothing");
    }
}

TEST_CASE("an event says who it is by its name", "[contract][unit]")
{
    CHECK(in_event(R"(["subscribe-to-notifications",{"uuid":"a"}])") == "uuid a");
    CHECK(in_event(R"(["subscribe-to-notifications-by-cookies"])") == "cookies");
    CHECK(in_event(R"(["subscribe-to-notifications-by-cookies",{"uuid":"a"}])") == "cookies");
    CHECK(in_event(R"(["subscribe",{"uuid":"a"}])") == "nothing");
}

TEST_CASE("a uuid that is none is an empty one, which nobody has", "[contract][unit]")
{
    for (char const* const auth : {R"({"uuid":1})", R"({"uuid":null})", R"({"uuid":["a"]})"}) {
        CAPTURE(auth);
        CHECK(in_auth(auth) == "uuid ");
    }
    for (char const* const event :
         {R"(["subscribe-to-notifications"])", R"(["subscribe-to-notifications","a"])",
          R"(["subscribe-to-notifications",{}])", R"(["subscribe-to-notifications",null])"}) {
        CAPTURE(event);
        CHECK(in_event(event) == "uuid ");
    }
}

TEST_CASE("what a client writes into CONNECT is read as it was meant", "[contract][unit]")
{
    CHECK(auth_of({"a"}) == R"({"uuid":"a"})");
    CHECK(in_auth(auth_of({"\"\\\n"})) == "uuid \"\\\n");
    CHECK(in_auth(auth_of({})) == "cookies");
    CHECK(auth_of({"a", "10m"}) == R"({"uuid":"a","since":"10m"})");
    CHECK(auth_of({std::nullopt, "\""}) == R"({"cookies":true,"since":"\""})");
    CHECK(in_auth(auth_of({std::nullopt, "\""})) == "cookies since \"");
}

TEST_CASE("beside who it is may stand from where on it wants what is stored", "[contract][unit]")
{
    CHECK(in_auth(R"({"uuid":"a","since":"all"})") == "uuid a since all");
    CHECK(in_auth(R"({"cookies":true,"since":"1-2-3"})") == "cookies since 1-2-3");
    CHECK(in_auth(R"({"since":"all"})") == "nothing");
    CHECK(in_event(R"(["subscribe-to-notifications",{"uuid":"a","since":"10m"}])") ==
          "uuid a since 10m");
    CHECK(in_event(R"(["subscribe-to-notifications",{"since":"10m"}])") == "uuid  since 10m");
    CHECK(in_event(R"(["subscribe-to-notifications-by-cookies",{"since":""}])") ==
          "cookies since ");
}

TEST_CASE("null is no start, and what is no text is one that nobody knows", "[contract][unit]")
{
    CHECK(in_auth(R"({"uuid":"a","since":null})") == "uuid a");
    CHECK(in_auth(R"({"uuid":"a","since":5})") == "uuid a since (no text)");
    CHECK(in_event(R"(["subscribe-to-notifications-by-cookies",{"since":["all"]}])") ==
          "cookies since (no text)");
    CHECK(in_event(R"(["subscribe-to-notifications-by-cookies","all"])") == "cookies");
}
