// SPDX-License-Identifier: MIT
#include "contract/position.hpp"
#include "redis/script_log.hpp"
#include "support/catch.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>

using namespace notify;
using notify::test::script_log;

namespace {

using Catch::Contains;
using Catch::EndsWith;
using Catch::StartsWith;

constexpr auto hey = R"({"message":"Hey"})";

// Hears what is published on a channel.
class subscription {
public:
    subscription(notify::test::redis_server const& server, std::string_view channel)
    {
        socket_.connect({server.socket_url().substr(std::string_view{"unix://"}.size())});
        std::string out;
        redis::append_command(out, {"SUBSCRIBE", channel});
        net::write(socket_, net::buffer(out));
        next();
    }

    // Waits for the next message.
    std::string next()
    {
        for (;;) {
            if (auto const r = reader_.next().value()) return std::string{(*r)[2].text()};
            reader_.feed({bytes_.data(), socket_.read_some(net::buffer(bytes_))});
        }
    }

private:
    net::io_context context_;
    net::local::stream_protocol::socket socket_{context_};
    redis::reply_reader reader_;
    std::string bytes_ = std::string(4096, '\0');
};

std::string message(int i) { return R"({"message":")" + std::to_string(i) + R"("})"; }

}  // namespace

TEST_CASE_METHOD(script_log, "what is sent stands in the log, numbered and counted",
                 "[redis][integration]")
{
    auto const first = send(hey);
    auto const second = send(R"({"message":"Ho","title":"A"})");
    REQUIRE(first.error.empty());
    CHECK(first.id == first.at.substr(0, 13) + "-1");
    CHECK(second.id == first.at.substr(0, 13) + "-2");
    CHECK(parse_position(first.position())->precedes(parse_position(second.position()).value()));
    CHECK(elements() == texts{first.position() + R"( {"unread":1,"message":"Hey"})",
                              second.position() + R"( {"unread":2,"message":"Ho","title":"A"})"});
    CHECK(server.number({"DBSIZE"}) == 1);
}

TEST_CASE_METHOD(script_log, "numbers go on through 9, 10, 99 and 100", "[redis][integration]")
{
    std::string epoch;
    for (int i = 1; i <= 120; ++i) {
        auto const s = send(message(i));
        if (i == 1) epoch = s.id.substr(0, 13);
        REQUIRE(s.id == epoch + '-' + std::to_string(i));
        REQUIRE(last() == s.position() + R"( {"unread":)" + std::to_string(i) + R"(,"message":")" +
                              std::to_string(i) + R"("})");
    }
}

TEST_CASE_METHOD(script_log, "what is stored is published in the same step", "[redis][integration]")
{
    subscription heard{server, channel};
    auto const first = send(hey);
    CHECK(first.receivers == 1);
    CHECK(heard.next() == "\x1E{\"id\":\"" + first.id + "\",\"at\":" + first.at +
                              R"(,"unread":1,"message":"Hey"})");

    auto const second = send(hey, {"reply", "notify:answer:a-1", "ask", "seen"});
    CHECK(heard.next() == "\x1E{\"reply\":\"notify:answer:a-1\",\"ask\":\"seen\",\"id\":\"" +
                              second.id + "\",\"at\":" + second.at +
                              R"(,"unread":2,"message":"Hey"})");
    CHECK(last() == second.position() + R"( {"unread":2,"message":"Hey"})");

    auto const read = mark({"all"});
    CHECK(read.receivers == 1);
    CHECK(heard.next() == "\x1E{\"id\":\"" + read.id + "\",\"at\":" + read.at +
                              R"(,"unread":0,"type":"read","upto":")" + second.id + "\"}");
}

TEST_CASE_METHOD(script_log, "a clock that jumps back makes no time twice", "[redis][integration]")
{
    server.command({"RPUSH", channel, R"(1732657160000-41-8000000000000999 {"unread":3,"m":1})"});
    CHECK(send(hey).position() == "1732657160000-42-8000000000001000");
    CHECK(send(hey).position() == "1732657160000-43-8000000000001001");
    CHECK_THAT(last(), EndsWith(R"( {"unread":5,"message":"Hey"})"));
}

