// SPDX-License-Identifier: MIT
#include "contract/channel_name.hpp"

#include "support/catch.hpp"

using namespace notify;

TEST_CASE("a user id names a channel", "[contract][unit]")
{
    CHECK(channel_of(parse_user_id("12345").value()) == "/app/user/12345/notifications");
    auto const id = GENERATE(as<std::string>{}, "AZaz09._@:+-", "auth0|5f7c", "o'brien@example.org",
                             "José", "a=b", "a*", "$(x)", "\"q\"", "{1}", "\\", "дом", "用户",
                             "👩\u200d🚀", "nullable", std::string(255, 'x'));
    CHECK(parse_user_id(id).value().text() == id);
    CHECK(channel_of(parse_user_id(id).value()) == "/app/user/" + id + "/notifications");
}
