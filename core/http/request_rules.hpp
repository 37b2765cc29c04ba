// SPDX-License-Identifier: MIT
//
// What a server must refuse though it can be parsed. Most of it is about where a
// request ends and for whom it is: two servers in a row that disagree on that let
// one client's bytes pass for another's request.
#pragma once

#include "http/arrival.hpp"
#include "http/http_refusal.hpp"

#include <optional>
#include <string_view>

namespace notify {

// Why a request must not be served, by its head (RFC 9110 and 9112). The
// connection must end then.
[[nodiscard]] std::optional<http_refusal> reason_to_refuse(request_parser::value_type const& r);

// True if a request with `Upgrade: websocket` is a whole WebSocket handshake, up
// to its version (RFC 6455 section 4.2.1), and nothing but that.
[[nodiscard]] bool is_handshake(request_parser::value_type const& r);

// The first of the subprotocols that a handshake offers, in the order of its lines,
// or "" if it offers none. Nothing if what it offers is no list of tokens (RFC 6455
// section 4.1), as that is no handshake. Views into r.
[[nodiscard]] std::optional<std::string_view> offered_subprotocol(
    request_parser::value_type const& r);

}  // namespace notify
