// SPDX-License-Identifier: MIT
#include "publish/publisher.hpp"

#include "support/await.hpp"
#include "support/catch.hpp"
#include "support/redis_server.hpp"

#include <iterator>
#include <optional>
#include <sstream>

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
        sender.live(to, message, [&](publish_result r) { told = std::move(r); });
        CHECK_FALSE(told.has_value());  // not from within send()
        run_until(context, [&] { return told.has_value(); });
        auto const awaited = await(context, sender.async_live(to, std::string{message}));
        CHECK(awaited.has_value() == told->has_value());
        if (!awaited && !*told) CHECK(awaited.error().is_lost == told->error().is_lost);
        return std::move(*told);
    }

    store_result store(std::string_view object, storing const& how = {})
    {
        user_id const to = parse_user_id("12345").value();
        std::optional<store_result> told;
        sender.store(to, object, how, [&](store_result r) { told = std::move(r); });
        CHECK_FALSE(told.has_value());
        run_until(context, [&] { return told.has_value(); });
        return std::move(*told);
    }

    test::redis_server server;
    net::io_context context;
    redis::redis_client client{context.get_executor(),
                               redis::parse_redis_url(server.url()).value()};
    publisher sender{client};
};

std::vector<std::string> words(std::string_view text)
{
    std::istringstream in{std::string{text}};
    return {std::istream_iterator<std::string>{in}, {}};
}

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

TEST_CASE("what is stored is said with its id, its time and who received it", "[publish][unit]")
{
    publisher_fixture f;
    auto const sent = f.store(R"({"message":"Hey"})");
    REQUIRE(sent.has_value());
    CHECK(sent->receivers == 0);
    CHECK_FALSE(sent->is_repeated);
    CHECK(f.server.text({"LINDEX", "/app/user/12345/notifications", "-1"}) ==
          sent->id + '-' + std::to_string(sent->at) + R"( {"unread":1,"message":"Hey"})");

    auto const to = parse_user_id("12345").value();
    auto const second = await(f.context, f.sender.async_store(to, R"({"message":"Ho"})", {}));
    REQUIRE(second.has_value());
    CHECK(second->at > sent->at);
}

TEST_CASE("how to store it reaches Redis", "[publish][unit]")
{
    publisher_fixture f;
    storing how;
    how.id = "order-1";
    how.keep = 60;
    how.max_entries = 1;
    auto const first = f.store(R"({"message":"Hey"})", how);
    auto const again = f.store(R"({"message":"Hey"})", how);
    REQUIRE(again.has_value());
    CHECK(again->is_repeated);
    CHECK(again->id == first->id);
    CHECK(again->at == first->at);
    CHECK(f.server.number({"TTL", "/app/user/12345/notifications"}) == 3660);
    how.id = "order-2";
    f.store(R"({"message":"Hey"})", how);
    CHECK(f.server.number({"LLEN", "/app/user/12345/notifications"}) == 1);
}

TEST_CASE("what is no notification is refused with the script's sentence", "[publish][unit]")
{
    publisher_fixture f;
    auto const refused = f.store("Hey");
    REQUIRE_FALSE(refused.has_value());
    CHECK_FALSE(refused.error().is_lost);
    CHECK_FALSE(refused.error().is_forbidden);
    CHECK_THAT(refused.error().why, Catch::StartsWith("Redis refused it: this is no JSON object"));
}

TEST_CASE("who may not store is told what to grant", "[publish][unit]")
{
    publisher_fixture f;
    storing how;
    how.id = "a";
    auto const [denied, missing] = GENERATE(
        table<std::string_view, std::string_view>({{"-evalsha", rights_to_store::commands},
                                                   {"-rpush", rights_to_store::commands},
                                                   {"-set", rights_to_store::commands},
                                                   {"resetkeys", rights_to_store::keys},
                                                   {"resetchannels", rights_to_store::channels}}));
    f.server.command({"ACL", "SETUSER", "default", denied});
    auto const refused = f.store(R"({"message":"Hey"})", how);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().is_forbidden);
    CHECK_THAT(refused.error().why,
               Catch::EndsWith("takes ACL SETUSER default " + std::string{missing}));
}

TEST_CASE("the rights to store are enough for all that is done", "[publish][unit]")
{
    publisher_fixture f;
    auto const rights =
        words(std::string{rights_to_store::keys} + ' ' + std::string{rights_to_store::channels} +
              ' ' + std::string{rights_to_store::commands});
    std::vector<std::string_view> command{"ACL", "SETUSER", "web", "on", ">pw"};
    command.insert(command.end(), rights.begin(), rights.end());
    f.client.command(std::span<std::string_view const>{command},
                     [](result<redis::reply_view> const&) {});
    REQUIRE(f.store(R"({"message":"Hey"})").has_value());  // after the command

    auto url = f.server.url();
    url.replace(0, 8, "redis://web:pw@");
    redis::redis_client client{f.context.get_executor(), redis::parse_redis_url(url).value()};
    client.start();
    REQUIRE(await(f.context, client.ready()));
    publisher sender{client};
    auto const to = parse_user_id("12345").value();
    for (int i = 0; i < 9; ++i) {
        storing how{"a" + std::to_string(i), 60, 2};
        auto const sent =
            await(f.context, sender.async_store(to, R"({"message":"Hey","key":"k"})", how));
        INFO((sent ? "" : sent.error().why));
        CHECK(sent.has_value());
    }
}
