// SPDX-License-Identifier: MIT
//
// Sentences for people whose connection to Redis ended, with what to try.
#pragma once

#include "base/net.hpp"
#include "base/stream.hpp"

#include <string>
#include <string_view>

namespace notify::redis {

// Why a read has failed. heard: whether the server has said anything at all.
[[nodiscard]] std::string why_lost(stream_address const& address, error_code const& ec, bool heard);

// True if a server's first bytes are an alert of TLS (RFC 8446, 5.1) in place of a reply.
[[nodiscard]] bool is_tls_alert(std::string_view bytes);

[[nodiscard]] std::string says_tls(stream_address const& address);

}  // namespace notify::redis
