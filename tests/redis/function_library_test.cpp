// SPDX-License-Identifier: MIT
#include "redis/function_library.hpp"

#include "redis/lua_script.hpp"
#include "support/await.hpp"
#include "support/catch.hpp"
#include "support/redis_server.hpp"

using namespace notify;
using namespace notify::redis;
using notify::test::await;
using notify::test::redis_server;

namespace {

using library_is = function_library_state::kind;

struct function_library_fixture {
    function_library_state provide()
    {
        redis_client client{context.get_executor(), parse_redis_url(server.url()).value()};
        client.start();
        REQUIRE(await(context, client.ready()));
        return await(context, async_provide_functions(client));
    }

    reply call(std::string_view name, std::string_view argument) const
    {
        return server.command({"FCALL", name, "1", "/app/user/7/notifications", argument});
    }

    redis_server server;
    net::io_context context;
};

}  // namespace

TEST_CASE("a changed script has another version of the library", "[redis][unit]")
{
    // After a change, raise function_library_version and write both here.
    CHECK(function_library_version == 1);
    CHECK(lua_script{function_library_text()}.sha1() == "664590313261d1fe13c70995da86a33126dbeabc");
}

TEST_CASE_METHOD(function_library_fixture, "the functions do what the scripts do",
                 "[redis][integration]")
{
    REQUIRE(provide().what == library_is::loaded);
    auto const sent = call("notify_send", R"({"message":"Hey"})");
    REQUIRE(sent.view().size() == 3);
    auto const id = std::string{sent.view()[0].text()};
    CHECK(server.text({"LINDEX", "/app/user/7/notifications", "-1"}) ==
          id + '-' + std::string{sent.view()[2].text()} + R"( {"unread":1,"message":"Hey"})");
    CHECK(call("notify_read", "all").view()[3].text().substr(0, id.size()) == id);
    CHECK(call("notify_mark", id).view()[3].integer() == 0);
    CHECK(call("notify_send", "Hey").view().text() ==
          R"(NOTIFY this is no JSON object: give one such as {"message":"Hey"})");
}

TEST_CASE_METHOD(function_library_fixture, "the library is loaded once, and replaces an older one",
                 "[redis][integration]")
{
    auto const version = [](std::int64_t n) {
        return "#!lua name=notify\nredis.register_function{function_name='notify_version', "
               "callback=function() return " +
               std::to_string(n) + " end, flags={'no-writes'}}";
    };
    auto const now = [this] { return server.number({"FCALL_RO", "notify_version", "0"}); };
    server.command({"FUNCTION", "LOAD", version(function_library_version - 1)});
    CHECK(provide().what == library_is::loaded);
    CHECK(provide().what == library_is::there);
    CHECK(now() == function_library_version);
    server.command({"FUNCTION", "LOAD", "REPLACE", version(function_library_version + 1)});
    CHECK(provide().what == library_is::there);
    CHECK(now() == function_library_version + 1);
}

TEST_CASE_METHOD(function_library_fixture, "a Redis without functions, or not for us, says why",
                 "[redis][integration]")
{
    server.command({"ACL", "SETUSER", "default", "-function"});
    auto const loads = provide();
    CHECK(loads.what == library_is::unavailable);
    CHECK_THAT(loads.why, Catch::Contains("NOPERM"));
    server.command({"ACL", "SETUSER", "default", "-fcall_ro"});
    CHECK(provide().what == library_is::unavailable);
}

TEST_CASE("a Redis before 7.0 has no functions", "[redis][integration]")
{
    redis_server server{{{}, false, {"--rename-command", "FCALL_RO", ""}}};
    net::io_context context;
    redis_client client{context.get_executor(), parse_redis_url(server.url()).value()};
    client.start();
    REQUIRE(await(context, client.ready()));
    auto const none = await(context, async_provide_functions(client));
    CHECK(none.what == library_is::unavailable);
    CHECK(none.why == "functions take Redis 7.0 or later");
}
