// SPDX-License-Identifier: MIT
//
// The opening handshake of a WebSocket, seen from the client (RFC 6455 section
// 4.1): what is asked, and whether the answer is one to that question. Messages
// in, decisions out; websocket_stream sends and receives them.
#pragma once

#include "base/result.hpp"
#include "client/gateway_url.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <string>
#include <string_view>

namespace notify {

using handshake_request = boost::beast::http::request<boost::beast::http::empty_body>;
using handshake_response = boost::beast::http::response<boost::beast::http::string_body>;

// A fresh Sec-WebSocket-Key: 16 random bytes in base64.
[[nodiscard]] std::string make_websocket_key();

// cookie is the value of a Cookie header, or empty. REQUIRES: no control
// characters in it.
[[nodiscard]] handshake_request make_handshake(gateway_url const& url, std::string_view key,
                                               std::string_view cookie);

// Succeeds if the connection is a WebSocket now. The error says what was answered
// instead, and what that usually means.
[[nodiscard]] result<void> check_handshake(handshake_response const& response,
                                           std::string_view key);

}  // namespace notify
