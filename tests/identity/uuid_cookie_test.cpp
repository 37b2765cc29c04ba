// SPDX-License-Identifier: MIT
#include "identity/uuid_cookie.hpp"

#include "support/await.hpp"
#include "support/catch.hpp"
#include "support/redis_server.hpp"

using namespace notify;
using namespace std::chrono_literals;
using namespace std::string_literals;
using notify::test::await;
using notify::test::run_until;

namespace {

struct uuid_cookie_fixture {
    uuid_cookie_fixture()
    {
        client.start();
        REQUIRE(await(context, client.ready()));
    }

    // Whose it is, or "redis: …" or "unknown: …".
    std::string consume(std::string_view uuid)
    {
        std::string told;
        cookies.consume(uuid, [&](identity_answer const& who) {
            told =
                who ? who->text()
                    : (who.error().code == internal_code::redis_failed ? "redis: " : "unknown: ") +
                          who.error().for_log();
        });
        CHECK(told.empty());
        run_until(context, [&] { return !told.empty(); });
        return told;
    }

    std::string mint(std::string_view user, std::chrono::milliseconds ttl = 5s)
    {
        return await(context, cookies.mint(parse_user_id(user).value(), ttl)).value();
    }

    test::redis_server server;
    net::io_context context;
    redis::redis_client client{context.get_executor(),
                               redis::parse_redis_url(server.url()).value()};
    uuid_cookies cookies{client};
};

}  // namespace

TEST_CASE("a uuidCookie's value is read in all forms that occur", "[identity][unit]")
{
    auto const value = GENERATE(as<std::string>{}, R"({"userId":"123"})", R"({"userId": 123})",
                                "123", "\"123\"", " 123\n", R"({"x":[],"userId":"123"})");
    CAPTURE(value);
    CHECK(parse_uuid_cookie_value(value).value().text() == "123");
}

TEST_CASE("a uuidCookie may hold any user id", "[identity][unit]")
{
    auto const user = GENERATE(as<std::string>{}, "a@b.c+d:e_f-1", "auth0|5f7c",
                               "o'brien@example.org", "Jos\u00e9=");
    CAPTURE(user);
    CHECK(parse_uuid_cookie_value(R"({"userId":")" + user + "\"}").value().text() == user);
}

TEST_CASE("a uuidCookie's value that names nobody is refused", "[identity][unit]")
{
    auto const value = GENERATE(
        as<std::string>{}, "", "null", "false", "\"\"", "{}", "[]", "abc", R"({"userId":null})",
        R"({"userId":""})", R"({"userId":"a/b"})", R"({"userId":-1})", R"({"userId":1.5})",
        R"({"userId":{}})", R"({"userId":"null"})", R"({"userId":"a\u0000"})", "\xff", "-5",
        R"({"userId":"1"} x)", R"({"userId":false})", R"({"userId":["1"]})", R"({"userId":"1 2"})",
        R"({"userId":"1\u00a02"})", R"({"userId":"1\n"})", R"({"userId":)", "a/b",
        R"({"userId":")" + std::string(256, '1') + "\"}");
    CAPTURE(value);
    CHECK_FALSE(parse_uuid_cookie_value(value).has_value());
    CHECK_FALSE(parse_uuid_cookie_value(std::string(1 << 20, '[')).has_value());
    CHECK(parse_uuid_cookie_value("\"" + std::string(1 << 20, '1') + "\"").error().message ==
          "the value has 1048578 bytes");
}

TEST_CASE("of an unreadable uuidCookie strangers see a refused user id, and nothing else",
          "[identity][unit]")
{
    auto const why = [](std::string_view value) {
        return parse_uuid_cookie_value(value, shows_value::no).error().message;
    };
    CHECK(why(R"({"userId":"a b"})") ==
          R"(the user id "a b" is refused: it may not hold white space)");
    auto const other =
        GENERATE(as<std::string>{}, "hunter2", R"("hunter2/")", R"({"user":"hunter2"})",
                 R"({"userId":["hunter2"]})", R"({"userId":"hunter2)");
    CHECK(why(other) == R"(it should hold {"userId":"..."})");
}

TEST_CASE("what cannot be a uuid is not looked up", "[identity][unit]")
{
    CHECK(is_uuid_like("0b6f4c8e-2d31-4b55-9f3e-6a1a0f4f2c11"));
    CHECK(is_uuid_like(std::string(128, 'x')));
    for (auto const& text : {""s, " "s, "a b"s, "a\n"s, "\0"s, "ü"s, std::string(129, 'x')})
        CHECK_FALSE(is_uuid_like(text));
}

TEST_CASE_METHOD(uuid_cookie_fixture, "a uuid can be used once", "[identity][integration]")
{
    auto const uuid = mint("12345");
    CHECK(uuid.size() == 36);
    CHECK(server.text({"GET", "cookie-" + uuid}) == R"({"userId":"12345"})");
    CHECK(consume(uuid) == "12345");
    CHECK(server.number({"EXISTS", "cookie-" + uuid}) == 0);
    CHECK(consume(uuid) == "unknown: this uuid is unknown, used up or expired");
}

