// SPDX-License-Identifier: MIT
#include "contract/notification.hpp"

#include "base/json.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

using namespace notify;
using namespace std::string_literals;

TEST_CASE("a notification has the bytes of the contract", "[contract][unit]")
{
    CHECK(encode_notification("Hey").packet() ==
          R"(42/io/user/notifications,["notification",{"message":"Hey"}])");
}

TEST_CASE("whatever is published is read as it was sent", "[contract][unit]")
{
    for (std::string const& text : {""s, "\"}]"s, "line\nbreak\0nul"s, "\u00e9\U0001f600"s}) {
        frame const f = encode_notification(text);
        std::string_view const packet = f.packet();
        auto const event = parse_json(packet.substr(packet.find('['))).value();
        CHECK(notification_of(event).message == text);
    }
}

TEST_CASE("what another server sends in place of a message is taken as it came", "[contract][unit]")
{
    auto const message = [](std::string_view event) {
        return notification_of(parse_json(event).value()).message;
    };
    CHECK(message(R"(["notification"])").empty());
    CHECK(message(R"(["notification","Hey"])") == R"("Hey")");
    CHECK(message(R"(["notification",{"text":"Hey"}])") == R"({"text":"Hey"})");
    CHECK(message(R"(["notification",{"message":1}])") == R"({"message":1})");
}
