// SPDX-License-Identifier: MIT
//
// The request that turns an HTTP connection into a WebSocket, and the answer to it (RFC 6455
// section 4). http_connection::upgrade() uses it.
//
// The check is strict. A request that a proxy in front reads as something else, for instance as one
// with a body, would let its client send bytes of its own choice into a connection that the proxy
// shares among users.
//
// Pure functions of the request. No extension is ever accepted, so frames are not compressed.
#pragma once

#include "http/arrival.hpp"
#include "http/http_message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace notify {

// True if the request is a whole WebSocket handshake (RFC 6455 section 4.2.1), and nothing but
// that: `Upgrade: websocket`, HTTP/1.1, no body, and exactly one valid key. Its version may be any,
// since the answer to a wrong one is another.
[[nodiscard]] bool is_handshake(request_parser::value_type const& r);

// Returns the first of the subprotocols that a handshake offers, in the order of its lines, or ""
// if it offers none. Nothing if what it offers is no list of tokens (RFC 6455 section 4.1), as that
// is no handshake. A view into r.
[[nodiscard]] std::optional<std::string_view> offered_subprotocol(
    request_parser::value_type const& r);

// Returns the bytes of the answer that accepts a handshake (101), with the first subprotocol that
// it offers, whatever that is: the reference server does so. REQUIRES: is_handshake(r).
[[nodiscard]] std::string answer_to_handshake(request_parser::value_type const& r);

// Returns the answer that refuses such a request: 400 if it is no handshake, or 426 if only its
// version is wrong, with the one that is spoken here (RFC 6455 section 4.2.2).
[[nodiscard]] http_response answer_to_bad_handshake(request_parser::value_type const& r);

}  // namespace notify
