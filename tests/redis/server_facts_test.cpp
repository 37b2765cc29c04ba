// SPDX-License-Identifier: MIT
#include "redis/server_facts.hpp"

#include "support/catch.hpp"

#include <string>

using namespace notify::redis;

namespace {

// Calls f with the one reply that bytes hold.
template <class F>
auto with_reply(std::string const& bytes, F f)
{
    reply_reader reader;
    reader.feed(bytes);
    return f(**reader.next());
}

std::string info(std::string const& text)
{
    return "$" + std::to_string(text.size()) + "\r\n" + text + "\r\n";
}

}  // namespace

TEST_CASE("INFO tells version and mode, or nothing", "[redis][unit]")
{
    server_facts facts;
    auto const learn = [&](reply_view r) { learn_info(facts, r); };
    with_reply("-NOPERM this user has no permissions\r\n", learn);
    with_reply(":1\r\n", learn);
    with_reply(info(""), learn);
    with_reply(info("redis_version\r\nredis_mode\r\nx:y"), learn);
    with_reply(info("redis_version:\x1b[2J evil\r\n"), learn);
    CHECK(facts.version.empty());
    CHECK(facts.mode.empty());
    with_reply(info("# Server\r\nredis_version:7.0.15\r\nredis_mode:cluster\r\nos:Linux"), learn);
    CHECK(facts.version == "7.0.15");
    CHECK(facts.mode == "cluster");
    CHECK_FALSE(unfit(facts).empty());
}

TEST_CASE("ROLE tells a master from what is none", "[redis][unit]")
{
    auto const is_fit = [](std::string const& bytes) {
        server_facts facts;
        with_reply(bytes, [&](reply_view r) { learn_role(facts, r); });
        return unfit(facts).empty();
    };
    CHECK(is_fit("*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n"));
    CHECK_FALSE(is_fit("*2\r\n$5\r\nslave\r\n$9\r\n127.0.0.1\r\n"));
    CHECK_FALSE(is_fit("*2\r\n$8\r\nsentinel\r\n*0\r\n"));
    CHECK(is_fit("-NOPERM no\r\n"));
    CHECK(is_fit("*0\r\n"));
}

TEST_CASE("errors of the server are told from errors of a command", "[redis][unit]")
{
    auto const is_wrong = [](std::string const& text) {
        return with_reply("-" + text + "\r\n", is_wrong_server);
    };
    for (auto const* text :
         {"READONLY You can't write against a read only replica.", "MASTERDOWN Link with MASTER",
          "LOADING Redis is loading", "MOVED 1 127.0.0.1:1", "NOAUTH Authentication required.",
          "ERR Error running script (call to f_1): @user_script:1: -READONLY You can't write"})
        CHECK(is_wrong(text));
    for (auto const* text : {"NOPERM no", "ERR unknown command", "WRONGTYPE Operation", "",
                             "READONLYX", "MISCONF Redis is configured to save"})
        CHECK_FALSE(is_wrong(text));
    CHECK_FALSE(with_reply("+READONLY \r\n", is_wrong_server));
    CHECK(with_reply("-ERR unknown command `GETDEL`\r\n", is_refused_command));
    CHECK(with_reply("-NOPERM no\r\n", is_refused_command));
    CHECK_FALSE(with_reply("-ERR other\r\n", is_refused_command));
}
