// SPDX-License-Identifier: MIT
//
// Base64 (RFC 4648 section 4, with padding) by way of OpenSSL.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace notify {

// Appends the encoding of bytes to out.
void append_base64(std::string& out, std::string_view bytes);

// Returns the bytes, or nothing if text is not base64. Missing padding is
// accepted, as Node's decoder does; too little of it and white space are not.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace notify
