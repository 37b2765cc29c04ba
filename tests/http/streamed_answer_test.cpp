// SPDX-License-Identifier: MIT
#include "http/streamed_answer.hpp"

#include "http/http_shard.hpp"
#include "support/catch.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <memory>
#include <string>
#include <string_view>

using namespace notify;

namespace {

namespace http = boost::beast::http;

constexpr char get_stream[] = "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr std::size_t limit = 100'000;

// Streams to one client what a test says.
class feed final : public streamed_answer {
public:
    feed(http_connection& c, feed*& self, std::string& ends)
        : streamed_answer{c, limit}, self_{self}, ends_{ends}
    {
        self_ = this;
    }

    void begin() { streamed_answer::begin(make_answer(http_status::ok, "text/event-stream", "")); }
    ~feed() override { self_ = nullptr; }

private:
    void on_end(bool is_sent) override { ends_ += is_sent ? '+' : '-'; }

    feed*& self_;
    std::string& ends_;
};

class streaming_service final : public http_service {
public:
    net::awaitable<void> serve(http_connection& c) override
    {
        c.defer(std::make_unique<feed>(c, newest, ends));
        if (begins) newest->begin();
        co_return;
    }

    bool begins = true;  // at once
    feed* newest = nullptr;
    std::string ends;  // of answers: + whole, - not
};

struct streaming : http_shard {
    streaming() { routes.add("/stream", service); }

    [[nodiscard]] feed& newest() const
    {
        REQUIRE(service->newest);
        return *service->newest;
    }
    [[nodiscard]] std::string const& ends() const { return service->ends; }
    [[nodiscard]] std::uint64_t slow() const
    {
        return context.refused[http_refusal::answer_timeout];
    }

    // Appends until the kernel has had enough and some waits. Returns all of it.
    std::string fill()
    {
        std::string all;
        for (int i = 0; i < 1'000 && context_unsent() == 0; ++i) {
            std::string const piece = std::to_string(i) + std::string(10'000, '.');
            REQUIRE(newest().append(piece));
            all += piece;
        }
        return all;
    }

private:
    [[nodiscard]] std::size_t context_unsent() const
    {
        return static_cast<http_connection const&>(context.connections.front()).unsent();
    }

public:
    std::shared_ptr<streaming_service> service = std::make_shared<streaming_service>();
};

using response_parser = http::response_parser<http::string_body>;

// What has come so far, by Beast's understanding of chunks.
struct understood {
    explicit understood(std::string_view bytes)
    {
        parser.eager(true);
        parser.body_limit(boost::none);
        while (!bytes.empty() && !parser.is_done()) {
            error_code ec;
            std::size_t const n = parser.put(net::buffer(bytes), ec);
            if (ec == http::error::need_more) ec = {};
            REQUIRE_FALSE(ec);
            if (n == 0) break;
            bytes.remove_prefix(n);
        }
        rest = bytes;
    }
    [[nodiscard]] std::string const& body() const { return parser.get().body(); }

