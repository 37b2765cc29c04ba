// SPDX-License-Identifier: MIT
//
// Clients of Socket.IO 2, which speak its protocol 4 over Engine.IO 3.
#include "support/socket_fixture.hpp"

#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace notify;
using namespace notify::test;
using eio::close_reason;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

using strings = std::vector<std::string>;

struct old_client : socket_fixture {
    explicit old_client(bool offer_main = true) : socket_fixture{{}, {3}, offer_main} {}
};

}  // namespace

TEST_CASE("an old client is in the main namespace without asking", "[socketio][unit]")
{
    old_client f;
    CHECK(f.heard() == strings{"40"});
    CHECK(f.main.log == strings{"connect {}"});
    f.say(R"(42["x",1])");
    CHECK(f.main.log.back() == R"(event ["x",1])");
    f.shard.context.flushes.flush();
    f.main.last->emit({"y", 2});
    CHECK(f.heard() == strings{R"(42["y",2])"});
}

TEST_CASE("an old client joins a namespace, and its query is its auth", "[socketio][unit]")
{
    old_client f;
    f.heard();
    f.say("40/chat?token=a%20b&uuid=7,");
    CHECK(f.chat.log == strings{R"(connect {"token":"a b","uuid":"7"})"});
    CHECK(f.heard() == strings{"40/chat,"});
    f.say(R"(42/chat,["x"])");
    CHECK(f.chat.log.back() == R"(event ["x"])");
    f.chat.last->emit({"y"});
    CHECK(f.heard() == strings{R"(42/chat,["y"])"});
    CHECK(f.s->open());
}

TEST_CASE("an old client joins without a query", "[socketio][unit]")
{
    old_client f;
    f.heard();
    f.say("40/chat");
    CHECK(f.heard() == strings{"40/chat,"});
    CHECK(f.chat.log == strings{"connect {}"});
}

TEST_CASE("an old client that joins twice, with another query or without, is cut",
          "[socketio][unit]")
{
    for (auto const again : {"40/chat,", "40/chat?x=1,", "40/chat?,", "40"}) {
        CAPTURE(again);
        old_client f;
        f.say("40/chat?x=2,");
        f.say(again);
        CHECK(f.shard.closed(close_reason::parse_error) == 1);
    }
}

TEST_CASE("an old client is refused with a string", "[socketio][unit]")
{
    old_client f;
    f.heard();
    f.say("40/nowhere?x=1,");
    CHECK(f.heard() == strings{R"(44/nowhere,"Invalid namespace")"});
    f.chat.refusal = "log \"in\" first";
    f.say("40/chat,");
    CHECK(f.heard() == strings{R"(44/chat,"log \"in\" first")"});
    CHECK(f.s->open());
}

TEST_CASE("an old client is told that it is in a main namespace that nobody offers",
          "[socketio][unit]")
{
    old_client f{false};
    CHECK(f.heard() == strings{"40"});
    f.say(R"(42["to","nobody"])");
    f.say(R"(421["to","nobody"])");
    f.say("41");
    CHECK(f.s->open());
    f.say("40/chat,");
    CHECK(f.heard() == strings{"431[]", "40/chat,"});
    CHECK(f.chat.log == strings{"connect {}"});
}

TEST_CASE("an old client that left a main namespace that nobody offers may join it again",
          "[socketio][unit]")
{
    old_client f{false};
    f.heard();
    f.say("41");
    f.say("40");
    CHECK(f.heard() == strings{"40"});
    f.say("40");
    CHECK(f.shard.closed(close_reason::parse_error) == 1);
}

TEST_CASE("an old client that joins nothing that is offered is not kept", "[socketio][unit]")
{
    old_client f{false};
    for (int i = 0; i < 46; ++i) {
        f.say("2");
        f.shard.pass(1s);
    }
    CHECK(f.shard.closed(close_reason::no_connect) == 1);
}

TEST_CASE("an old client's events for a namespace that it never joined are an error",
          "[socketio][unit]")
{
    old_client f;
    f.say(R"(42/chat,["x"])");
    CHECK(f.shard.closed(close_reason::parse_error) == 1);
}

TEST_CASE("an old client leaves a namespace and keeps the others", "[socketio][unit]")
{
    old_client f;
    f.say("40/chat,");
    f.say("41/chat,");
    CHECK(f.chat.log.back() == "disconnect client_closed");
    f.say(R"(42["x"])");
    CHECK(f.main.log.back() == R"(event ["x"])");
    CHECK(f.s->open());
}
