// SPDX-License-Identifier: MIT
#include "redis/push_message.hpp"

#include "redis/resp.hpp"
#include "support/catch.hpp"

#include <string>
#include <string_view>

using namespace notify::redis;
using namespace std::string_literals;

namespace {

std::string message(std::string_view channel, std::string_view payload)
{
    std::string out;
    append_command(out, {"message", channel, payload});  // the form is the same
    return out;
}

}  // namespace

TEST_CASE("messages are found in place, one after the other", "[redis][unit]")
{
    std::string const payload = "\0\r\n$5\r\n"s + std::string(70'000, 'x');
    std::string const bytes =
        message("ch", "Hey") + message("", "") + message("other", payload) + "+OK";
    std::string_view rest = bytes;
    auto const first = take_push_message(rest);
    REQUIRE(first);
    CHECK(first->channel == "ch");
    CHECK(first->payload == "Hey");
    CHECK(first->payload.data() == bytes.data() + bytes.find("Hey"));
    auto const empty = take_push_message(rest);
    REQUIRE(empty);
    CHECK(empty->channel.empty());
    CHECK(empty->payload.empty());
    auto const last = take_push_message(rest);
    REQUIRE(last);
    CHECK(last->channel == "other");
    CHECK((last->payload == payload));
    CHECK_FALSE(take_push_message(rest));
    CHECK(rest == "+OK");
}

TEST_CASE("a message that is cut anywhere is left as it is", "[redis][unit]")
{
    std::string const whole = message("channel", "payload");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        std::string_view part = std::string_view{whole}.substr(0, size);
        CAPTURE(size);
        CHECK_FALSE(take_push_message(part));
        CHECK(part.size() == size);
    }
}

TEST_CASE("what is no message in the usual form is left as it is", "[redis][unit]")
{
    for (std::string const& bytes :
         {"*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n"s,
          "*3\r\n$7\r\nmessage\r\n$-1\r\n$1\r\na\r\n"s,
          "*3\r\n$7\r\nmessage\r\n$1\r\na\r\n:12\r\n"s,
          "*3\r\n$7\r\nmessage\r\n$1\r\naX\n$1\r\nb\r\n"s,
          "*3\r\n$7\r\nmessage\r\n$01\r\na\r\n$1\r\nb\r\n"s,
          "*3\r\n$7\r\nmessage\r\n$\r\na\r\n$1\r\nb\r\n"s,
          "*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$9999999999999999999\r\nb\r\n"s,
          "*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$999999999\r\nb\r\n"s, "*4\r\n$8\r\npmessage\r\n"s}) {
        CAPTURE(bytes);
        std::string_view rest = bytes;
        CHECK_FALSE(take_push_message(rest));
        CHECK(rest == bytes);
    }
}

TEST_CASE("a reader finds messages between replies, and none in the middle of one", "[redis][unit]")
{
    reply_reader reader;
    std::string const cut = message("ch", "one");
    std::string const begin = message("ch", "zero") + cut.substr(0, 20);
    reader.feed(begin);
    REQUIRE(reader.next_message());
    CHECK_FALSE(reader.next_message());
    CHECK_FALSE(reader.next().value());
    std::string const rest = cut.substr(20) + message("ch", "two");
    reader.feed(rest);
    CHECK_FALSE(reader.next_message());  // it is inside one
    auto const one = reader.next().value();
    REQUIRE(one);
    CHECK((*one)[2].text() == "one");
    auto const two = reader.next().value();  // which was handed over with it
    REQUIRE(two);
    CHECK((*two)[2].text() == "two");
    CHECK_FALSE(reader.next().value());
    std::string const later = message("ch", "three");
    reader.feed(later);
    auto const three = reader.next_message();
    REQUIRE(three);
    CHECK(three->payload == "three");
}
