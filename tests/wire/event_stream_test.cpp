// SPDX-License-Identifier: MIT
#include "wire/event_stream.hpp"

#include "http/http_shard.hpp"
#include "support/catch.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

using namespace notify;

namespace {

constexpr position first{1000, 1, 50};
constexpr position second{1000, 2, 60};

class told_stream final : public event_stream {
public:
    told_stream(http_connection& c, options o, std::string const& token)
        : event_stream{c, std::move(o)}, next_token_{token}
    {
        set_token(next_token_);
    }

private:
    void on_heartbeat() override { set_token(next_token_); }
    void on_end(bool) override {}

    std::string const& next_token_;
};

struct streams_of_events : http_service {
    net::awaitable<void> serve(http_connection& c) override
    {
        auto s = std::make_unique<told_stream>(c, options, token);
        newest = s.get();
        c.defer(std::move(s));
        co_return;
    }

    event_stream::options options;
    std::string token;
    told_stream* newest = nullptr;
};

struct event_shard : http_shard {
    event_shard() { routes.add("/events", service); }

    std::shared_ptr<streams_of_events> service = std::make_shared<streams_of_events>();
};

// Of HTTP/1.0, so that what is heard is not chunked.
struct listening {
    explicit listening(event_shard& at) : at_{at}, peer{at}
    {
        peer.say("GET /events HTTP/1.0\r\n\r\n");
    }

    [[nodiscard]] told_stream& stream() const { return *at_.service->newest; }

    // What has come since the last time, without the head and the random time of return.
    std::string heard()
    {
        std::string all = peer.heard();
        if (auto const end = all.find("\r\n\r\n"); end != all.npos) {
            head = all.substr(0, end + 2);
            all.erase(0, end + 4);
        }
        if (all.starts_with("retry: ")) all.replace(7, all.find('\n') - 7, "…");
        return all;
    }

private:
    event_shard& at_;

public:
    http_peer peer;
    std::string head;
};

frame block_of(stream_form form, position const& p)
{
    return encode_block(form, {"notification", to_text(p), "{}"});
}

constexpr auto sent = stream_form::server_sent;

}  // namespace

TEST_CASE("a stream begins with its first event, and says when to come back", "[wire][unit]")
{
    event_shard at;
    listening client{at};
    CHECK(client.heard().empty());
    client.stream().send("internal", first, "{\"a\":1}");
    CHECK(client.heard() == "retry: …\nid: 1000-1-50\nevent: internal\ndata: {\"a\":1}\n\n");
    CHECK(client.head.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(client.head.find("\r\nContent-Type: text/event-stream\r\n") != client.head.npos);
    CHECK(client.head.find("\r\nCache-Control: no-store\r\n") != client.head.npos);
    CHECK(client.head.find("\r\nX-Accel-Buffering: no\r\n") != client.head.npos);
    client.stream().send(block_of(sent, second));
    CHECK(client.heard() == "id: 1000-2-60\nevent: notification\ndata: {}\n\n");
}

TEST_CASE("a stream of lines has neither comments nor a time of return", "[wire][unit]")
{
    event_shard at;
    at.service->options.form = stream_form::ndjson;
    listening client{at};
    client.stream().send("internal", std::nullopt, "{}");
    CHECK(client.heard() == "{\"event\":\"internal\",\"data\":{}}\n");
    CHECK(client.head.find("\r\nContent-Type: application/x-ndjson\r\n") != client.head.npos);
    at.pass(at.service->options.heartbeat);
    CHECK(client.heard() == "{\"event\":\"heartbeat\"}\n");
}

TEST_CASE("a stream with a token has it in each id, and renews it with each heartbeat",
          "[wire][unit]")
{
    event_shard at;
    at.service->token = "t1";
    listening client{at};
    client.stream().send("internal", std::nullopt, "{}");
    CHECK(client.heard() == "retry: …\nid: .t1\nevent: internal\ndata: {}\n\n");
    client.stream().send(block_of(sent, first));
    CHECK(client.heard() == "id: 1000-1-50.t1\nevent: notification\ndata: {}\n\n");
    at.service->token = "t2";
    at.pass(at.service->options.heartbeat);
    CHECK(client.heard() == "id: 1000-1-50.t2\n\n");
    client.stream().send(encode_block(sent, {"notification", "", "{}"}));
    CHECK(client.heard() == "event: notification\ndata: {}\n\n");
    client.stream().send("internal", std::nullopt, "{}");
    CHECK(client.heard() == "id: 1000-1-50.t2\nevent: internal\ndata: {}\n\n");
    client.stream().send("internal", second, "{}");
    at.pass(at.service->options.heartbeat);
    CHECK(client.heard() == "id: 1000-2-60.t2\nevent: internal\ndata: {}\n\nid: 1000-2-60.t2\n\n");
}

TEST_CASE("heartbeats go on as long as the stream", "[wire][unit]")
{
    event_shard at;
    listening client{at};
    at.pass(at.service->options.heartbeat);
    CHECK(client.heard().empty());  // it has not begun
    client.stream().send("internal", std::nullopt, "{}");
    std::ignore = client.heard();
    for (int i = 0; i < 3; ++i) {
        at.pass(at.service->options.heartbeat - milliseconds{40});
        CHECK(client.heard().empty());
        at.pass(milliseconds{40});
        CHECK(client.heard() == ":\n\n");
    }
    client.stream().end();
    at.pass(2 * at.service->options.heartbeat);
    CHECK(client.heard().empty());
    CHECK(client.peer.is_over());
}

TEST_CASE("a stream is refused by a status before it begins, and by an event later", "[wire][unit]")
{
    event_shard at;
    at.service->options.reader = "https://site.example";
    stream_refusal const why{http_status::service_unavailable, "BUSY", "come \"later\""};
    std::string const body = R"({"type":"error","code":"BUSY","message":"come \"later\""})";
    listening early{at};
    early.stream().refuse(why);
    CHECK(early.heard() == body);
    CHECK(early.head.starts_with("HTTP/1.1 503 "));
    CHECK(early.head.find("\r\nRetry-After: 5\r\n") != early.head.npos);
    CHECK(early.head.find("\r\nAccess-Control-Allow-Origin: https://site.example\r\n") !=
          early.head.npos);

    listening late{at};
    late.stream().send("internal", std::nullopt, "{}");
    std::ignore = late.heard();
    CHECK(late.head.find("\r\nAccess-Control-Allow-Origin: https://site.example\r\n") !=
          late.head.npos);
    late.stream().refuse(why);
    at.run();
    CHECK(late.heard() == "event: internal\ndata: " + body + "\n\n");
    CHECK(late.peer.is_over());
}

TEST_CASE("a refusal says what belongs to its status", "[wire][unit]")
{
    auto const header = [](http_status s, http_field f) {
        return std::string{answer_of(stream_refusal{s, "X", "y"})[f]};
    };
    CHECK(header(http_status::unauthorized, http_field::www_authenticate) == "Bearer");
    CHECK(header(http_status::method_not_allowed, http_field::allow) == "GET, HEAD, OPTIONS");
    CHECK(header(http_status::too_many_requests, http_field::retry_after) == "5");
    CHECK(header(http_status::bad_request, http_field::retry_after).empty());
    CHECK(header(http_status::bad_request, http_field::content_type) == "application/json");
}
