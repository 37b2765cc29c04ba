// SPDX-License-Identifier: MIT
//
// Which Redis, and as whom: the value of --redis.
#pragma once

#include "base/result.hpp"
#include "base/stream.hpp"

#include <string>
#include <string_view>

namespace notify::redis {

struct redis_options {
    stream_address address = default_address();
    std::string user;
    std::string password;  // a secret: never shown
    unsigned db = 0;

    static constexpr std::string_view default_url = "redis://127.0.0.1:6379";

    // The URL without the password: "redis://app@[::1]:6379/2".
    [[nodiscard]] std::string display() const;

private:
    static stream_address default_address();
};

// Reads redis://[user[:password]@]host[:port][/db], rediss://… (TLS) or
// unix:///path[?db=n]; user and password may be percent-encoded. The error
// shows the value, but nothing that could be its password.
[[nodiscard]] result<redis_options> parse_redis_url(std::string_view url);

}  // namespace notify::redis
