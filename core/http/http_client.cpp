// SPDX-License-Identifier: MIT
#include "http/http_client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace notify {

namespace http = boost::beast::http;

namespace {

constexpr auto as_result = net::as_tuple(net::use_awaitable);

}  // namespace

// Who waits for one of the connections. The timer ends the wait, one way or the
// other.
struct http_client::turn {
    turn(net::io_context& loop, std::chrono::milliseconds within) : timer{loop, within} {}

    net::steady_timer timer;
    bool granted = false;
};

// One connection, kept between requests.
struct http_client::peer {
    explicit peer(net::io_context& loop) : wire{loop.get_executor()} {}

    stream wire;
    boost::beast::flat_buffer buffer;
    bool fresh = true;  // has not served a request yet
};

http_client::http_client(net::io_context& loop, http_url url, http_client_options options)
    : loop_{loop}, url_{std::move(url)}, options_{options}
{
}

error http_client::failure(std::string_view what) const
{
    return error{fmt::format("{}: {}", url_.to_string(), what)};
}

net::awaitable<result<void>> http_client::take_turn()
{
    if (stopped_) co_return failure("shutting down");
    if (asking_ < options_.max_connections) {
        ++asking_;
        co_return result<void>{};
    }
    if (waiting_.size() >= options_.max_waiting) co_return failure("too many are waiting");
    auto const mine = std::make_shared<turn>(loop_, options_.max_wait);
    waiting_.push_back(mine);
    co_await mine->timer.async_wait(as_result);
    if (mine->granted) co_return result<void>{};
    waiting_.remove(mine);
    co_return failure(stopped_ ? "shutting down" : "too busy to be asked in time");
}

void http_client::end_turn()
{
    if (waiting_.empty()) {
        --asking_;
        return;
    }
    auto const next = std::move(waiting_.front());
    waiting_.pop_front();
    next->granted = true;
    next->timer.cancel();
}

net::awaitable<result<http_reply>> http_client::get(http_headers headers)
{
    if (auto const ready = co_await take_turn(); !ready) co_return ready.error();
    auto reply = co_await ask(headers);
    end_turn();
    co_return reply;
}

net::awaitable<result<http_reply>> http_client::ask(http_headers const& headers)
{
    for (;;) {
        peer_ptr const p = idle_.empty() ? std::make_shared<peer>(loop_) : idle_.back();
        if (!idle_.empty()) idle_.pop_back();
        bool const fresh = p->fresh;
        busy_.push_back(p);
        auto reply = co_await exchange(p, headers);
        std::erase(busy_, p);
        if (reply && p->wire.is_open() && !stopped_) idle_.push_back(p);
        // A kept connection may have been closed by the other side meanwhile;
        // a GET may then be sent again (RFC 9110 section 9.2.2).
        if (reply || fresh || stopped_) co_return reply;
    }
}

net::awaitable<result<http_reply>> http_client::exchange(peer_ptr p, http_headers const& headers)
{
    // An alarm that has gone off may still be queued when this returns: it shares
    // what it touches.
    net::steady_timer deadline{loop_, options_.deadline};
    auto const late = std::make_shared<bool>(false);
    auto const cut = [p, late](error_code ec) {
        if (ec) return;
        *late = true;
        p->wire.close();
    };
    deadline.async_wait(cut);
    if (p->fresh) {
        auto const connected = co_await p->wire.connect(url_.address, options_.deadline);
        if (!connected) co_return connected.error();
    }
    p->fresh = false;

    http::request<http::empty_body> request{http::verb::get, url_.target, 11};
    request.set(http::field::host, url_.host);
    request.set(http::field::user_agent, "notify-gateway");
    request.set(http::field::accept, "application/json");
    for (auto const& [name, value] : headers) request.insert(name, value);
    request.keep_alive(true);

    http::response_parser<http::string_body> parser;
    parser.header_limit(16 * 1024);
    parser.body_limit(options_.max_body);
    auto [ec, written] = co_await http::async_write(p->wire, request, as_result);
    if (!ec)
        std::tie(ec, written) = co_await http::async_read(p->wire, p->buffer, parser, as_result);
    if (ec) {
        p->wire.close();
        co_return failure(*late ? fmt::format("no answer within {} ms", options_.deadline.count())
                                : ec.message());
    }
    if (!parser.keep_alive() || p->buffer.size() != 0) p->wire.close();
    co_return http_reply{parser.get().result_int(), std::move(parser.get().body())};
}

void http_client::stop()
{
    stopped_ = true;
    for (auto const& t : waiting_) t->timer.cancel();
    idle_.clear();
    for (peer_ptr const& p : busy_) p->wire.close();
}

}  // namespace notify
