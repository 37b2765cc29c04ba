// SPDX-License-Identifier: MIT
#include "redis/redis_connection.hpp"

#include "support/await.hpp"
#include "support/catch.hpp"
#include "support/redis_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <functional>
#include <memory>

using namespace notify;
using namespace notify::redis;
using namespace std::chrono_literals;
using notify::test::redis_server;
using notify::test::run_until;

namespace {

// Writes down what it is told.
struct diary : redis_connection::owner {
    void on_up() override { note("up"); }
    void on_reply(reply_view r) override
    {
        note(r.is_array()     ? std::string{r[0].text()} + " " + std::string{r[1].text()}
             : r.is_integer() ? std::to_string(r.integer())
                              : std::string{r.text()});
    }
    void on_read_end() override { ++reads; }
    void on_wrong_server(std::string_view) override { wrong_server = true; }
    void on_down(std::string_view reason) override { note("down: " + std::string{reason}); }

    void note(std::string what)
    {
        last = what;
        all.push_back(std::move(what));
        if (then) then();
    }

    [[nodiscard]] auto count(std::string_view what) const
    {
        return std::count(all.begin(), all.end(), what);
    }

    std::vector<std::string> all;
    std::string last;
    int reads = 0;
    bool wrong_server = false;
    std::function<void()> then;
};

redis_options at(std::string const& url) { return parse_redis_url(url).value(); }

redis_options at(tcp::acceptor const& acceptor)
{
    return at("redis://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()));
}

struct redis_connection_fixture {
    void connect(redis_options options)
    {
        connection = std::make_unique<redis_connection>(context.get_executor(), std::move(options),
                                                        owner, policy);
        connection->start();
    }

    bool reaches(std::string_view what, std::chrono::milliseconds within = 10s)
    {
        return run_until(
            context, [&] { return owner.count(what) > 0; }, within);
    }

    // One try; returns the last word.
    std::string try_once(redis_options options)
    {
        policy.keep_trying = false;
        connect(std::move(options));
        run_until(context, [&] { return !owner.all.empty(); });
        return owner.last;
    }

    net::io_context context;
    diary owner;
    redis_policy policy;
    std::unique_ptr<redis_connection> connection;
};

// Answers to CLIENT SETNAME, INFO and ROLE of one that knows the first only.
std::string const handshake = "+OK\r\n-ERR unknown command\r\n-NOPERM no\r\n";

// Accepts one connection and sends bytes, whatever is asked.
net::awaitable<void> babble(tcp::acceptor& acceptor, std::string bytes)
{
    auto peer = co_await acceptor.async_accept(net::use_awaitable);
    co_await net::async_write(peer, net::buffer(bytes), net::use_awaitable);
    std::array<char, 1000> sink;
    for (;;) co_await peer.async_read_some(net::buffer(sink), net::use_awaitable);
}

}  // namespace

TEST_CASE_METHOD(redis_connection_fixture, "a connection comes up and answers in order",
                 "[redis][integration]")
{
    redis_server const server;
    auto const way = GENERATE(0, 1, 2);
    connect(at(way == 0 ? server.url() : way == 1 ? server.socket_url() : server.url() + "/3"));
    CHECK_FALSE(connection->up());
    REQUIRE(reaches("up"));
    CHECK(connection->up());
    connection->send({"SET", "k", "a\r\nb"});
    connection->send({"GET", "k"});
    connection->send({"INCR", "n"});
    connection->send({"NOSUCHCOMMAND"});
    REQUIRE(run_until(context, [&] { return owner.all.size() == 5; }));
    CHECK(std::vector(owner.all.begin(), owner.all.begin() + 4) ==
          std::vector<std::string>{"up", "OK", "a\r\nb", "1"});
    CHECK_THAT(owner.last, Catch::StartsWith("ERR unknown command"));
}

TEST_CASE_METHOD(redis_connection_fixture, "commands of one turn go out in one write",
                 "[redis][integration]")
{
    redis_server const server;
    connect(at(server.url()));
    REQUIRE(reaches("up"));
    auto const before = owner.reads;
    for (int i = 0; i < 100; ++i) connection->send({"PING"});
    REQUIRE(run_until(context, [&] { return owner.all.size() == 101; }));
    CHECK(owner.reads - before == 1);  // Redis answers what it read at once at once
}

TEST_CASE_METHOD(redis_connection_fixture, "a connection speaks TLS", "[redis][integration]")
{
    redis_server const server{{.password = "secret", .tls = true, .args = {}}};
    auto options = at(server.url());
    SECTION("to a server that it trusts")
    {
        options.address.ca_file = server.ca_file();
        connect(options);
        REQUIRE(reaches("up"));
        std::string const big(3 << 20, 'x');
        connection->send({"SET", "k", big});
        connection->send({"GET", "k"});
        CHECK(reaches(big));
    }
    SECTION("and refuses one that it does not")
    {
        CHECK_THAT(try_once(options), Catch::Contains("self-signed certificate"));
    }
}

TEST_CASE_METHOD(redis_connection_fixture, "a password is checked, and its lack explained",
                 "[redis][integration]")
{
    redis_server const server{{.password = "secret", .tls = false, .args = {}}};
    auto const where = "127.0.0.1:" + std::to_string(server.port());
    SECTION("right") { CHECK(try_once(at(server.url())) == "up"); }
    SECTION("user and password") { CHECK(try_once(at("redis://default:secret@" + where)) == "up"); }
    SECTION("wrong")
    {
        CHECK(try_once(at("redis://:wrong@" + where)) ==
              "down: wrong password for Redis at " + where);
    }
    SECTION("wrong user")
    {
        CHECK(try_once(at("redis://nobody:secret@" + where)) ==
              "down: wrong user or password for Redis at " + where);
    }
    SECTION("none")
    {
        CHECK(try_once(at("redis://" + where)) == "down: Redis at " + where + " wants a password");
    }
}

TEST_CASE_METHOD(redis_connection_fixture, "a password that nobody asked for is explained",
                 "[redis][integration]")
{
    redis_server const server;
    auto const where = "127.0.0.1:" + std::to_string(server.port());
    CHECK(try_once(at("redis://:secret@" + where)) ==
          "down: Redis at " + where + " has no password set, but one was given");
}

TEST_CASE_METHOD(redis_connection_fixture, "a database that is not there is refused",
                 "[redis][integration]")
{
    redis_server const server;
    CHECK_THAT(try_once(at(server.url() + "/99")),
               Catch::Contains("refused database 99: \"ERR DB index is out of range\""));
}

TEST_CASE_METHOD(redis_connection_fixture, "a user who may not PING can connect all the same",
                 "[redis][integration]")
{
    redis_server const server;
    server.command({"ACL", "SETUSER", "app", "on", ">pw", "~*", "&*", "-@all", "+publish"});
    CHECK(try_once(at("redis://app:pw@127.0.0.1:" + std::to_string(server.port()))) == "up");
}

TEST_CASE_METHOD(redis_connection_fixture, "a server says its version and role, if it may",
                 "[redis][integration]")
{
    redis_server const server;
    server.command({"ACL", "SETUSER", "app", "on", ">pw", "~*", "&*", "-@all", "+ping"});
    bool const may = GENERATE(true, false);
    auto const port = std::to_string(server.port());
    REQUIRE(try_once(at((may ? "redis://127.0.0.1:" : "redis://app:pw@127.0.0.1:") + port)) ==
            "up");
    auto const& facts = connection->server();
    CHECK(facts.version.empty() != may);
    CHECK(facts.mode == (may ? "standalone" : ""));
    CHECK(facts.role == (may ? "master" : ""));
}

TEST_CASE_METHOD(redis_connection_fixture, "a server of another kind is refused, and named",
                 "[redis][integration]")
{
    using Catch::Contains;
    SECTION("a cluster")
    {
        redis_server const server{
            {.password = "", .tls = false, .args = {"--cluster-enabled", "yes"}}};
        CHECK_THAT(try_once(at(server.url())), Contains("runs in cluster mode"));
    }
    SECTION("a replica")
    {
        redis_server const server;
        server.command({"REPLICAOF", "127.0.0.1", "1"});
        CHECK_THAT(try_once(at(server.url())), Contains("is a replica"));
    }
}

TEST_CASE_METHOD(redis_connection_fixture, "a master that becomes a replica is left, busy or idle",
                 "[redis][integration]")
{
    policy.ping_after = 50ms;
    bool const idle = GENERATE(true, false);
    redis_server const server;
    connect(at(server.url()));
    REQUIRE(reaches("up"));
    server.command({"REPLICAOF", "127.0.0.1", "1"});
    if (!idle) {
        connection->send({"SET", "k", "v"});
        connection->send({"ECHO", "after"});
    }
    REQUIRE(run_until(context, [&] { return owner.last.starts_with("down"); }));
    CHECK(owner.wrong_server);
    CHECK_THAT(owner.last, Catch::Contains("is not the one to ask any more"));
    if (!idle) {  // each command was told its reply
        CHECK_THAT(owner.all.at(1), Catch::StartsWith("READONLY"));
        CHECK(owner.all.at(2) == "after");
    }
    server.command({"REPLICAOF", "NO", "ONE"});
    CHECK(run_until(context, [&] { return owner.count("up") == 2; }));
}

TEST_CASE_METHOD(redis_connection_fixture,
                 "a master that becomes a replica is left though it goes on answering",
                 "[redis][integration]")
{
    policy.ping_after = 50ms;
    policy.pong_within = 200ms;
    redis_server const server;
    connect(at(server.url()));
    REQUIRE(reaches("up"));
    owner.then = [this] { connection->send({"ECHO", "never silent"}); };
    connection->send({"ECHO", "the first"});
    REQUIRE(reaches("never silent"));
    server.command({"REPLICAOF", "127.0.0.1", "1"});
    CHECK(run_until(context, [&] { return owner.wrong_server; }));
}

TEST_CASE_METHOD(redis_connection_fixture, "the scheme that was meant is said at once",
                 "[redis][integration]")
{
    bool const tls = GENERATE(true, false);
    redis_server const server{{.password = "", .tls = tls, .args = {}}};
    auto const where = "127.0.0.1:" + std::to_string(server.port());
    auto const before = std::chrono::steady_clock::now();
    auto const said = try_once(at((tls ? "redis://" : "rediss://") + where));
    CHECK(std::chrono::steady_clock::now() - before < 3s);
    CHECK_THAT(said, Catch::Contains(tls ? "write rediss:// in place of redis://"
                                         : "write redis:// in place of rediss://"));
}

TEST_CASE_METHOD(redis_connection_fixture, "a server that wants to see a certificate is shown it",
                 "[redis][integration]")
{
    redis_server const server{{.password = "", .tls = true, .args = {"--tls-auth-clients", "yes"}}};
    auto options = at(server.url());
    options.address.ca_file = server.ca_file();
    SECTION("with one")
    {
        options.address.cert_file = server.ca_file();
        options.address.key_file = server.key_file();
        CHECK(try_once(options) == "up");
    }
    SECTION("without one") { CHECK_THAT(try_once(options), Catch::Contains("--redis-cert-file")); }
}

TEST_CASE_METHOD(redis_connection_fixture, "what does not speak the Redis protocol is told so",
                 "[redis][integration]")
{
    tcp::acceptor acceptor{context, {net::ip::address_v4::loopback(), 0}};
    std::string const bytes = GENERATE(as<std::string>{}, "HTTP/1.1 400 Bad Request\r\n\r\n",
                                       "*-7\r\n", handshake + "+HO\r\n", "$900000000000\r\n");
    net::co_spawn(context, babble(acceptor, bytes), net::detached);
    policy.connect_within = 200ms;
    CHECK_THAT(try_once(at(acceptor)), Catch::Contains("broke the protocol") ||
                                           Catch::Contains("PING with nonsense") ||
                                           Catch::Contains("no answer from Redis"));
}

TEST_CASE_METHOD(redis_connection_fixture, "a Redis that is loading is not up yet",
                 "[redis][integration]")
{
    tcp::acceptor acceptor{context, {net::ip::address_v4::loopback(), 0}};
    net::co_spawn(
        context,
        babble(acceptor, handshake + "-LOADING Redis is loading the dataset in memory\r\n"),
        net::detached);
    CHECK_THAT(try_once(at(acceptor)), Catch::EndsWith("is still loading its data"));
}

TEST_CASE_METHOD(redis_connection_fixture, "a reply that nobody asked for ends the connection",
                 "[redis][integration]")
{
    tcp::acceptor acceptor{context, {net::ip::address_v4::loopback(), 0}};
    net::co_spawn(context, babble(acceptor, handshake + "+PONG\r\n:1\r\n"), net::detached);
    policy.keep_trying = false;
    connect(at(acceptor));
    REQUIRE(run_until(context, [&] { return owner.all.size() == 2; }));
    CHECK_THAT(owner.last, Catch::EndsWith("sent a reply that nobody asked for"));
}

TEST_CASE_METHOD(redis_connection_fixture, "a connection that is refused says so and tries again",
                 "[redis][integration]")
{
    redis_server server;
    server.kill();
    connect(at(server.url()));
    REQUIRE(run_until(context, [&] { return owner.all.size() == 3; }));
    CHECK(owner.last == "down: Redis: cannot connect to 127.0.0.1:" +
                            std::to_string(server.port()) + ": Connection refused");
    server.start();
    CHECK(reaches("up", 3s));
}

TEST_CASE_METHOD(redis_connection_fixture, "a connection finds its way back each time",
                 "[redis][integration]")
{
    redis_server server;
    connect(at(server.url()));
    for (int life = 1; life <= 3; ++life) {
        REQUIRE(run_until(context, [&] { return owner.count("up") == life; }));
        server.kill();
        REQUIRE(run_until(context, [&] { return owner.last.starts_with("down"); }));
        server.start();
    }
    CHECK(run_until(context, [&] { return owner.count("up") == 4; }));
}

TEST_CASE_METHOD(redis_connection_fixture, "pauses grow no further than allowed",
                 "[redis][integration]")
{
    redis_server server;
    server.kill();
    policy.pause_most = 400ms;
    connect(at(server.url()));
    run_until(context, [&] { return owner.all.size() == 8; });  // the pauses have grown
    server.start();
    CHECK(reaches("up", 3s));  // doubled without end, it would be 6 s and more by now
}

TEST_CASE_METHOD(redis_connection_fixture, "one try is one try", "[redis][integration]")
{
    redis_server server;
    server.kill();
    try_once(at(server.url()));
    context.restart();
    context.run_for(5s);  // ends at once: nothing is left to do
    CHECK(context.stopped());
    CHECK(owner.all.size() == 1);
}

TEST_CASE_METHOD(redis_connection_fixture, "a frozen Redis is noticed, and found again",
                 "[redis][integration]")
{
    policy.ping_after = 100ms;
    policy.pong_within = 500ms;
    policy.connect_within = 700ms;
    policy.subscriber = GENERATE(false, true);
    redis_server server;
    connect(at(server.url()));
    REQUIRE(reaches("up"));
    if (policy.subscriber) {
        connection->send({"SUBSCRIBE", "ch"});
        REQUIRE(reaches("subscribe ch"));
    }
    auto const before = owner.all.size();
    run_until(
        context, [] { return false; }, 400ms);
    CHECK(owner.all.size() == before);  // idle, pinged several times, and nobody was told

    server.freeze();
    REQUIRE(run_until(
        context, [&] { return owner.last.starts_with("down"); }, 5s));
    CHECK_THAT(owner.last, Catch::Contains("has not answered for"));
    run_until(context, [&] { return owner.all.size() >= before + 2; });
    CHECK_THAT(owner.last, Catch::Contains("no answer from Redis"));
    server.thaw();
    CHECK(run_until(context, [&] { return owner.last == "up"; }));
}

TEST_CASE_METHOD(redis_connection_fixture, "a pong among replies goes to nobody",
                 "[redis][integration]")
{
    policy.ping_after = 20ms;
    redis_server const server{
        {.password = "", .tls = false, .args = {"--enable-debug-command", "yes"}}};
    connect(at(server.url()));
    REQUIRE(reaches("up"));
    connection->send({"DEBUG", "SLEEP", "0.2"});  // the PING waits behind this one
    connection->send({"ECHO", "first"});
    run_until(
        context, [] { return false; }, 100ms);
    connection->send({"ECHO", "second"});
    REQUIRE(reaches("second"));
    CHECK(owner.all == std::vector<std::string>{"up", "OK", "first", "second"});
}

TEST_CASE_METHOD(redis_connection_fixture, "a server that does not read loses us",
                 "[redis][integration]")
{
    policy.output_limit = 1 << 20;
    policy.keep_trying = false;
    redis_server server;
    connect(at(server.url()));
    REQUIRE(reaches("up"));
    server.freeze();
    std::string const text(100 * 1024, 'x');
    for (int i = 0; i < 200 && connection->up(); ++i) {
        connection->send({"PUBLISH", "ch", text});
        context.restart();
        context.poll();
    }
    REQUIRE(run_until(context, [&] { return owner.all.size() == 2; }));
    CHECK_THAT(owner.last, Catch::Contains("does not read: "));
    connection->send({"PING"});  // ignored
    server.thaw();
}

TEST_CASE_METHOD(redis_connection_fixture, "a dropped connection is down for the reason given",
                 "[redis][integration]")
{
    redis_server const server;
    connect(at(server.url()));
    REQUIRE(reaches("up"));
    connection->drop("because");
    CHECK_FALSE(connection->up());
    CHECK(owner.last == "up");  // not from within drop()
    REQUIRE(reaches("down: because"));
    CHECK(run_until(context, [&] { return owner.count("up") == 2; }));
}

TEST_CASE_METHOD(redis_connection_fixture, "a stopped connection tells nothing more",
                 "[redis][integration]")
{
    redis_server server;
    connect(at(server.url()));
    REQUIRE(reaches("up"));
    connection->send({"PING"});
    connection->stop();
    context.restart();
    context.run_for(5s);
    CHECK(context.stopped());  // nothing is under way any more
    CHECK(owner.last == "up");
}

TEST_CASE_METHOD(redis_connection_fixture, "a connection may be destroyed while it calls its owner",
                 "[redis][integration]")
{
    std::string const when = GENERATE("up", "PONG", "down");
    redis_server server;
    owner.then = [&] {
        if (owner.last.starts_with(when))
            connection.reset();
        else if (owner.last == "up") {
            for (int i = 0; i < 10; ++i) connection->send({"PING"});
        }
    };
    connect(at(server.url()));
    if (when == "down") {
        REQUIRE(reaches("PONG"));
        server.kill();
    }
    REQUIRE(run_until(context, [&] { return !connection; }));
    auto const told = owner.all.size();
    context.restart();
    context.run_for(5s);
    CHECK(context.stopped());
    CHECK(owner.all.size() == told);
}

TEST_CASE_METHOD(redis_connection_fixture, "a connection may be destroyed at any moment",
                 "[redis][integration]")
{
    redis_server const server{{.password = "", .tls = GENERATE(false, true), .args = {}}};
    auto options = at(server.url());
    options.address.host = "localhost";  // resolving takes a thread and its time
    if (options.address.how == stream_address::kind::tls)
        options.address.ca_file = server.ca_file();
    for (int steps = 0; steps < 30; ++steps) {
        connect(options);
        context.restart();
        for (int i = 0; i < steps && !connection->up(); ++i) context.run_one_for(2ms);
        connection.reset();
        context.poll();
    }
    connect(options);
    REQUIRE(run_until(context, [&] { return connection->up(); }));
    connection->send({"PING"});
    connection.reset();
    context.restart();
    context.run_for(5s);
    CHECK(context.stopped());
}
