// SPDX-License-Identifier: MIT
#include "client/websocket_stream.hpp"

#include "client/websocket_handshake.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace notify {

namespace {

namespace http = boost::beast::http;

constexpr std::uint32_t max_head = 16 * 1024;
constexpr std::uint64_t max_refusal = 16 * 1024;  // an error page; more is not shown anyway

// Closes a stream when its time is up, unless destroyed before. The handler may
// be queued already by then, hence the shared state.
class deadline {
public:
    deadline(stream& watched, stream::clock::time_point until)
        : state_{std::make_shared<state>(watched)}
    {
        state_->timer.expires_at(until);
        state_->timer.async_wait([s = state_](error_code const& ec) {
            if (ec || !s->watched) return;
            s->expired = true;
            s->watched->close();
        });
    }
    deadline(deadline const&) = delete;
    deadline& operator=(deadline const&) = delete;
    ~deadline()
    {
        state_->watched = nullptr;
        state_->timer.cancel();
    }

    // What ended the operation, for people.
    [[nodiscard]] error explain(error_code const& ec) const
    {
        if (state_->expired) return error{"the gateway did not answer in time"};
        if (ec == net::error::eof || ec == net::error::connection_reset ||
            ec == net::ssl::error::stream_truncated || ec == http::error::end_of_stream ||
            ec == http::error::partial_message)
            return error{"the gateway closed the connection"};
        return error{ec.message()};
    }

private:
    struct state {
        explicit state(stream& s) : timer(s.get_executor()), watched(&s) {}
        net::steady_timer timer;
        stream* watched;
        bool expired = false;
    };
    std::shared_ptr<state> state_;
};

}  // namespace

net::awaitable<result<void>> websocket_stream::open(gateway_url url, std::string cookie,
                                                    clock::time_point until)
{
    frames_ = {};
    auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(until - clock::now());
    auto const connected = co_await stream_.connect(url.address, left);
    if (!connected) co_return connected.error();
    auto const shaken = co_await shake_hands(std::move(url), std::move(cookie), until);
    if (!shaken) stream_.close();
    co_return shaken;
}

net::awaitable<result<void>> websocket_stream::shake_hands(gateway_url url, std::string cookie,
                                                           clock::time_point until)
{
    deadline const limit{stream_, until};
    error_code ec;
    auto const key = make_websocket_key();
    auto const request = make_handshake(url, key, cookie);
    co_await http::async_write(stream_, request, net::redirect_error(net::use_awaitable, ec));
    if (ec) co_return limit.explain(ec);

    boost::beast::flat_buffer head;
    http::response_parser<http::string_body> parser;
    parser.header_limit(max_head);
    parser.body_limit(max_refusal);
    co_await http::async_read_header(stream_, head, parser,
                                     net::redirect_error(net::use_awaitable, ec));
    if (ec) co_return limit.explain(ec);
    if (parser.get().result() != http::status::switching_protocols)  // its body may say why
        co_await http::async_read(stream_, head, parser,
                                  net::redirect_error(net::use_awaitable, ec));
    // A server may speak at once: its first frames can be in the same packet.
    leftover_ = boost::beast::buffers_to_string(head.data());
    input_ = leftover_;
    co_return check_handshake(parser.get(), key);
}

net::awaitable<result<ws::event>> websocket_stream::read(clock::time_point until)
{
    for (;;) {
        auto const event = frames_.next(input_, ws::role::client, max_message);
        if (event.what != ws::event::kind::need_more) co_return event;
        deadline const limit{stream_, until};
        error_code ec;
        auto const n = co_await stream_.async_read_some(
            net::buffer(buffer_), net::redirect_error(net::use_awaitable, ec));
        if (ec) co_return limit.explain(ec);
        input_ = std::span{buffer_}.first(n);
    }
}

net::awaitable<result<void>> websocket_stream::write(std::string frames, clock::time_point until)
{
    if (frames.empty()) co_return result<void>{};
    deadline const limit{stream_, until};
    error_code ec;
    co_await net::async_write(stream_, net::buffer(frames),
                              net::redirect_error(net::use_awaitable, ec));
    if (ec) co_return limit.explain(ec);
    co_return result<void>{};
}

}  // namespace notify