TEST_CASE_METHOD(script_log, "a log that a read has begun goes on with number 1",
                 "[redis][integration]")
{
    auto const begin = read("").base;
    auto const sent = send(hey);
    CHECK(sent.id == begin.substr(0, 13) + "-1");
    CHECK_THAT(last(), EndsWith(R"( {"unread":1,"message":"Hey"})"));
    CHECK(parse_position(begin)->precedes(parse_position(sent.position()).value()));
}

TEST_CASE_METHOD(script_log, "a full log loses its oldest entries, and their count",
                 "[redis][integration]")
{
    for (int i = 1; i <= 5; ++i) send(message(i), {"max-entries", "3"});
    CHECK(elements().size() == 3);
    CHECK_THAT(elements().front(), EndsWith(R"("message":"3"})"));
    CHECK_THAT(last(), Contains(R"("unread":3)"));
    CHECK_THAT(last(), Contains("-5-"));

    SECTION("an entry that was read is not counted twice")
    {
        auto const id = last().substr(0, 14);
        mark({id + "3"});
        CHECK_THAT(last(), Contains(R"("unread":2,"type":"read")"));
        send(hey, {"max-entries", "3"});  // takes 3 and 4 away: one was read
        CHECK(elements().size() == 3);
        CHECK_THAT(last(), Contains(R"("unread":2,)"));
        send(hey, {"max-entries", "1"});  // takes 5, the mark, and one more away
        CHECK(elements().size() == 1);
        CHECK_THAT(last(), Contains(R"("unread":1,)"));
    }
    SECTION("a larger log has room again")
    {
        send(hey, {"max-entries", "10"});
        CHECK(elements().size() == 4);
        CHECK_THAT(last(), Contains(R"("unread":4,)"));
    }
}

TEST_CASE_METHOD(script_log, "a log keeps 1000 entries unless told otherwise",
                 "[redis][integration]")
{
    for (int i = 1; i <= 1002; ++i) send(hey);
    CHECK(server.number({"LLEN", channel}) == 1000);
    CHECK_THAT(last(), Contains(R"(-1002-)") && Contains(R"("unread":1000,)"));
}

TEST_CASE_METHOD(script_log, "a log lives as long as its entries are to be kept, and an hour more",
                 "[redis][integration]")
{
    send(hey);
    CHECK(ttl(channel) == 2'595'600);
    server.command({"EXPIRE", channel, "2592001"});
    send(hey);
    CHECK(ttl(channel) == 2'592'001);  // an hour has not passed
    server.command({"EXPIRE", channel, "2591999"});
    send(hey);
    CHECK(ttl(channel) == 2'595'600);

    send(hey, {"keep", "60"});
    CHECK(ttl(channel) == 2'595'600);  // the entries before are still to be kept
    server.command({"DEL", channel});
    send(hey, {"keep", "60"});
    CHECK(ttl(channel) == 3660);
    send(hey);
    CHECK(ttl(channel) == 2'595'600);
}

TEST_CASE_METHOD(script_log, "what stands beside a log lives as long", "[redis][integration]")
{
    auto const first = send(hey, {"key", "a"});
    mark({first.id});
    CHECK(ttl(keys_key) == 2'595'600);
    CHECK(ttl(read_key) >= 2'595'600);
    CHECK(ttl(read_key) <= 2'595'601);
    server.command({"EXPIRE", channel, "100"});
    server.command({"EXPIRE", read_key, "101"});
    server.command({"EXPIRE", keys_key, "101"});
    send(hey);
    for (auto const& key : {channel, read_key, keys_key}) CHECK(ttl(key) == 2'595'600);
}

