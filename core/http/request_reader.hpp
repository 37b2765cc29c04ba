// SPDX-License-Identifier: MIT
//
// Reads the requests of one connection, one after the other, and keeps the one that is being
// served. What came after it stays here, in order, for the next one: HTTP/1.1 clients may pipeline
// (RFC 9112 section 9.3.2).
//
// Owned by its http_connection, which also has the deadlines (connection_phase.hpp).
// bounded_read.hpp does the reading; this type owns the buffer, the parser and the bounds.
//
// Memory: at most max_head and 64 KiB in the buffer, and the body up to the service's limit. While
// a connection rests, or waits with a long-polling GET, it owns none, but for unread bytes.
#pragma once

#include "base/net.hpp"
#include "http/arrival.hpp"
#include "http/http_refusal.hpp"
#include "http/late_socket.hpp"

#include <boost/beast/core/flat_buffer.hpp>

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace notify {

class request_reader {
public:
    // Begins with what was read elsewhere (arrival.hpp): a request or null, and what came after it.
    request_reader(std::unique_ptr<request_parser> request, boost::beast::flat_buffer buffer,
                   std::size_t max_head);

    // --- the bytes ---

    // True if no byte of the next request was read.
    [[nodiscard]] bool is_empty() const { return buffer_.size() == 0; }
    // Takes what has come without waiting; returns what recv(2) does. REQUIRES: there is room in
    // the buffer, as there is if is_empty().
    ssize_t receive(late_socket& socket);
    // The same while a request waits for its answer. It is also how a client's end is noticed
    // meanwhile: that shows only when everything before it was read. False if the client went, or
    // has sent 64 KiB before its turn.
    [[nodiscard]] bool receive_ahead(late_socket& socket);
    // Gives back the memory that no unread byte needs.
    void shrink() { buffer_.shrink_to_fit(); }

    // --- one request ---

    // Reads a request up to its body, of which nothing is read yet. An error may be the client's
    // fault or merely its end: see fault(). Throws std::bad_alloc.
    [[nodiscard]] net::awaitable<error_code> read_head(late_socket& socket, std::size_t max_head);
    // Reads the body of the request, of at most limit bytes. Errors as before.
    // REQUIRES: has_request().
    [[nodiscard]] net::awaitable<error_code> read_body(late_socket& socket, std::size_t limit);
    // Returns how to refuse a client whose request failed to be read with ec. Nothing: it merely
    // went, and there is nobody to answer.
    [[nodiscard]] std::optional<http_refusal> fault(error_code ec) const;

    [[nodiscard]] bool has_request() const { return parser_ != nullptr; }
    // REQUIRES, as all that follow: has_request().
    [[nodiscard]] request_parser::value_type const& request() const { return parser_->get(); }
    [[nodiscard]] bool has_body() const { return parser_->is_done(); }
    // True if Content-Length says that the body is longer than limit: it can be refused before the
    // client has sent it. A chunked body announces nothing.
    [[nodiscard]] bool announces_more_than(std::size_t limit) const;
    // Moves the body out. REQUIRES: has_body().
    [[nodiscard]] std::string take_body() { return std::move(parser_->get().body()); }
    // True if another request may come after this one: the client keeps the connection, and the
    // body was read. A body that was not read must not be taken for the next request, or a client
    // behind a proxy could smuggle requests past it.
    [[nodiscard]] bool may_be_followed() const { return has_body() && request().keep_alive(); }

    // Frees the request. Views into it end here.
    void forget() { parser_.reset(); }

    // --- for another reader, on another shard or of a WebSocket; nothing stays here ---

    [[nodiscard]] std::unique_ptr<request_parser> release_request() { return std::move(parser_); }
    [[nodiscard]] boost::beast::flat_buffer release_rest() { return std::move(buffer_); }

private:
    boost::beast::flat_buffer buffer_;        // read, and not parsed yet
    std::unique_ptr<request_parser> parser_;  // of the request that is being served, or null
};

}  // namespace notify
