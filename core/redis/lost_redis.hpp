// SPDX-License-Identifier: MIT
//
// Sentences for the operator when a connection to Redis has ended, each with what to try.
//
// Redis itself says little: a server that expects TLS closes a plain connection without a word, and
// one that wants a client certificate says so only after the handshake. The usual mistake is the
// wrong scheme in `--redis`, and the operator should not have to find that in a packet dump.
//
// Used by redis_link. Pure functions; any thread may call them.
#pragma once

#include "base/net.hpp"
#include "base/stream.hpp"

#include <string>
#include <string_view>

namespace notify::redis {

// Returns why a read of ec has failed, as a sentence with the address in it. heard is true if the
// server has sent at least one byte: a server that closes before that may be one that expects TLS.
[[nodiscard]] std::string why_lost(stream_address const& address, error_code const& ec, bool heard);

// True if the first bytes that a server sent are a TLS alert (RFC 8446 section 5.1: content type
// 21, version 3.x) in place of a Redis reply. A TLS server answers our plain commands with one.
[[nodiscard]] bool is_tls_alert(std::string_view bytes);

// Returns the sentence for that case: write `rediss://`.
[[nodiscard]] std::string says_tls(stream_address const& address);

}  // namespace notify::redis