TEST_CASE_METHOD(script_log, "an id that is sent again changes nothing and has the first's answer",
                 "[redis][integration]")
{
    auto const first = send(hey, {"id", "order-1"});
    send(hey);
    auto const again = send(R"({"message":"other"})", {"id", "order-1"});
    CHECK(again.receivers == -1);
    CHECK(again.position() == first.position());
    CHECK(elements().size() == 2);
    CHECK(send(hey, {"id", "order-2"}).receivers == 0);
    auto const key = "{" + channel + "}:id:order-1";
    CHECK(server.text({"GET", key}) == first.position());
    CHECK(ttl(key) == 86'400);
}

TEST_CASE_METHOD(script_log, "a key replaces its former entry in the count", "[redis][integration]")
{
    auto const unread = [this] { return last().substr(last().find(' ') + 1, 11); };
    auto const first = send(hey, {"key", "build"});
    send(hey, {"key", "mail"});
    send(hey);
    CHECK(unread() == R"({"unread":3)");
    auto const second = send(hey, {"key", "build"});
    CHECK(unread() == R"({"unread":3)");
    send(hey, {"key", "build"});
    CHECK(unread() == R"({"unread":3)");

    SECTION("what was replaced is read, and cannot be read again")
    {
        CHECK(mark({first.id, second.id}).id.empty());
    }
    SECTION("once it is read, the next one counts")
    {
        mark({"all"});
        send(hey, {"key", "build"});
        CHECK(unread() == R"({"unread":1)");
    }
    SECTION("a trim does not count what was replaced")
    {
        send(hey, {"max-entries", "3"});  // 4 to 6 stay; 2 and 3 were unread
        CHECK(elements().size() == 3);
        CHECK(unread() == R"({"unread":2)");  // 5 and 6
    }
    SECTION("a log that was made anew knows no keys")
    {
        server.command({"DEL", channel});
        for (int i = 0; i < 3; ++i) send(hey);
        send(hey, {"key", "build"});
        CHECK(unread() == R"({"unread":4)");
    }
}

TEST_CASE_METHOD(script_log, "a key is a field of the notification, however it is given",
                 "[redis][integration]")
{
    send(R"({"message":"a","key":"b"})");
    send(R"({"message":"c"})", {"key", "b"});
    CHECK_THAT(last(), EndsWith(R"( {"unread":1,"key":"b","message":"c"})"));
    send(R"({"message":"d","key":"\"é/","title":"","level":"warning","link":"/","ttl":1})");
    CHECK_THAT(last(), Contains(R"({"unread":2,"message":"d",)"));
    send(hey, {"key", "\"é/"});
    CHECK_THAT(last(), EndsWith(R"( {"unread":2,"key":"\"é\/","message":"Hey"})"));
}

TEST_CASE_METHOD(script_log, "keys whose entries are gone are forgotten", "[redis][integration]")
{
    for (int i = 0; i < 50; ++i) send(hey, {"max-entries", "4", "key", "key-" + std::to_string(i)});
    CHECK(server.number({"HLEN", keys_key}) <= 8);
    CHECK(server.text({"HGET", keys_key, "key-49"}) == last().substr(0, last().find('-', 14)));
    CHECK_THAT(last(), Contains(R"("unread":4,)"));
}

TEST_CASE_METHOD(script_log, "a notification goes on in one line, as it came otherwise",
                 "[redis][integration]")
{
    send(" \n{\n\t\"message\": \"H\\u00e9\",\r\n  \"data\": {\"id\": 1}\n}\n");
    CHECK_THAT(last(),
               EndsWith(" {\"unread\":1, \t\"message\": \"H\\u00e9\",    \"data\": {\"id\": "
                        "1} } "));
}

