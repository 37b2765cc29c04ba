// SPDX-License-Identifier: MIT
//
// Reads HTTP/1.1 messages (RFC 9112) through Beast's parser, and bounds all that is read.
//
// The limits of the parser itself do not suffice (Beast of Boost 1.81). It holds its limit on the
// head against one line at a time, so a head of ever more short lines grows without bound. It has
// no limit at all on the trailer and the chunk extensions of a body.
//
// request_reader uses it for what clients send, http_client for what a web app answers; both have
// the deadlines. Templates, since one reads from a late_socket and the other from a stream.
// tests/fuzz feeds these functions, not only the parser.
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

// Returns where the next bytes are to be read: up to 4 KiB, but no more than the buffer may still
// grow. flat_buffer::prepare() throws when it is asked for more than that, which a client that
// pipelines can bring about where --max-head is small.
// REQUIRES: buffer.size() < buffer.max_size().
inline net::mutable_buffer next_piece(boost::beast::flat_buffer& buffer)
{
    constexpr std::size_t piece = 4096;
    return buffer.prepare(std::min(piece, buffer.max_size() - buffer.size()));
}

namespace detail {

// Appends to buffer what one read returns; waits until there is something.
// REQUIRES: buffer.size() < buffer.max_size().
template <class Stream>
net::awaitable<error_code> read_piece(Stream& stream, boost::beast::flat_buffer& buffer)
{
    auto const space = next_piece(buffer);
    auto const [ec, n] = co_await stream.async_read_some(space, as_result);
    buffer.commit(n);
    co_return ec;
}

// Gives the parser what is in buffer, and drops from buffer what it took. Returns how many bytes
// that was; 0 if it needs more to go on, which is no error here.
//
// Beast stores the length of a header's name and value in 16 bits and throws std::length_error at a
// longer one. The client is to be answered, not cut off, so the exception becomes header_limit.
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

// Returns what a failed read means to a message that is not complete. end_of_stream: the peer
// closed between two messages, as it may. partial_message: it closed within one. No error: the
// message is one that ends with its connection, and is complete now (RFC 9112 section 6.3).
template <class Parser>
error_code at_end(Parser& parser, error_code read)
{
    if (read != net::error::eof) return read;
    if (!parser.got_some()) return boost::beast::http::error::end_of_stream;
    error_code ec;
    parser.put_eof(ec);
    return ec;
}

// Drops empty lines before a request, as servers should (RFC 9112 section 2.2): some old clients
// send one after a POST. Returns how many bytes that was, since they count against the limit on the
// head. A lone CR at the end stays, see holds_half_a_line_end().
inline std::size_t skip_empty_lines(boost::beast::flat_buffer& buffer)
{
    std::string_view const text{static_cast<char const*>(buffer.data().data()), buffer.size()};
    std::size_t skipped = 0;
    while (text.substr(skipped).starts_with("\r\n")) skipped += 2;
    buffer.consume(skipped);
    return skipped;
}

// True if the LF of an empty line is still to come. The parser must not see such a CR: it would
// refuse it as the beginning of a request.
inline bool holds_half_a_line_end(boost::beast::flat_buffer const& buffer)
{
    return buffer.size() == 1 && *static_cast<char const*>(buffer.data().data()) == '\r';
}

}  // namespace detail

// Reads until parser has the head of a message, start line and headers. What came after the head
// stays in buffer.
//
// Fails with http::error::header_limit as soon as more than max_head bytes have come without an
// end, or if one field is longer than 64 KiB; with end_of_stream if the peer closed before the
// first byte; otherwise with what the parser or the socket says. The parser is of no use after a
// failure. Throws std::bad_alloc. REQUIRES: parser is new; all arguments outlive the coroutine.
template <class Stream, class Parser>
net::awaitable<error_code> read_head(Stream& stream, boost::beast::flat_buffer& buffer,
                                     Parser& parser, std::size_t max_head)
{
    namespace http = boost::beast::http;
    // The limit is held here, against the whole head. Not eager: the parser is to stop after the
    // head, so that a service is asked before its body is read.
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
        // What is still in buffer belongs to the head only while the head goes on.
        bool const done = parser.is_header_done();
        if (taken + (done ? 0 : buffer.size()) > max_head) co_return http::error::header_limit;
        if (done) co_return error_code{};
        error_code const ec = co_await detail::read_piece(stream, buffer);
        if (ec) co_return detail::at_end(parser, ec);
    }
}

// Reads until the message is complete. The body is then in parser; what came after it stays in
// buffer.
//
// Fails with http::error::body_limit when the body is longer than parser.body_limit(), or when its
// wrapping (chunk sizes, chunk extensions, trailer) is much longer than the body: otherwise a peer
// could send without end and never reach the limit. The peer's end and errors are as in
// read_head(). Throws std::bad_alloc. REQUIRES: read_head() has succeeded with this parser.
template <class Stream, class Parser>
net::awaitable<error_code> read_body(Stream& stream, boost::beast::flat_buffer& buffer,
                                     Parser& parser)
{
    namespace http = boost::beast::http;
    // A chunk of one byte takes six (`1 CR LF x CR LF`), so no honest body is above the factor. The
    // constant is for a trailer, which is rare and short, and for a body that has just begun.
    constexpr std::size_t most_for_byte = 6;
    constexpr std::size_t most_besides = 8 * 1024;
    // The end of a chunked body has five bytes at least (`0 CR LF CR LF`). Beast asserts that it is
    // not given fewer once it has seen the first of them; fuzzing found that a last chunk which
    // comes in pieces ended a build with assertions.
    std::size_t const least = parser.chunked() ? 5 : 1;
    parser.eager(true);
    std::size_t taken = 0;
    for (;;) {
        error_code ec;
        while (buffer.size() >= least && !parser.is_done()) {
            std::size_t const n = detail::feed(buffer, parser, ec);
            if (ec) co_return ec;
            taken += n;
            if (n == 0) break;  // the rest is no whole piece of chunked coding yet
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
