// SPDX-License-Identifier: MIT
#include "http/bounded_read.hpp"

#include "base/net.hpp"
#include "http/host.hpp"
#include "http/http_refusal.hpp"
#include "http/origin_policy.hpp"
#include "http/request_rules.hpp"
#include "http/websocket_handshake.hpp"

#include "fuzz/targets.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <exception>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace notify::fuzz {

namespace {

constexpr std::size_t max_head = 512;
constexpr std::size_t max_body = 1000;

// A connection on which these bytes come, so many at a time, and then the end.
struct bytes_coming {
    template <class Buffers, class Token>
    auto async_read_some(Buffers const& to, Token&& token)
    {
        return net::async_initiate<Token, void(error_code, std::size_t)>(
            [this, to](auto handler) {
                std::size_t const n =
                    net::buffer_copy(to, net::buffer(left.substr(0, std::min(piece, left.size()))));
                left.remove_prefix(n);
                error_code const ec = n == 0 ? error_code{net::error::eof} : error_code{};
                net::post(loop.get_executor(),
                          [h = std::move(handler), ec, n]() mutable { std::move(h)(ec, n); });
            },
            token);
    }

    net::io_context& loop;
    std::string_view left;
    std::size_t piece;
};

// A request that was read whole.
struct read_request {
    request_parser::value_type message;
    std::size_t rest;  // bytes that were left for the next one
};

net::awaitable<void> read_one(bytes_coming& from, std::optional<read_request>& got)
{
    boost::beast::flat_buffer buffer{max_head + 64 * 1024};
    request_parser parser;
    parser.body_limit(boost::none);
    auto ec = co_await read_head(from, buffer, parser, max_head);
    if (ec) co_return;
    if (!parser.is_done()) {
        parser.body_limit(max_body);
        ec = co_await read_body(from, buffer, parser);
        if (ec) co_return;
    }
    std::size_t const rest = buffer.size() + from.left.size();
    got = read_request{parser.release(), rest};
}

std::optional<read_request> read(std::string_view bytes, std::size_t piece)
{
    net::io_context loop;
    bytes_coming from{loop, bytes, piece};
    std::optional<read_request> got;
    net::co_spawn(loop, read_one(from, got), [](std::exception_ptr e) {
        if (e) std::rethrow_exception(e);
    });
    loop.run();
    return got;
}

void check(read_request const& r, std::size_t size)
{
    must(r.rest <= size, "no more is taken than there is");
    must(r.message.body().size() <= max_body, "a body has its limit");
}

}  // namespace

// A request, in pieces of any size: its bounds, its rules, and an Origin that
// speaks for nobody but itself.
void request_head(std::string_view bytes)
{
    auto const whole = read(bytes, std::numeric_limits<std::size_t>::max());
    auto const by_byte = read(bytes, 1);
    must(whole.has_value() == by_byte.has_value(), "it is read however it comes");
    if (!whole) return;
    check(*whole, bytes.size());
    must(whole->rest == by_byte->rest && whole->message.body() == by_byte->message.body(),
         "and says the same");

    auto const& request = whole->message;
    if (auto const why = reason_to_refuse(request)) {
        must(!sentence_of(*why).empty(), "a refusal says why");
        return;
    }
    must(request.count(http_field::host) <= 1, "a request that is served has one Host at most");
    must(!(request.chunked() && request.count(http_field::content_length) > 0),
         "and its end is told in one way");
    std::ignore = is_handshake(request);
    static origin_policy const strict;
    std::string_view const host = request[http_field::host];
    must(!strict.allows({"http://evil.example", host}, {}) ||
             host_of_authority(host) == "evil.example",
         "another host's page speaks for nobody");
}

}  // namespace notify::fuzz
