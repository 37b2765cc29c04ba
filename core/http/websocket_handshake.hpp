// SPDX-License-Identifier: MIT
//
// The request that turns an HTTP connection into a WebSocket, and the answer to it
// (RFC 6455 section 4).
#pragma once

#include "http/arrival.hpp"
#include "http/http_message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace notify {

// True if a request with `Upgrade: websocket` is a whole WebSocket handshake, up
// to its version (RFC 6455 section 4.2.1), and nothing but that.
[[nodiscard]] bool is_handshake(request_parser::value_type const& r);

// The first of the subprotocols that a handshake offers, in the order of its lines,
// or "" if it offers none. Nothing if what it offers is no list of tokens (RFC 6455
// section 4.1), as that is no handshake. Views into r.
[[nodiscard]] std::optional<std::string_view> offered_subprotocol(
    request_parser::value_type const& r);

// The answer that accepts a handshake, with the first subprotocol that it offers.
// REQUIRES: is_handshake(r).
[[nodiscard]] std::string answer_to_handshake(request_parser::value_type const& r);

// The answer that refuses a request with `Upgrade: websocket`: it is no handshake, or one of
// another version, and then it is told which one is spoken here (RFC 6455 section 4.2.2).
[[nodiscard]] http_response answer_to_bad_handshake(request_parser::value_type const& r);

}  // namespace notify
