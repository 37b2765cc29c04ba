// SPDX-License-Identifier: MIT
#include "client/websocket_stream.hpp"

#include "base/watchdog.hpp"
#include "client/websocket_handshake.hpp"

#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <fmt/format.h>

#include <tuple>
#include <utility>

namespace notify {

namespace {

namespace http = boost::beast::http;

// In bytes: bounds for what a server may answer to the handshake, so that it cannot fill memory.
// Beast checks an announced length while it reads the head: a refusal with a longer body than this
// is told as "body limit exceeded", without its status.
constexpr std::uint32_t max_head = 16 * 1024;
constexpr std::uint64_t max_refusal = 16 * 1024;  // an error page; a longer one is not read

// Returns why an operation that had this limit has failed, for people. All the ways in which a
// server can go away are the same to them: a cut TLS record, a cut HTTP message, a reset.
error explain(watchdog const& limit, error_code const& ec)
{
    if (limit.expired()) return error{"the gateway did not answer in time"};
    if (ec == net::error::eof || ec == net::error::connection_reset ||
        ec == net::ssl::error::stream_truncated || ec == http::error::end_of_stream ||
        ec == http::error::partial_message)
        return error{"the gateway closed the connection"};
    return error{ec.message()};
}

}  // namespace

// frames_ begins anew before anything is read: half a frame of a connection that was cut would be
// taken for the beginning of the next one's first frame.
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

// One deadline holds for the request and the whole response. If the server refuses, its body is
// read for the error. Whether that reading fails does not matter: the part that has come is shown.
net::awaitable<result<void>> websocket_stream::shake_hands(gateway_url url, std::string cookie,
                                                           clock::time_point until)
{
    watchdog const limit{stream_.get_executor(), until, [this] { stream_.close(); }};
    auto const key = make_websocket_key();
    auto const request = make_handshake(url, key, cookie);
    auto [ec, n] = co_await http::async_write(stream_, request, as_result);
    if (ec) co_return explain(limit, ec);

    boost::beast::flat_buffer head;
    http::response_parser<http::string_body> parser;
    parser.header_limit(max_head);
    parser.body_limit(max_refusal);
    std::tie(ec, n) = co_await http::async_read_header(stream_, head, parser, as_result);
    // Beast says so of the announced length when it has all of the head. The status is worth
    // telling without the body.
    bool const is_long = ec == http::error::body_limit;
    if (ec && !is_long) co_return explain(limit, ec);
    if (parser.get().result() != http::status::switching_protocols && !is_long)
        co_await http::async_read(stream_, head, parser, as_result);  // the body may say why
    // The gateway greets at once, so its first frames are often in the packet of the response.
    leftover_ = boost::beast::buffers_to_string(head.data());
    input_ = leftover_;
    co_return check_handshake(parser.get(), key);
}

// Messages that have already come are handed out without waiting, so a server that sends many of
// them costs one read for each 16 KiB. buffer_ is read into only when input_ is used up: the
// payload of the last message may be a view into it until then.
net::awaitable<result<ws::event>> websocket_stream::read(clock::time_point until)
{
    for (;;) {
        auto const event = frames_.next(input_, ws::role::client, max_message);
        if (event.what != ws::event::kind::need_more) co_return event;
        watchdog const limit{stream_.get_executor(), until, [this] { stream_.close(); }};
        auto const [ec, n] = co_await stream_.async_read_some(net::buffer(buffer_), as_result);
        if (ec) co_return explain(limit, ec);
        input_ = std::span{buffer_}.first(n);
    }
}

// frames is a parameter by value: the coroutine keeps it while Asio writes from it.
net::awaitable<result<void>> websocket_stream::write(std::string frames, clock::time_point until)
{
    if (frames.empty()) co_return result<void>{};
    watchdog const limit{stream_.get_executor(), until, [this] { stream_.close(); }};
    auto const [ec, n] = co_await net::async_write(stream_, net::buffer(frames), as_result);
    if (ec) co_return explain(limit, ec);
    co_return result<void>{};
}

}  // namespace notify
