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

TEST_CASE("a stored notification is read with its fields, those of each first", "[contract][unit]")
{
    auto const event = parse_json(R"(["notification",{"at":1732657161234567,"data":{"n":[1]},)"
                                  R"("id":"1732657160000-17","level":"error","link":"/x",)"
                                  R"("message":"Hey","title":"News","unread":3},)"
                                  R"("1732657160000-17-1732657161234567"])")
                           .value();
    notification const n = notification_of(event);
    CHECK(n.message == "Hey");
    CHECK(n.id == "1732657160000-17");
    CHECK(n.at == 1'732'657'161'234'567);
    CHECK(n.unread == 3);
    CHECK(n.title == "News");
    CHECK(n.level == "error");
    CHECK(n.link == "/x");
    CHECK(n.where == position{1'732'657'160'000, 17, 1'732'657'161'234'567});
    std::string fields;
    for (auto const& [name, value] : n.fields) fields += name + '=' + value + ' ';
    CHECK(fields ==
          R"(id="1732657160000-17" at=1732657161234567 unread=3 data={"n":[1]} level="error" )"
          R"(link="/x" title="News" )");
}

TEST_CASE("a field of another type than the contract's is kept as JSON only", "[contract][unit]")
{
    auto const n = notification_of(
        parse_json(R"(["notification",{"message":"Hey","id":1,"at":-1,"unread":"3","title":[]},7])")
            .value());
    CHECK(n.id.empty());
    CHECK(n.at == 0);
    CHECK(!n.unread);
    CHECK(n.title.empty());
    CHECK(!n.where);
    CHECK(n.fields.size() == 4);
    CHECK(notification_of(
              parse_json(R"(["notification",{"message":"","at":9007199254740992}])").value())
              .at == 0);
}

TEST_CASE("an event says where its client stands in its second argument", "[contract][unit]")
{
    auto const where = [](std::string_view event) {
        return position_of(parse_json(event).value());
    };
    CHECK(where(R"(["internal",{},"1-2-3"])") == position{1, 2, 3});
    CHECK(!where(R"(["internal",{}])"));
    CHECK(!where(R"(["offset","1-2-3"])"));
    CHECK(!where(R"(["internal",{},"1-2-3",0])"));
    CHECK(!where(R"(["internal",{},"1-2"])"));
    CHECK(!where(R"(["internal",{},1])"));
}
