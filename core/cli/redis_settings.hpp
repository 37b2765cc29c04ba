// SPDX-License-Identifier: MIT
//
// Which Redis: the same options in all four tools.
#pragma once

#include "cli/command_line.hpp"
#include "redis/redis_client.hpp"
#include "redis/redis_options.hpp"

#include <string>

namespace notify::cli {

class redis_settings {
public:
    // Adds --redis, --redis-password-file and the files of TLS. REQUIRES: outlives line.
    void add_to(command_line& line);

    // What was given, checked; the files read. Throws failure.
    [[nodiscard]] redis::redis_options resolve() const;

private:
    void resolve_tls(redis::redis_options& options) const;

    std::string url_{redis::redis_options::default_url};
    std::string password_file_;
    std::string ca_file_;
    std::string cert_file_;
    std::string key_file_;
};

// Starts a client that tries once, and waits until Redis is reached. Throws
// failure{unreachable}.
[[nodiscard]] net::awaitable<void> reach(redis::redis_client& client);

// The first line of a file that holds a secret. Throws failure.
[[nodiscard]] std::string read_secret(std::string const& path);

}  // namespace notify::cli
