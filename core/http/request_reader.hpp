// SPDX-License-Identifier: MIT
//
// Reads the requests of one connection, one after the other, and keeps the one that is
// being served. What came after it stays here, in order, for the next one.
//
// Owned by its connection, which also has the deadlines (connection_phase.hpp). Between
// requests it owns no memory.
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
    // Begins with what was read elsewhere: a request or null, and what came after it.
    request_reader(std::unique_ptr<request_parser> request, boost::beast::flat_buffer buffer,
                   std::size_t max_head);

    // --- the bytes ---

    // True if nothing was read of the next request.
    [[nodiscard]] bool is_empty() const { return buffer_.size() == 0; }
    // Takes what has come, as recv(2) does. REQUIRES: is_empty().
    ssize_t receive(late_socket& socket);
    // The same while a request is being answered: the next one may come before its turn.
    // False if the client went, or sends too much before its turn.
    [[nodiscard]] bool receive_ahead(late_socket& socket);
    // Gives back the memory that no unread byte needs.
    void shrink() { buffer_.shrink_to_fit(); }

    // --- one request ---

    // Reads a request up to its body. An error may be the client's end: see fault().
    [[nodiscard]] net::awaitable<error_code> read_head(late_socket& socket, std::size_t max_head);
    // Reads its body, of at most limit bytes. REQUIRES: has_request().
    [[nodiscard]] net::awaitable<error_code> read_body(late_socket& socket, std::size_t limit);
    // What of an error is the client's fault; nothing if it merely went.
    [[nodiscard]] std::optional<http_refusal> fault(error_code ec) const;

    [[nodiscard]] bool has_request() const { return parser_ != nullptr; }
    // REQUIRES, as all that follow: has_request().
    [[nodiscard]] request_parser::value_type const& request() const { return parser_->get(); }
    [[nodiscard]] bool has_body() const { return parser_->is_done(); }
    // True if the request says that its body is longer than that.
    [[nodiscard]] bool announces_more_than(std::size_t limit) const;
    // Moves the body out. REQUIRES: has_body().
    [[nodiscard]] std::string take_body() { return std::move(parser_->get().body()); }
    // Whether another request may come after it. A body that was not read must not be taken
    // for one.
    [[nodiscard]] bool may_be_followed() const { return has_body() && request().keep_alive(); }

    // Forgets the request, of which nothing is needed any more.
    void forget() { parser_.reset(); }

    // --- for another reader, elsewhere: leaves nothing here ---

    [[nodiscard]] std::unique_ptr<request_parser> release_request() { return std::move(parser_); }
    [[nodiscard]] boost::beast::flat_buffer release_rest() { return std::move(buffer_); }

private:
    boost::beast::flat_buffer buffer_;
    std::unique_ptr<request_parser> parser_;
};

}  // namespace notify