TEST_CASE_METHOD(script_log, "what is no notification is refused, and why", "[redis][integration]")
{
    auto const no_object = "NOTIFY this is no JSON object";
    for (auto const* json : {"", "Hey", "[]", "\"{}\"", "1", "null", "{\"message\":\"a\"", "{}x"})
        CHECK_THAT(send(json).error, StartsWith(no_object));
    for (auto const* json : {"{}", R"({"message":1})", R"({"message":null})", R"({"text":"a"})"})
        CHECK_THAT(send(json).error, StartsWith("NOTIFY there is no text in \"message\""));
    for (auto const* name : {"id", "at", "unread", "type", "\\u0069d"})
        for (auto const* value : {"1", "null", "false"})
            CHECK_THAT(
                send(R"({"message":"a",")" + std::string{name} + R"(":)" + value + "}").error,
                Contains("are not the sender's to give"));
    auto const with = [this](std::string const& field) {
        return send(R"({"message":"a",)" + field + "}").error;
    };
    for (auto const* name : {"title", "level", "link", "event", "key"})
        for (auto const* value : {"1", "null", "false", "{}"})
            CHECK(with('"' + std::string{name} + "\":" + value) ==
                  "NOTIFY \"" + std::string{name} + "\" is no text: leave it out, or give one");
    CHECK(with(R"("level":"loud")") ==
          "NOTIFY \"level\" is 'loud': give info, success, warning or error");
    for (auto const* ttl : {"0", "-1", "1.5", "\"5\"", "null", "3200000001", "false"})
        CHECK(with(R"("ttl":)" + std::string{ttl}) ==
              "NOTIFY \"ttl\" is no number of seconds: give a whole one from 1 on");
    CHECK(with(R"("key":"")") == "NOTIFY \"key\" has 0 bytes: give 1 to 255");
    CHECK(send(R"({"message":"a","key":"b"})", {"key", "c"}).error ==
          "NOTIFY there are two keys: give one");
    CHECK(run(redis::send_script(), {}).view().text() ==
          "NOTIFY there is no notification: give a JSON object");
    CHECK(server.number({"DBSIZE"}) == 0);
}

TEST_CASE_METHOD(script_log, "options that are wrong are refused, and why", "[redis][integration]")
{
    auto const error = [this](texts options) { return send(hey, std::move(options)).error; };
    CHECK(error({"max"}) == "NOTIFY the option 'max' has no value");
    CHECK_THAT(error({"max", "1"}), StartsWith("NOTIFY there is no option 'max': there are"));
    for (auto const* n : {"", "0", "-1", "1.5", "1e3", "0x10", "1234567890", "ten"}) {
        CHECK_THAT(error({"keep", n}), StartsWith("NOTIFY keep is '" + std::string{n} + "': give"));
        CHECK_THAT(error({"max-entries", n}), StartsWith("NOTIFY max-entries is '"));
    }
    CHECK(error({"id", ""}) == "NOTIFY id has 0 bytes: give 1 to 255");
    CHECK(error({"key", std::string(256, 'k')}) == "NOTIFY key has 256 bytes: give 1 to 255");
    CHECK_THAT(error({"reply", "a\"b", "ask", "seen"}), StartsWith("NOTIFY reply is 'a\"b':"));
    CHECK_THAT(error({"reply", "a", "ask", "read"}), StartsWith("NOTIFY ask is 'read':"));
    CHECK_THAT(error({"reply", "a"}), Contains("belong together"));
    CHECK_THAT(error({"ask", "seen"}), Contains("belong together"));
    CHECK(server.number({"DBSIZE"}) == 0);
}

TEST_CASE_METHOD(script_log, "a key of another type, or a list of another kind, stays as it is",
                 "[redis][integration]")
{
    server.command({"SET", channel, "x"});
    for (auto const& error : {send(hey).error, mark({"all"}).error, read("").error})
        CHECK(error ==
              "WRONGTYPE the key '" + channel + "' is no log of notify: delete or rename it");
    server.command({"DEL", channel});
    for (auto const* element :
         {"x", "1732657160000-x-1732657160000000 {}", "1732657160000-1-1732657160000000 {}",
          "-----------------------------------------------------------"}) {
        server.command({"RPUSH", channel, element});
        for (auto const& error : {send(hey).error, mark({"all"}).error})
            CHECK(error ==
                  "NOTIFY the list '" + channel + "' ends with what is no entry: delete the list");
    }
    CHECK(server.number({"LLEN", channel}) == 4);
}

TEST_CASE_METHOD(script_log, "what Redis may not publish is not stored either",
                 "[redis][integration]")
{
    auto const first = send(hey);
    server.command({"ACL", "SETUSER", "default", "resetchannels"});
    CHECK_THAT(send(hey).error, Contains("publish") || Contains("NOPERM"));
    CHECK_THAT(mark({"all"}).error, Contains("publish") || Contains("NOPERM"));
    server.command({"ACL", "SETUSER", "default", "allchannels"});
    CHECK(elements().size() == 1);
    CHECK(mark({"all"}).unread == 0);
}
