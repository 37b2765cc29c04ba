// SPDX-License-Identifier: MIT
#include "redis/push_message.hpp"

#include "redis/resp.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

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

TEST_CASE("of a large message that is not whole only the head is taken", "[redis][unit]")
{
    std::string const whole = message("ch", std::string(100, 'x'));
    std::size_t const head = whole.find('x');
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        std::string_view part = std::string_view{whole}.substr(0, size);
        CAPTURE(size);
        auto const large = take_large_head(part, 99);
        bool const is_cut = size >= head && size < whole.size();
        REQUIRE(large.has_value() == is_cut);
        CHECK(part.size() == size - (is_cut ? head : 0));
        if (!large) continue;
        CHECK(large->channel == "ch");
        CHECK(large->payload.empty());
        CHECK(large->bytes == 100);
    }
    std::string_view small = std::string_view{whole}.substr(0, head);
    CHECK_FALSE(take_large_head(small, 100));
}

TEST_CASE("a reader passes over what is too large, whatever its size, and goes on", "[redis][unit]")
{
    reply_reader reader{1 << 20, 1'000};
    std::string const before = message("ch", "before");
    std::string const large = message("ch", std::string(8 << 20, 'x'));
    std::string const after = message("ch", "after") + ":1\r\n";
    std::string const bytes = before + large + after;
    auto const step = GENERATE(100'000u, 16'384u, 64u << 20);
    std::vector<std::string> told;
    std::string_view rest = bytes;
    for (; !rest.empty(); rest.remove_prefix(std::min<std::size_t>(step, rest.size()))) {
        reader.feed(rest.substr(0, step));
        while (auto const m = reader.next_message())
            told.push_back(std::to_string(m->bytes) + " " + std::string{m->payload.substr(0, 9)});
        auto const r = reader.next();
        REQUIRE(r.has_value());
        if (*r) told.push_back(std::to_string((*r)->integer()));
    }
    bool const whole = step > bytes.size();
    CHECK(told == std::vector<std::string>{"6 before", whole ? "8388608 xxxxxxxxx" : "8388608 ",
                                           "5 after", "1"});
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
