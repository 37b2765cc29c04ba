// SPDX-License-Identifier: MIT
//
// Which Redis, and as whom: the value of `--redis`, parsed.
//
//     redis://app:secret@cache.example.org:6380/2
//     rediss://cache.example.org                  TLS
//     unix:///run/redis/redis.sock?db=2
//
// A plain value. The tools add the files of TLS and a password that comes from a file
// (cli/redis_settings).
#pragma once

#include "base/result.hpp"
#include "base/stream.hpp"

#include <string>
#include <string_view>

namespace notify::redis {

struct redis_options {
    stream_address address = default_address();
    // "" if there is none: then Redis' default user is meant.
    std::string user;
    std::string password;  // a secret: never shown
    unsigned db = 0;       // the server may have fewer than this; 0 is always there

    static constexpr std::string_view default_url = "redis://127.0.0.1:6379";

    // Returns the URL without the password, for the log and `--help`: "redis://app@[::1]:6379/2".
    [[nodiscard]] std::string display() const;

private:
    static stream_address default_address();
};

// Parses `redis://[user[:password]@]host[:port][/db]`, `rediss://…` (TLS) or `unix:///path[?db=n]`.
// The port is 6379 unless given, the database 0. User and password may be percent-encoded. The
// error is a sentence that shows the value, without anything that could be a password: errors go to
// logs and terminals.
[[nodiscard]] result<redis_options> parse_redis_url(std::string_view url);

}  // namespace notify::redis
