// SPDX-License-Identifier: MIT
#include "gateway/shared_key.hpp"

#include "support/await.hpp"
#include "support/catch.hpp"
#include "support/redis_server.hpp"

#include <string>

using namespace notify;
using notify::test::await;
using notify::test::run_until;

namespace {

// One gateway's connection to Redis, and its key.
struct gateway_key {
    explicit gateway_key(test::redis_server& server, std::string user = "",
                         std::optional<secret_key> given = {})
        : client{loop.get_executor(), redis::parse_redis_url(server.url().insert(8, user)).value()},
          key{client, std::move(given)}
    {
        client.start();
        REQUIRE(await(loop, client.ready()));
    }

    // Agrees, and waits until that is over.
    secret_key const* agree()
    {
        key.agree([this](std::string_view why) { own = why; });
        REQUIRE(run_until(loop, [&] { return client.pending() == 0; }));
        return key.get();
    }

    net::io_context loop;
    redis::redis_client client;
    shared_key key;
    std::string own;  // why it has a key of its own, if it has
};

}  // namespace

TEST_CASE("gateways find one key in Redis, which the first puts there", "[gateway][integration]")
{
    test::redis_server server;
    gateway_key one{server};
    gateway_key other{server};
    CHECK(one.key.get() == nullptr);
    REQUIRE(one.agree());
    REQUIRE(other.agree());
    CHECK(*one.key.get() == *other.key.get());
    CHECK(server.text({"GET", "notify:secret"}).size() == 64);
    CHECK(secret_key{server.text({"GET", "notify:secret"})} == *one.key.get());
    CHECK(one.own.empty());
}

TEST_CASE("a secret that is in Redis already is the one, whoever put it there",
          "[gateway][integration]")
{
    test::redis_server server;
    std::string const secret = "what an operator has made of dice";
    server.command({"SET", "notify:secret", secret});
    gateway_key g{server};
    REQUIRE(g.agree());
    CHECK(*g.key.get() == secret_key{secret});
    CHECK(server.text({"GET", "notify:secret"}) == secret);

    std::string const next(32, 'n');
    server.command({"SET", "notify:secret", next});
    CHECK(*g.agree() == secret_key{next});
}

TEST_CASE("a Redis that has lost the secret gets it back", "[gateway][integration]")
{
    test::redis_server server;
    gateway_key g{server};
    REQUIRE(g.agree());
    secret_key const before = *g.key.get();
    server.command({"FLUSHALL"});
    CHECK(*g.agree() == before);
    gateway_key later{server};
    CHECK(*later.agree() == before);
}

TEST_CASE("a key that was given in a file is not looked for", "[gateway][integration]")
{
    test::redis_server server;
    secret_key const given{std::string(32, 'f')};
    gateway_key g{server, "", given};
    CHECK(*g.key.get() == given);
    CHECK(*g.agree() == given);
    CHECK(server.number({"EXISTS", "notify:secret"}) == 0);
}

TEST_CASE("where Redis keeps no secret, the process has a key of its own and says why",
          "[gateway][integration]")
{
    test::redis_server server;
    SECTION("an ACL allows neither")
    {
        server.command({"ACL", "SETUSER", "u", "on", ">p", "~cookie-*", "-@all", "+getdel", "+ping",
                        "+info", "+role", "+client|setname"});
        gateway_key g{server, "u:p@"};
        REQUIRE(g.agree());
        CHECK(g.own.find("NOPERM") != g.own.npos);
    }
    SECTION("an ACL allows reading only")
    {
        server.command({"ACL", "SETUSER", "u", "on", ">p", "~*", "-@all", "+get", "+ping", "+info",
                        "+role", "+client|setname"});
        gateway_key g{server, "u:p@"};
        REQUIRE(g.agree());
        CHECK(g.own == "SET did not keep it");
    }
    SECTION("the key is of another type")
    {
        server.command({"LPUSH", "notify:secret", "x"});
        gateway_key g{server};
        REQUIRE(g.agree());
        CHECK(g.own.find("WRONGTYPE") != g.own.npos);
        gateway_key shard_of_same_process{server};
        CHECK(*shard_of_same_process.agree() == *g.key.get());
    }
    SECTION("what is there can be guessed")
    {
        server.command({"SET", "notify:secret", "secret"});
        gateway_key g{server};
        REQUIRE(g.agree());
        CHECK(g.own == "what is there has fewer than 32 bytes");
        CHECK_FALSE(*g.key.get() == secret_key{"secret"});
    }
}

TEST_CASE("while Redis is away there is no key, and a known one stays", "[gateway][integration]")
{
    test::redis_server server;
    gateway_key g{server};
    server.kill();
    REQUIRE(run_until(g.loop, [&] { return !g.client.up(); }));
    CHECK(g.agree() == nullptr);
    server.start();
    REQUIRE(run_until(g.loop, [&] { return g.client.up(); }));
    REQUIRE(g.agree());
    server.kill();
    REQUIRE(run_until(g.loop, [&] { return !g.client.up(); }));
    CHECK(g.agree() != nullptr);
}
