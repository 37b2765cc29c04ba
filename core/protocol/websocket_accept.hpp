// SPDX-License-Identifier: MIT
//
// How a server proves that it has read a WebSocket handshake (RFC 6455 section 4.2.2): it hashes
// the client's key with a constant. A server that knows nothing of WebSocket, or a cache, would not
// do so by accident. http_connection answers with it, and notify-watch compares.
#pragma once

#include <string>
#include <string_view>

namespace notify::ws {

// Returns the value of Sec-WebSocket-Accept that answers a Sec-WebSocket-Key:
// "dGhlIHNhbXBsZSBub25jZQ==" is answered with "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=". The key is taken as
// it is. May be called on any thread. Throws std::runtime_error if OpenSSL has no SHA-1: then no
// WebSocket can be served at all.
[[nodiscard]] std::string accept_for(std::string_view key);

}  // namespace notify::ws
