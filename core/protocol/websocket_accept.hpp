// SPDX-License-Identifier: MIT
//
// How a server proves that it has read a WebSocket handshake (RFC 6455 section 4.2.2).
#pragma once

#include <string>
#include <string_view>

namespace notify::ws {

// The value of Sec-WebSocket-Accept that answers a Sec-WebSocket-Key. Throws
// std::runtime_error if OpenSSL has no SHA-1.
[[nodiscard]] std::string accept_for(std::string_view key);

}  // namespace notify::ws
