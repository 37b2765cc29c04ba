// SPDX-License-Identifier: MIT
#include "redis/lua_script.hpp"

#include "support/await.hpp"
#include "support/catch.hpp"
#include "support/redis_server.hpp"

using namespace notify;
using namespace notify::redis;
using notify::test::await;
using notify::test::redis_server;
using notify::test::run_until;

namespace {

struct lua_script_fixture {
    lua_script_fixture()
    {
        client.start();
        REQUIRE(await(context, client.ready()));
    }

    std::string answer(std::string key, std::vector<std::string> args)
    {
        auto const r = await(context, script.async_run(client, std::move(key), std::move(args)));
        return r ? std::string{r->view().text()} : r.error().message;
    }

    lua_script const script{"return KEYS[1] .. ':' .. table.concat(ARGV, ',')"};
    redis_server server;
    net::io_context context;
    redis_client client{context.get_executor(), parse_redis_url(server.url()).value()};
};

}  // namespace

TEST_CASE("a script is known by the SHA-1 of its text", "[redis][unit]")
{
    CHECK(lua_script{"return 1"}.sha1() == "e0e1f9fabfc9d4800c877a703b823ac0578ff8db");
}

TEST_CASE_METHOD(lua_script_fixture, "a script that Redis has forgotten runs all the same",
                 "[redis][integration]")
{
    CHECK(answer("k", {"a", std::string{"b\0\r\n", 4}}) == std::string{"k:a,b\0\r\n", 8});
    CHECK(server.number({"SCRIPT", "EXISTS", script.sha1()}) == 0);  // an array
    CHECK(server.command({"SCRIPT", "EXISTS", script.sha1()}).view()[0].integer() == 1);
    server.command({"SCRIPT", "FLUSH"});
    CHECK(answer("k", {}) == "k:");
}

TEST_CASE_METHOD(lua_script_fixture, "a script that is loaded is sent by its name",
                 "[redis][integration]")
{
    std::string told;
    script.load(client, [&](result<reply_view> const& r) { told = r->text(); });
    REQUIRE(run_until(context, [&] { return !told.empty(); }));
    CHECK(told == script.sha1());
    CHECK(answer("k", {"a"}) == "k:a");
    CHECK_THAT(server.text({"INFO", "commandstats"}), !Catch::Contains("cmdstat_eval:"));
}

TEST_CASE_METHOD(lua_script_fixture, "a script's arguments may go before its answer comes",
                 "[redis][integration]")
{
    std::string told;
    {
        std::string const key(40, 'k');
        std::string const argument(40, 'a');
        script.run(client, key, {argument}, [&](result<reply_view> const& r) { told = r->text(); });
    }
    REQUIRE(run_until(context, [&] { return !told.empty(); }));
    CHECK(told == std::string(40, 'k') + ":" + std::string(40, 'a'));
}

TEST_CASE_METHOD(lua_script_fixture, "a script that cannot reach Redis says so",
                 "[redis][integration]")
{
    server.kill();
    CHECK_THAT(answer("k", {}), Catch::Contains("Redis"));
}
