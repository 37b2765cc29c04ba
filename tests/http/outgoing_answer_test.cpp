// SPDX-License-Identifier: MIT
#include "http/outgoing_answer.hpp"

#include "http/socket_pair.hpp"
#include "support/catch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <optional>
#include <string>
#include <vector>

using namespace notify;

namespace {

http_response answer_with(std::string body)
{
    http_response r{http_status::ok, 11};
    r.set(http_field::content_type, "text/plain");
    r.body() = std::move(body);
    r.prepare_payload();
    return r;
}

std::string read_all(late_socket& from)
{
    std::vector<char> space(1'000'000);
    std::string all;
    for (;;) {
        ssize_t const n = from.try_receive(net::buffer(space));
        if (n <= 0) return all;
        all.append(space.data(), static_cast<std::size_t>(n));
    }
}

struct answering {
    net::io_context loop;
    socket_pair pair;
    late_socket ours{loop, std::move(pair.ours)};
    late_socket theirs{loop, std::move(pair.theirs)};
    outgoing_answer answer;
    std::optional<error_code> finished;

    net::awaitable<void> finish() { finished = co_await answer.finish(ours); }
};

}  // namespace

TEST_CASE("an answer that the kernel takes is sent at once", "[http][unit]")
{
    answering a;
    a.answer.begin(a.ours, answer_with("Hey"));
    CHECK(a.answer.is_sent());
    CHECK(read_all(a.theirs) ==
          "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nHey");
}

TEST_CASE("the rest of a long answer follows as it is read", "[http][unit]")
{
    answering a;
    std::string const body(3'000'000, 'x');
    a.answer.begin(a.ours, answer_with(body));
    REQUIRE_FALSE(a.answer.is_sent());
    net::co_spawn(a.loop, a.finish(), net::detached);
    std::string all;
    while (!a.finished) {
        all += read_all(a.theirs);
        a.loop.poll();
        a.loop.restart();
    }
    all += read_all(a.theirs);
    CHECK_FALSE(*a.finished);
    CHECK(a.answer.is_sent());
    CHECK(all.substr(all.find("\r\n\r\n") + 4) == body);
}

TEST_CASE("an answer to who has gone fails when it is finished, and is forgotten", "[http][unit]")
{
    answering a;
    a.theirs.close();
    a.answer.begin(a.ours, answer_with("Hey"));
    REQUIRE_FALSE(a.answer.is_sent());
    net::co_spawn(a.loop, a.finish(), net::detached);
    a.loop.run();
    CHECK(*a.finished);
    CHECK(a.answer.is_sent());
}
