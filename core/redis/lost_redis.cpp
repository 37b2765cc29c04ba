// SPDX-License-Identifier: MIT
#include "redis/lost_redis.hpp"

#include <fmt/format.h>

namespace notify::redis {

std::string why_lost(stream_address const& address, error_code const& ec, bool heard)
{
    auto const at = address.to_string();
    bool const plain = address.how == stream_address::kind::plain;
    if (plain && !heard && (ec == net::error::eof || ec == net::error::connection_reset))
        return fmt::format("Redis at {} closed the connection before it said anything; if it "
                           "speaks TLS, write rediss:// in place of redis://",
                           at);
    if (ec == net::error::eof) return fmt::format("Redis at {} closed the connection", at);
    // In TLS 1.3 a client has shaken hands before the server checks its certificate. So the refusal
    // comes as an error of the first read, whose message alone does not say what to do.
    auto const advice = stream::wants_certificate(ec)
                            ? "; it wants a client certificate (--redis-cert-file and "
                              "--redis-key-file)"
                            : "";
    return fmt::format("the connection to Redis at {} was lost: {}{}", at, ec.message(), advice);
}

// No Redis reply begins with 0x15: the first byte of each is one of `+-:$*`.
bool is_tls_alert(std::string_view bytes) { return bytes.starts_with("\x15\x03"); }

std::string says_tls(stream_address const& address)
{
    return fmt::format("Redis at {} speaks TLS: write rediss:// in place of redis://",
                       address.to_string());
}

}  // namespace notify::redis