    response_parser parser;
    std::string_view rest;
};

}  // namespace

TEST_CASE("an answer that goes on comes piece by piece, and ends whole", "[http][unit]")
{
    streaming at;
    http_peer peer{at};
    peer.say(get_stream);
    std::string all = peer.heard();
    CHECK(all.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(all.ends_with("\r\nTransfer-Encoding: chunked\r\n\r\n"));
    CHECK(at.newest().append("one"));
    std::string const first = peer.heard();
    CHECK(first == "3\r\none\r\n");
    CHECK(at.newest().append(""));
    CHECK(at.newest().append("and another one"));
    at.newest().end();
    CHECK_FALSE(at.newest().append("more"));
    at.run();
    CHECK(at.ends() == "+");
    all += first + peer.heard();
    understood const u{all};
    CHECK(u.parser.is_done());
    CHECK(u.body() == "oneand another one");
    CHECK(u.rest.empty());
}

TEST_CASE("what is appended in one turn of the loop goes out in one piece", "[http][unit]")
{
    streaming at;
    http_peer peer{at};
    peer.say(get_stream);
    std::ignore = peer.heard();
    CHECK(at.newest().append("one"));
    CHECK(at.newest().append({", ", "two"}));
    CHECK(at.newest().unsent() == 8);
    CHECK(peer.heard() == "8\r\none, two\r\n");
    CHECK(at.newest().unsent() == 0);
    CHECK(at.newest().append("last"));
    at.newest().end();
    CHECK(peer.heard() == "4\r\nlast\r\n0\r\n\r\n");
}

TEST_CASE("an answer that goes on begins when it is known that it will", "[http][unit]")
{
    streaming at;
    at.service->begins = false;
    http_peer peer{at};
    peer.say(get_stream);
    at.pass(milliseconds{60'000});
    CHECK(peer.heard().empty());
    CHECK(at.newest().is_silent());
    at.newest().begin();
    CHECK(at.newest().append({"one", ", two"}));
    CHECK(understood{peer.heard()}.body() == "one, two");
}

TEST_CASE("a request for an answer that goes on may be refused later", "[http][unit]")
{
    streaming at;
    at.service->begins = false;
    http_peer peer{at};
    peer.say(get_stream);
    at.newest().answer(make_answer(http_status::unauthorized, "text/plain", "who?"));
    CHECK_FALSE(at.newest().append("more"));
    at.run();
    CHECK(at.ends() == "+");
    std::string const all = peer.heard();
    CHECK(all.starts_with("HTTP/1.1 401 Unauthorized\r\n"));
    CHECK(understood{all}.body() == "who?");
    peer.say(get_stream);  // the connection goes on
    CHECK(at.newest().is_silent());
}

TEST_CASE("an answer that ends before it has begun is cut", "[http][unit]")
{
    streaming at;
    at.service->begins = false;
    http_peer peer{at};
    peer.say(get_stream);
    SECTION("by whoever feeds it") { at.newest().end(); }
    SECTION("by the end of the shard")
    {
        at.context.stopping = true;
        for (listed_connection& c : at.context.connections) c.stop_if_resting();
    }
    at.run();
    CHECK(at.ends() == "-");
    CHECK(peer.heard().empty());
    CHECK(peer.is_over());
}

TEST_CASE("the connection goes on after an answer that went on", "[http][unit]")
{
    streaming at;
    http_peer peer{at};
    peer.say(get_stream);
    peer.say(get_stream);  // waits for its turn
    at.newest().end();
    at.run();
    CHECK(at.ends() == "+");
    at.newest().append("second");
    std::string const all = peer.heard();
    understood const first{all};
    CHECK(first.parser.is_done());
    CHECK(understood{first.rest}.body() == "second");
    CHECK_FALSE(peer.is_over());
}

TEST_CASE("for a client of HTTP/1.0 an answer goes on until its connection closes", "[http][unit]")
{
    streaming at;
    http_peer peer{at};
    peer.say("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    at.newest().append("one");
    at.newest().append("two");
    at.newest().end();
    at.run();
    std::string const all = peer.heard();
    CHECK(all.find("Connection: close\r\n") != all.npos);
    CHECK(all.ends_with("\r\n\r\nonetwo"));
    CHECK(peer.is_over());
    CHECK(at.ends() == "+");
}

TEST_CASE("a client that goes ends its answer", "[http][unit]")
{
    streaming at;
    http_peer peer{at};
    peer.say(get_stream);
    peer.go();
    CHECK(at.ends() == "-");
    CHECK(at.service->newest == nullptr);
    CHECK(at.context.connections.empty());
}

TEST_CASE("a client that goes while it is behind ends its answer", "[http][unit]")
{
    streaming at;
    http_peer peer{at};
    peer.say(get_stream);
    at.fill();
    at.run();
    peer.go();
    CHECK(at.ends() == "-");
    CHECK(at.slow() == 0);
}

TEST_CASE("a client that is behind gets all of it, in order, once it reads", "[http][unit]")
{
    streaming at;
    http_peer peer{at};
    peer.say(get_stream);
    std::string sent = at.fill();
    at.run();
    for (std::string_view const more : {"one", "two", "three"}) {
        CHECK(at.newest().append(more));
        sent += more;
    }
    std::string all = peer.heard();
    at.run();
    CHECK(understood{all}.body() == sent);
    CHECK(at.newest().append("at once"));  // it keeps up again
    CHECK(peer.heard() == "7\r\nat once\r\n");

    sent += "at once" + at.fill();
    at.newest().end();
    at.run();
    CHECK(at.ends().empty());
    all += "7\r\nat once\r\n" + peer.heard();
    understood const u{all};
    CHECK(u.parser.is_done());
    CHECK(u.body() == sent);
    CHECK(at.ends() == "+");
}

TEST_CASE("a client for which too much waits loses its answer and its connection", "[http][unit]")
{
    streaming at;
    http_peer peer{at};
    peer.say(get_stream);
    at.fill();
    std::string const piece(limit / 4, 'x');
    int taken = 0;
    while (taken < 100 && at.newest().append(piece)) ++taken;
    CHECK(taken <= 4);
    CHECK(at.ends().empty());  // not from within append()
    CHECK_FALSE(at.newest().append("more"));
    at.run();
    CHECK(at.ends() == "-");
    CHECK(at.slow() == 1);
    std::ignore = peer.heard();
    CHECK(peer.is_over());
}

TEST_CASE("a client that does not read at all loses its answer in time", "[http][unit]")
{
    streaming at;
    http_peer peer{at};
    peer.say(get_stream);
    at.pass(milliseconds{600'000});  // nothing is due
    CHECK(at.ends().empty());
    at.fill();
    at.run();
    at.pass(milliseconds{29'000});
    CHECK(at.ends().empty());
    at.pass(milliseconds{2'000});
    CHECK(at.ends() == "-");
    CHECK(at.slow() == 1);
}

TEST_CASE("a stop ends what goes on, whole", "[http][unit]")
{
    streaming at;
    http_peer peer{at};
    peer.say(get_stream);
    CHECK(at.newest().append("last words"));
    at.context.stopping = true;
    for (listed_connection& c : at.context.connections) c.stop_if_resting();
    at.run();
    CHECK(at.ends() == "+");
    std::string const all = peer.heard();
    understood const u{all};
    CHECK(u.parser.is_done());
    CHECK(u.body() == "last words");
    CHECK(peer.is_over());
}

TEST_CASE("a shard can end the streams that go on, one after the other", "[http][unit]")
{
    streaming at;
    CHECK(at.context.stream_count == 0);
    http_peer first{at};
    first.say(get_stream);
    http_peer second{at};
    second.say(get_stream);
    CHECK(at.context.stream_count == 2);
    std::ignore = first.heard();
    at.context.streams.front().end();
    CHECK(at.context.stream_count == 1);
    at.run();
    CHECK(first.heard() == "0\r\n\r\n");
    at.context.streams.front().end();
    CHECK(at.context.stream_count == 0);
    CHECK(at.context.streams.empty());
    at.run();
    CHECK(at.ends() == "++");
}

TEST_CASE("a stream whose client has gone is no stream of the shard any more", "[http][unit]")
{
    streaming at;
    {
        http_peer peer{at};
        peer.say(get_stream);
        CHECK(at.context.stream_count == 1);
    }
    at.run();
    CHECK(at.context.stream_count == 0);
}