TEST_CASE_METHOD(uuid_cookie_fixture, "a uuid lives as long as asked", "[identity][integration]")
{
    auto const ms = [&](std::string const& uuid) {
        return server.number({"PTTL", "cookie-" + uuid});
    };
    CHECK(ms(mint("1", 5s)) > 2000);
    CHECK(ms(mint("1", 5s)) <= 5000);
    CHECK(ms(mint("1", 1500ms)) > 0);
    CHECK(ms(mint("1", 1500ms)) <= 1500);
}

TEST_CASE_METHOD(uuid_cookie_fixture, "uuids are told from nonsense", "[identity][integration]")
{
    CHECK(consume("") == "unknown: this is no uuid");
    CHECK(consume("a b") == "unknown: this is no uuid");
    CHECK(consume("no-such-uuid") == "unknown: this uuid is unknown, used up or expired");
    server.command({"SET", "cookie-odd", "null"});
    CHECK(consume("odd") == R"(unknown: unreadable uuidCookie: it should hold {"userId":"..."})");
    server.command({"RPUSH", "cookie-list", "x"});
    CHECK_THAT(consume("list"), Catch::StartsWith("redis: Redis refused: \"WRONGTYPE"));
}

TEST_CASE_METHOD(uuid_cookie_fixture, "checking a uuid does not use it up",
                 "[identity][integration]")
{
    auto const uuid = mint("12345", 60s);
    for (int i = 0; i < 2; ++i) {
        auto const v = await(context, [&]() -> net::awaitable<std::string> {
            auto const found = co_await cookies.check(uuid);
            if (!found) co_return found.error().message;
            CHECK(found->left > 55s);
            co_return found->user.text();
        }());
        CHECK(v == "12345");
    }
    server.command({"SET", "cookie-forever", "7"});
    auto const forever = await(context, [&]() -> net::awaitable<bool> {
        auto const found = co_await cookies.check("forever");
        co_return found.has_value() && !found->left;
    }());
    CHECK(forever);
    auto const absent = await(context, [&]() -> net::awaitable<bool> {
        auto const found = co_await cookies.check("absent");
        co_return !found && found.error().code == internal_code::unknown_uuid;
    }());
    CHECK(absent);
}

TEST_CASE_METHOD(uuid_cookie_fixture, "a revoked uuid is of no more use", "[identity][integration]")
{
    auto const uuid = mint("12345");
    CHECK(await(context, cookies.revoke(uuid)).value());
    CHECK_FALSE(await(context, cookies.revoke(uuid)).value());
    CHECK_THAT(consume(uuid), Catch::StartsWith("unknown: "));
}

TEST_CASE_METHOD(uuid_cookie_fixture, "when Redis is away, that is the reason",
                 "[identity][integration]")
{
    auto const uuid = mint("12345");
    server.kill();
    CHECK_THAT(consume(uuid), Catch::StartsWith("redis: "));
    CHECK_FALSE(await(context, cookies.revoke(uuid)).has_value());
}

TEST_CASE("without GETDEL a script takes a uuidCookie, once", "[identity][integration]")
{
    auto const [args, way, told] =
        GENERATE(table<std::vector<std::string>, uuid_cookies::way, std::string>(
            {{{}, uuid_cookies::way::getdel, "12345"},
             {{"--rename-command", "GETDEL", ""}, uuid_cookies::way::script, "12345"},
             {{"--rename-command", "GETDEL", "", "--rename-command", "EVAL", ""},
              uuid_cookies::way::neither,
              "redis: Redis refused: \"ERR unknown command"}}));
    test::redis_server const server{{.password = "", .tls = false, .args = args}};
    net::io_context context;
    redis::redis_client client{context.get_executor(),
                               redis::parse_redis_url(server.url()).value()};
    uuid_cookies cookies{client};
    client.start();
    REQUIRE(await(context, client.ready()));
    bool const asked_before = GENERATE(true, false);  // or the first user finds out
    std::optional<uuid_cookies::way> found;
    if (asked_before) {
        cookies.find_way([&](uuid_cookies::way w, std::string_view) { found = w; });
        REQUIRE(run_until(context, [&] { return found.has_value(); }));
        CHECK(*found == way);
    }
    auto const consume = [&](std::string_view uuid) {
        std::string answer;
        cookies.consume(uuid, [&](identity_answer const& who) {
            answer = who ? who->text()
                         : (who.error().code == internal_code::redis_failed ? "redis: " : "no: ") +
                               who.error().for_log();
        });
        run_until(context, [&] { return !answer.empty(); });
        return answer;
    };
    auto const uuid = await(context, cookies.mint(parse_user_id("12345").value(), 5s)).value();
    CHECK_THAT(consume(uuid), Catch::StartsWith(told));
    if (way == uuid_cookies::way::neither) return;
    CHECK(server.number({"EXISTS", "cookie-" + uuid}) == 0);
    CHECK_THAT(consume(uuid), Catch::StartsWith("no: this uuid is unknown"));
    server.command({"RPUSH", "cookie-list", "x"});
    CHECK_THAT(consume("list"), Catch::Contains("WRONGTYPE"));
    CHECK(server.number({"EXISTS", "cookie-list"}) == 1);
}
