// SPDX-License-Identifier: MIT
#include "http/http_client.hpp"

#include "base/watchdog.hpp"
#include "http/bounded_read.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

#include <optional>
#include <utility>

namespace notify {

namespace http = boost::beast::http;

namespace {

using answer_parser = http::response_parser<http::string_body>;

// Bytes of status line and headers of an answer.
constexpr std::size_t max_head = 16 * 1024;

// True for what a proxy answers instead of a server that it cannot reach (502 to 504, RFC 9110
// section 15.6). A 500 is the server's own, and 401 or 403 are answers: nobody is logged in.
bool says_down(unsigned status) { return status >= 502 && status <= 504; }

}  // namespace

// One connection, kept between requests. Shared by the pool and the coroutine that uses it, since
// stop() closes a connection while its coroutine has yet to notice.
struct http_client::peer {
    explicit peer(net::io_context& loop) : wire{loop.get_executor()}, buffer{max_head + 64 * 1024}
    {
    }

    // Reads the answer to the last request into parser, and passes over interim answers before it
    // (1xx, RFC 9110 section 15.2), such as 103 Early Hints. Taken for the answer, such a one would
    // leave the real answer on the connection, for the next user. The bound is there for a server
    // that sends nothing else.
    net::awaitable<error_code> read_answer(std::optional<answer_parser>& parser,
                                           std::size_t max_body)
    {
        constexpr int most_interim = 10;
        for (int i = 0; i <= most_interim; ++i) {
            parser.emplace();
            parser->body_limit(max_body);
            error_code ec = co_await read_head(wire, buffer, *parser, max_head);
            if (!ec) ec = co_await read_body(wire, buffer, *parser);
            if (ec) co_return ec;
            if (parser->get().result_int() >= 200) co_return error_code{};
        }
        co_return http::error::unexpected_body;
    }

    stream wire;
    boost::beast::flat_buffer buffer;
    bool fresh = true;  // has not served a request yet
};

// Keeps a connection among those that stop() closes, as long as this lives.
struct http_client::busy_place {
    busy_place(http_client& c, peer_ptr const& p) : client{c}, taken{p}
    {
        client.busy_.push_back(taken);
    }
    ~busy_place() { std::erase(client.busy_, taken); }

    http_client& client;
    peer_ptr taken;
};

http_client::http_client(net::io_context& loop, http_url url, http_client_options options)
    : loop_{loop}, url_{std::move(url)}, options_{options}, pacer_{loop, options.pace}
{
}

// Names the URL, since the sentence goes to a log that knows nothing of this client.
error http_client::failure(std::string_view what) const
{
    return error{fmt::format("{}: {}", url_.to_string(), what)};
}

// The turn is given back when this returns, whatever happens, and the pacer learns what came of it.
// Whether anybody still waits is asked after the turn has come: in a crowd that may take half a
// minute.
net::awaitable<result<http_reply>> http_client::get(http_headers const& headers,
                                                    http_asker const& asker)
{
    auto const ready = co_await pacer_.take_turn(asker.client);
    if (!ready) co_return failure(ready.error().message);
    request_pacer::turn turn{pacer_};
    if (!asker.is_wanted()) co_return failure("nobody waits for the answer any more");
    task const t{headers, asker, clock::now() + options_.deadline};
    auto reply = co_await ask(t, turn.outcome);
    co_return reply;
}

// Returns the connection that was used last, or a new one that is not connected yet. One on which
// something came while it rested is closed: that is the server's end, or bytes that would be taken
// for the next answer.
http_client::peer_ptr http_client::take_peer()
{
    while (!idle_.empty()) {
        peer_ptr p = std::move(idle_.back());
        idle_.pop_back();
        if (p->wire.silent()) return p;
        p->wire.close();
    }
    return std::make_shared<peer>(loop_);
}

// Tries until there is an answer, or a failure that another connection would not mend. The loop
// ends: each try that fails uses up a kept connection, and a fresh one is tried once.
net::awaitable<result<http_reply>> http_client::ask(task const& t, ask_outcome& how)
{
    for (;;) {
        peer_ptr const p = take_peer();
        bool const fresh = p->fresh;
        busy_place const place{*this, p};
        auto reply = co_await exchange(p, t, how);
        if (reply && p->wire.is_open() && !stopped_) idle_.push_back(p);
        // A kept connection may have been closed by the other side meanwhile;
        // a GET may then be sent again (RFC 9110 section 9.2.2).
        if (how != ask_outcome::failed || fresh || stopped_) co_return reply;
    }
}

// One try over one connection. Leaves in `how` what it says of the server, and the connection
// closed unless it may be used again.
//
// The watchdog closes the connection when the time is over, which fails whatever is awaited; `how`
// is still unreachable then, so a server that accepts and never answers counts as down too.
net::awaitable<result<http_reply>> http_client::exchange(peer_ptr p, task const& t,
                                                         ask_outcome& how)
{
    watchdog const limit{loop_.get_executor(), t.until, [&wire = p->wire] { wire.close(); }};
    how = ask_outcome::unreachable;
    if (p->fresh) {
        auto const connected = co_await p->wire.connect(url_.address, options_.deadline);
        if (!connected) co_return connected.error();
    }
    p->fresh = false;

    http::request<http::empty_body> request{http::verb::get, url_.target, 11};
    request.set(http::field::host, url_.host);
    request.set(http::field::accept, "application/json");
    for (auto const& [name, value] : t.headers)
        request.insert({name.data(), name.size()}, {value.data(), value.size()});
    request.keep_alive(true);

    std::optional<answer_parser> answer;
    t.asker.on_send();
    auto [ec, written] = co_await http::async_write(p->wire, request, as_result);
    if (!ec) ec = co_await p->read_answer(answer, options_.max_body);
    if (ec) {
        p->wire.close();
        if (limit.expired())
            co_return failure(fmt::format("no answer within {} ms", options_.deadline.count()));
        how = ask_outcome::failed;
        co_return failure(ec.message());
    }
    // Bytes after the answer belong to no request: the connection cannot be trusted any more.
    if (!answer->keep_alive() || p->buffer.size() != 0) p->wire.close();
    unsigned const status = answer->get().result_int();
    if (!says_down(status)) how = ask_outcome::answered;
    co_return http_reply{status, std::move(answer->get().body())};
}

// Coroutines that wait for an answer find their connection closed, and `stopped_` keeps them from
// trying again.
void http_client::stop()
{
    stopped_ = true;
    pacer_.stop();
    idle_.clear();
    for (peer_ptr const& p : busy_) p->wire.close();
}

}  // namespace notify
