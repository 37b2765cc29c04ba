// SPDX-License-Identifier: MIT
#include "contract/internal_event.hpp"

#include "base/json.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <string>

using namespace notify;

namespace {

// The event in a frame of the namespace, as a client has it.
json event_in(frame const& f)
{
    std::string_view const packet = f.packet();
    return parse_json(packet.substr(packet.find('['))).value();
}

}  // namespace

TEST_CASE("what the gateway says of a subscription is read as it was meant", "[contract][unit]")
{
    struct said {
        internal_code code;
        char const* name;
        char const* type;
    };
    for (auto const& s :
         {said{internal_code::subscription_ok, "SUBSCRIPTION_OK", "success"},
          said{internal_code::redis_failed, "USER_ID_RETRIEVAL_RETURNED_ERROR", "error"},
          said{internal_code::unknown_uuid, "USERID_IS_NULL", "error"},
          said{internal_code::cookies_refused, "SUBSCRIBE_BY_COOKIES_ERROR", "error"},
          said{internal_code::message_too_large, "MESSAGE_TOO_LARGE", "error"}}) {
        CAPTURE(s.name);
        auto const sent = encode_internal_event(outcome_of(s.code, "a \"reason\""));
        auto const read = internal_event_of(event_in(sent));
        CHECK(read.code == s.name);
        CHECK(read.code == name_of(s.code));
        CHECK(read.type == s.type);
        CHECK(read.message == "a \"reason\"");
    }
}

TEST_CASE("an internal event and an acknowledgement have the bytes of the contract",
          "[contract][unit]")
{
    auto const outcome = outcome_of(internal_code::subscription_ok, "subscribed");
    CHECK(encode_internal_event(outcome).packet() ==
          R"(42/io/user/notifications,["internal",{"type":"success","code":"SUBSCRIPTION_OK",)"
          R"("message":"subscribed"}])");
    CHECK(encode_acknowledgement(7, outcome).packet() ==
          R"(43/io/user/notifications,7[{"type":"success","code":"SUBSCRIPTION_OK",)"
          R"("message":"subscribed"}])");
}

TEST_CASE("what another server leaves out of an internal event is nothing", "[contract][unit]")
{
    for (char const* const text : {R"(["internal"])", R"(["internal",{}])", R"(["internal",1])",
                                   R"(["internal",{"code":1,"type":null,"message":[]}])"}) {
        CAPTURE(text);
        auto const read = internal_event_of(parse_json(text).value());
        CHECK(read.type == "(nothing)");
        CHECK(read.code == "(nothing)");
        CHECK(read.message == "(nothing)");
    }
}
