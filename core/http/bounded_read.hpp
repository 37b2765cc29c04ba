// SPDX-License-Identifier: MIT
//
// Reads HTTP/1.1 messages through Beast's parser, within bounds on all that is
// read. The parser's own limits are not enough (Beast of Boost 1.81): that on the
// head is held against one line at a time, and none holds for the trailer and the
// chunk extensions of a body.
#pragma once

#include "base/net.hpp"

#include <boost/asio/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string_view>

namespace notify {

// Where the next bytes go: what is left of the buffer's room, up to a piece. A
// prepare() of more than is left throws.
// REQUIRES: buffer.size() < buffer.max_size().
inline net::mutable_buffer next_piece(boost::beast::flat_buffer& buffer)
{
    constexpr std::size_t piece = 4096;
    return buffer.prepare(std::min(piece, buffer.max_size() - buffer.size()));
}

namespace detail {

// Reads what there is, up to a piece. REQUIRES: buffer.size() < buffer.max_size().
template <class Stream>
net::awaitable<error_code> read_piece(Stream& stream, boost::beast::flat_buffer& buffer)
{
    auto const space = next_piece(buffer);
    auto const [ec, n] = co_await stream.async_read_some(space, as_result);
    buffer.commit(n);
    co_return ec;
}

// Gives the parser what is in buffer. Returns how many bytes it took. Beast keeps
// names and values of at most 64 KiB, and throws at a longer one.
template <class Parser>
std::size_t feed(boost::beast::flat_buffer& buffer, Parser& parser, error_code& ec)
try {
    std::size_t const taken = parser.put(buffer.data(), ec);
    buffer.consume(taken);
    if (ec == boost::beast::http::error::need_more) ec = {};
    return taken;
} catch (std::length_error const&) {
    ec = boost::beast::http::error::header_limit;
    return 0;
}

// What the end of the connection means to a message that is not complete.
template <class Parser>
error_code at_end(Parser& parser, error_code read)
{
    if (read != net::error::eof) return read;
    if (!parser.got_some()) return boost::beast::http::error::end_of_stream;
    error_code ec;
    parser.put_eof(ec);
    return ec;
}

// Servers ignore empty lines before a request (RFC 9112 section 2.2). Returns how
// many bytes of them there were; half of one stays.
inline std::size_t skip_empty_lines(boost::beast::flat_buffer& buffer)
{
    std::string_view const text{static_cast<char const*>(buffer.data().data()), buffer.size()};
    std::size_t skipped = 0;
    while (text.substr(skipped).starts_with("\r\n")) skipped += 2;
    buffer.consume(skipped);
    return skipped;
}

inline bool holds_half_a_line_end(boost::beast::flat_buffer const& buffer)
{
    return buffer.size() == 1 && *static_cast<char const*>(buffer.data().data()) == '\r';
}

}  // namespace detail

// Reads until parser has the head of a message; what came after it stays in
// buffer. Fails with http::error::header_limit when the head is longer than
// max_head bytes, without waiting for its end, or one of its fields than 64 KiB.
template <class Stream, class Parser>
net::awaitable<error_code> read_head(Stream& stream, boost::beast::flat_buffer& buffer,
                                     Parser& parser, std::size_t max_head)
{
    namespace http = boost::beast::http;
    parser.header_limit(std::numeric_limits<std::uint32_t>::max());
    parser.eager(false);
    std::size_t taken = 0;
    for (;;) {
        bool const begins = Parser::is_request::value && !parser.got_some();
        if (begins) taken += detail::skip_empty_lines(buffer);
        if (buffer.size() > 0 && !(begins && detail::holds_half_a_line_end(buffer))) {
            error_code ec;
            taken += detail::feed(buffer, parser, ec);
            if (ec) co_return ec;
        }
        bool const done = parser.is_header_done();
        if (taken + (done ? 0 : buffer.size()) > max_head) co_return http::error::header_limit;
        if (done) co_return error_code{};
        error_code const ec = co_await detail::read_piece(stream, buffer);
        if (ec) co_return detail::at_end(parser, ec);
    }
}

// Reads until the message is complete. Fails with http::error::body_limit when its
// body is longer than parser.body_limit(), or is much less than what it is wrapped in.
// REQUIRES: read_head() has succeeded.
template <class Stream, class Parser>
net::awaitable<error_code> read_body(Stream& stream, boost::beast::flat_buffer& buffer,
                                     Parser& parser)
{
    namespace http = boost::beast::http;
    // Chunks of one byte take six; a trailer is rare, and never long.
    constexpr std::size_t most_for_byte = 6;
    constexpr std::size_t most_besides = 8 * 1024;
    // A chunked body ends with five bytes at least, and Beast asserts that it is not
    // asked about fewer once it has seen the first of them.
    std::size_t const least = parser.chunked() ? 5 : 1;
    parser.eager(true);
    std::size_t taken = 0;
    for (;;) {
        error_code ec;
        while (buffer.size() >= least && !parser.is_done()) {
            std::size_t const n = detail::feed(buffer, parser, ec);
            if (ec) co_return ec;
            taken += n;
            if (n == 0) break;
        }
        if (parser.is_done()) co_return error_code{};
        std::size_t const body = parser.get().body().size();
        bool const full = buffer.size() == buffer.max_size();
        if (full || taken + buffer.size() > most_for_byte * body + most_besides)
            co_return http::error::body_limit;
        ec = co_await detail::read_piece(stream, buffer);
        if (ec) ec = detail::at_end(parser, ec);
        if (ec || parser.is_done()) co_return ec;
    }
}

}  // namespace notify
