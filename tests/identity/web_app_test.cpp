// SPDX-License-Identifier: MIT
//
// Who shares a question to the web app with whom. The answer to one that has been
// written is old news to whoever asks after that: the browser may have logged in or
// out meanwhile.
#include "identity/web_app.hpp"

#include "support/await.hpp"
#include "support/catch.hpp"
#include "support/http_server.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <deque>
#include <string>
#include <vector>

using namespace notify;
using notify::test::run_until;

namespace {

// Answers each request when it is told to, in the order in which they came.
class held_site final : public test::http_server {
public:
    using http_server::http_server;

    std::vector<std::string> heads;
    std::deque<std::string> answers;  // a user id each, or "" for nobody

private:
    net::awaitable<std::string> answer(std::string head, bool) override
    {
        heads.push_back(std::move(head));
        net::steady_timer soon{co_await net::this_coro::executor};
        while (answers.empty()) {
            soon.expires_after(std::chrono::milliseconds{1});
            co_await soon.async_wait(net::use_awaitable);
        }
        std::string const body = "{\"userId\":\"" + answers.front() + "\"}";
        answers.pop_front();
        co_return answer_of("200 OK", body);
    }
};

struct visitor final : identity_listener {
    void on_identity(identity_answer const& who) override
    {
        told = who ? who->text() : who.error().message;
    }
    std::string told;
};

struct web_app_fixture {
    explicit web_app_fixture(std::size_t at_once = 8)
    {
        http_client_options options;
        options.pace.at_once = at_once;
        app.emplace(loop, site.url(), options);
    }

    // What it has begun ends before it does.
    ~web_app_fixture()
    {
        app->stop();
        loop.restart();
        while (loop.poll() > 0) continue;
    }

    void ask(visitor& a, std::string const& cookie, std::uint64_t client = 1)
    {
        app->ask(eio::handshake{"Cookie: " + cookie + "\r\n", client}, a);
    }

    bool written(std::size_t questions)
    {
        return run_until(loop, [&] { return site.heads.size() == questions; });
    }

    void answer(std::string user, visitor const& until_told)
    {
        site.answers.push_back(std::move(user));
        REQUIRE(run_until(loop, [&] { return !until_told.told.empty(); }));
    }

    net::io_context loop;
    held_site site{loop};
    std::optional<web_app> app;
};

struct one_at_a_time : web_app_fixture {
    one_at_a_time() : web_app_fixture{1} {}
};

}  // namespace

TEST_CASE_METHOD(web_app_fixture, "who asks the same before it is written shares the answer",
                 "[identity][unit]")
{
    visitor a, b, c;
    ask(a, "s=1");
    ask(b, "s=1");
    ask(c, "s=2");
    REQUIRE(written(2));
    site.answers = {"one", "two"};
    REQUIRE(run_until(loop, [&] { return !a.told.empty() && !c.told.empty(); }));
    CHECK(a.told == b.told);
    CHECK(a.told != c.told);
    CHECK(site.heads.size() == 2);
}

TEST_CASE_METHOD(web_app_fixture, "who asks after a question was written shares the next one",
                 "[identity][unit]")
{
    visitor before;
    ask(before, "s=1");
    REQUIRE(written(1));
    visitor after, more;  // has logged out
    ask(after, "s=1");
    ask(more, "s=1");
    CHECK(site.heads.size() == 1);
    answer("dave", before);
    CHECK(before.told == "dave");
    CHECK(after.told.empty());
    REQUIRE(written(2));
    answer("", after);
    CHECK(after.told == "nobody is logged in");
    CHECK(more.told == "nobody is logged in");
    CHECK(site.heads.size() == 2);
}

TEST_CASE_METHOD(one_at_a_time, "a question that waits for its turn is not written yet",
                 "[identity][unit]")
{
    visitor first, a, b;
    ask(first, "s=0");
    REQUIRE(written(1));
    ask(a, "s=1");
    ask(b, "s=1");
    answer("zero", first);
    REQUIRE(written(2));
    answer("one", a);
    CHECK(b.told == "one");
    CHECK(site.heads.size() == 2);
}

TEST_CASE_METHOD(one_at_a_time, "nobody who has gone is asked about", "[identity][unit]")
{
    visitor first;
    ask(first, "s=0");
    REQUIRE(written(1));
    {
        visitor gone, gone_too;
        ask(gone, "s=1");
        ask(gone_too, "s=0");
    }
    visitor last;
    ask(last, "s=2");
    answer("zero", first);
    REQUIRE(written(2));
    CHECK_THAT(site.heads.back(), Catch::Contains("Cookie: s=2\r\n"));
}

TEST_CASE_METHOD(one_at_a_time, "a client that asks for ever delays another by one question",
                 "[identity][unit]")
{
    std::vector<visitor> crowd(1'000);
    for (std::size_t i = 0; i < crowd.size(); ++i) ask(crowd[i], "x=" + std::to_string(i), 1);
    visitor login;
    ask(login, "s=1", 2);
    REQUIRE(written(1));
    answer("", crowd.front());
    REQUIRE(written(2));
    answer("", crowd[900]);
    REQUIRE(written(3));
    CHECK_THAT(site.heads[1] + site.heads[2], Catch::Contains("Cookie: s=1\r\n"));
    std::size_t crowded_out = 0;
    for (visitor const& a : crowd) crowded_out += a.told == "the web app cannot be asked now";
    CHECK(crowded_out == 899);  // 100 may wait
    CHECK(crowd.back().told.empty());
}

TEST_CASE_METHOD(web_app_fixture,
                 "the web app is asked with the headers that were kept, and no other name",
                 "[identity][unit]")
{
    visitor a;
    app->ask(eio::handshake{"Cookie: s=1\r\nX-Forwarded-Proto: https\r\n", 1}, a);
    REQUIRE(written(1));
    std::string const& head = site.heads.front();
    CHECK_THAT(head, Catch::StartsWith("GET /who HTTP/1.1\r\nHost: 127.0.0.1:"));
    CHECK_THAT(head, Catch::Contains("\r\nAccept: application/json\r\n"));
    CHECK_THAT(head, Catch::Contains("\r\nCookie: s=1\r\nX-Forwarded-Proto: https\r\n"));
    CHECK_THAT(head, !Catch::Contains("User-Agent"));
    visitor nobody;
    app->ask({}, nobody);
    CHECK(nobody.told == "the browser sent no cookies");
}
