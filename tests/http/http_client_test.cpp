// SPDX-License-Identifier: MIT
//
// How often a server is asked, above all one that is down. What it may answer is
// tested from outside, in tests/node.
#include "http/http_client.hpp"

#include "support/await.hpp"
#include "support/catch.hpp"
#include "support/http_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <optional>
#include <string>
#include <vector>

using namespace notify;
using namespace notify::test;
using namespace std::chrono_literals;

namespace {

// Answers each request with the same, and counts.
class server final : public http_server {
public:
    using http_server::http_server;

    std::string status = "200 OK";
    std::string with_answer;    // what it says unasked with the same breath
    bool answers_once = false;  // a connection ends when it is asked again
    int requests = 0;

private:
    net::awaitable<std::string> answer(std::string, bool is_first) override
    {
        ++requests;
        if (answers_once && !is_first) co_return "";
        co_return answer_of(status, "ok") + with_answer;
    }
};

// Many requests, each answered in its time.
class crowd {
public:
    crowd(net::io_context& loop, http_client& client) : loop_{loop}, client_{client} {}

    void ask(std::size_t n)
    {
        for (std::size_t i = 0; i < n; ++i) net::co_spawn(loop_, one(), net::detached);
        asked_ += n;
    }

    [[nodiscard]] bool all_answered() const { return answers.size() == asked_; }

    [[nodiscard]] std::size_t with_status(unsigned status) const
    {
        std::size_t n = 0;
        for (auto const& a : answers) n += a && a->status == status ? 1 : 0;
        return n;
    }

    std::vector<result<http_reply>> answers;

private:
    net::awaitable<void> one()
    {
        http_headers const none;
        http_asker const anybody;
        auto reply = co_await client_.get(none, anybody);
        answers.push_back(std::move(reply));
    }

    net::io_context& loop_;
    http_client& client_;
    std::size_t asked_ = 0;
};

http_client_options quick()
{
    http_client_options o;
    o.pace.max_waiting_each = 1'000;
    o.pace.first_pause = 50ms;
    o.pace.longest_pause = 100ms;
    return o;
}

}  // namespace

TEST_CASE("a crowd is served over a few connections", "[http][unit]")
{
    net::io_context loop;
    server s{loop};
    http_client client{loop, s.url(), quick()};
    crowd c{loop, client};
    c.ask(200);
    REQUIRE(run_until(loop, [&] { return c.all_answered(); }));
    CHECK(c.with_status(200) == 200);
    CHECK(s.requests == 200);
    CHECK(s.connections <= 8);
}

TEST_CASE("a server that is down is asked by one, and the others share the failure", "[http][unit]")
{
    net::io_context loop;
    server s{loop};
    s.status = "503 Service Unavailable";
    http_client client{loop, s.url(), quick()};
    crowd c{loop, client};
    c.ask(500);
    REQUIRE(run_until(loop, [&] { return c.all_answered(); }));
    CHECK(s.requests <= 10);  // eight at once, and two in the place of the first that failed
    int const before = s.requests;

    c.ask(500);
    REQUIRE(run_until(loop, [&] { return c.all_answered(); }));
    CHECK(s.requests == before + 1);
    CHECK(c.with_status(503) == static_cast<std::size_t>(s.requests));
    bool refused = false;
    for (auto const& a : c.answers)
        refused =
            refused || (!a && a.error().message.find("cannot be reached") != std::string::npos);
    CHECK(refused);
}

TEST_CASE("those who wait for the next try are served when it succeeds", "[http][unit]")
{
    net::io_context loop;
    server s{loop};
    s.status = "502 Bad Gateway";
    http_client client{loop, s.url(), quick()};
    crowd c{loop, client};
    c.ask(3);
    REQUIRE(run_until(loop, [&] { return c.all_answered(); }));
    CHECK(c.with_status(502) == 3);

    s.status = "200 OK";
    c.ask(100);
    REQUIRE(run_until(loop, [&] { return c.all_answered(); }));
    CHECK(c.with_status(200) == 100);
}

TEST_CASE("nothing that listens is a server that is down", "[http][unit]")
{
    net::io_context loop;
    std::optional<server> s{loop};
    http_url const url = s->url();
    s.reset();
    net::io_context another;  // so that nothing accepts there
    http_client client{another, url, quick()};
    crowd c{another, client};
    c.ask(50);
    REQUIRE(run_until(another, [&] { return c.all_answered(); }));
    for (auto const& a : c.answers) CHECK_FALSE(a.has_value());
}

TEST_CASE("a refusal that is an answer slows nobody", "[http][unit]")
{
    net::io_context loop;
    server s{loop};
    s.status = "500 Internal Server Error";
    http_client client{loop, s.url(), quick()};
    crowd c{loop, client};
    c.ask(100);
    REQUIRE(run_until(loop, [&] { return c.all_answered(); }));
    CHECK(s.requests == 100);
}

// Such as what belongs to another user, whom a confused server has answered here.
TEST_CASE("what a server says unasked is not the next answer", "[http][unit]")
{
    std::string const unasked = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno";
    bool const with_answer = GENERATE(true, false);
    CAPTURE(with_answer);
    net::io_context loop;
    server s{loop};
    if (with_answer) s.with_answer = unasked;
    http_client client{loop, s.url(), quick()};
    crowd c{loop, client};
    c.ask(1);
    REQUIRE(run_until(loop, [&] { return c.all_answered(); }));
    if (!with_answer) s.say(unasked);
    c.ask(1);
    REQUIRE(run_until(loop, [&] { return c.all_answered(); }));
    CHECK(c.with_status(200) == 2);
    CHECK(s.connections == 2);
}

// As when a web app ends connections that rest, and one is asked in the same moment.
TEST_CASE("a kept connection that ends when it is asked again costs nobody the answer",
          "[http][unit]")
{
    net::io_context loop;
    server s{loop};
    s.answers_once = true;
    http_client client{loop, s.url(), quick()};
    crowd c{loop, client};
    for (int i = 0; i < 2; ++i) {
        c.ask(1);
        REQUIRE(run_until(loop, [&] { return c.all_answered(); }));
    }
    CHECK(c.with_status(200) == 2);
    CHECK(s.connections == 2);
    CHECK(s.requests == 3);
}
