// SPDX-License-Identifier: MIT
//
// Base64 (RFC 4648 section 4, with padding) by way of OpenSSL. Engine.IO needs it for binary
// messages on a wire that carries text only (protocol/engine_packet, engine_payload), and the
// WebSocket handshake for its keys. The URL-safe form (section 5, without padding) is for what is
// signed (base/signature). REQUIRES: arguments below 1 GiB, since OpenSSL counts in int.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace notify {

// Appends the encoding of bytes to out.
void append_base64(std::string& out, std::string_view bytes);

// Returns the bytes, or nothing if text is not base64. Padding may be missing altogether, since
// Node's decoder, which the reference server uses, accepts that. Padding that is there has to be
// complete. White space is refused.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

// The same with `-` and `_` in place of `+` and `/`, and without padding.
void append_base64url(std::string& out, std::string_view bytes);

// Returns the bytes, or nothing if text is anything but what append_base64url() writes: one value
// has one text.
[[nodiscard]] std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace notify
