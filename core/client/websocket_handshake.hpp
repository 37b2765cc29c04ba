// SPDX-License-Identifier: MIT
//
// The opening handshake of a WebSocket as the client sees it (RFC 6455 section 4.1): the request,
// and whether the response accepts it. websocket_stream sends the one and receives the other; these
// are functions without IO, so that a test can change one header at a time.
//
// It is not Beast's handshake, since that comes with Beast's WebSocket stream, and the frames are
// our own (protocol/websocket_frame). Beast's HTTP messages and parser are used. Any thread may
// call these functions.
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

// Returns a fresh Sec-WebSocket-Key: 16 random bytes in base64, 24 characters. One for each
// handshake: the response repeats its hash, which a cache's old response or a server that only
// echoes cannot.
[[nodiscard]] std::string make_websocket_key();

// Returns the GET request for url.target, which asks for version 13 and offers neither extensions
// nor subprotocols. cookie is the value of a Cookie header; if it is empty, there is no such
// header. No Origin is sent: that is for browsers, and a gateway serves clients without one.
// REQUIRES: cookie has no control characters; a line feed would begin another header.
[[nodiscard]] handshake_request make_handshake(gateway_url const& url, std::string_view key,
                                               std::string_view cookie);

// Succeeds if the response accepts the handshake with this key: from its last byte on the
// connection is a WebSocket. Otherwise the connection is of no use. The error is a sentence: what
// was answered instead, with text of the server escaped and cut, and what that usually means.
[[nodiscard]] result<void> check_handshake(handshake_response const& response,
                                           std::string_view key);

}  // namespace notify
