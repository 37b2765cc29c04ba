// SPDX-License-Identifier: MIT
#include "publish/publisher.hpp"

#include "support/await.hpp"
#include "support/catch.hpp"
#include "support/redis_server.hpp"

#include <optional>

using namespace notify;
using notify::test::await;
using notify::test::run_until;

namespace {

struct publisher_fixture {
    publisher_fixture()
    {
        client.start();
        REQUIRE(await(context, client.ready()));
    }

    // What becomes of a message, in both ways to send it: they must agree.
    publish_result send(std::string_view user, std::string_view message)
    {
        user_id const to = parse_user_id(user).value();
        std::optional<publish_result> told;
        sender.send(to, message, [&](publish_result r) { told = std::move(r); });
        CHECK_FALSE(told.has_value());  // not from within send()
        run_until(context, [&] { return told.has_value(); });
        auto const awaited = await(context, sender.async_send(to, std::string{message}));
        CHECK(awaited.has_value() == told->has_value());
        if (!awaited && !*told) CHECK(awaited.error().is_lost == told->error().is_lost);
        return std::move(*told);
    }

    test::redis_server server;
    net::io_context context;
    redis::redis_client client{context.get_executor(),
                               redis::parse_redis_url(server.url()).value()};
    publisher sender{client};
};

}  // namespace

TEST_CASE("what is published to a user who is nowhere is received by nobody", "[publish][unit]")
{
    publisher_fixture f;
    auto const sent = f.send("12345", "Hey");
    REQUIRE(sent.has_value());
    CHECK(*sent == 0);
}

TEST_CASE("a message that Redis refuses is not lost, and says why", "[publish][unit]")
{
    publisher_fixture f;
    f.server.command({"ACL", "SETUSER", "default", "-publish"});
    auto const refused = f.send("12345", "Hey");
    REQUIRE_FALSE(refused.has_value());
    CHECK_FALSE(refused.error().is_lost);
    CHECK_THAT(refused.error().why, Catch::StartsWith("Redis refused it: \"NOPERM"));
}

TEST_CASE("a message on its way when Redis goes is lost, perhaps", "[publish][unit]")
{
    publisher_fixture f;
    f.server.kill();
    auto const lost = f.send("12345", "Hey");
    REQUIRE_FALSE(lost.has_value());
    CHECK(lost.error().is_lost);
    CHECK_FALSE(lost.error().why.empty());
}
