// SPDX-License-Identifier: MIT
//
// Which Redis, how to log in and whom to trust: the same options, variables and keys of the
// configuration file in all four tools, so that one REDIS_URL serves them all. A tool's options.cpp
// has one among what is typed, adds it to its command line, and asks it to resolve() after parse().
#pragma once

#include "cli/command_line.hpp"
#include "redis/redis_client.hpp"
#include "redis/redis_options.hpp"

#include <string>

namespace notify::cli {

class redis_settings {
public:
    // Adds --redis, --redis-password-file and the files of TLS, in a group of their own. REQUIRES:
    // this outlives line.parse(), which writes into it.
    void add_to(command_line& line);

    // Returns what was given, checked, with the password read from its file. Throws failure{usage},
    // before anything is connected to, if a file cannot be read or options contradict each other.
    // REQUIRES: line has been parsed.
    [[nodiscard]] redis::redis_options resolve() const;

private:
    void resolve_tls(redis::redis_options& options) const;

    // As typed, with a password in it perhaps: not to be shown (redis_options::display).
    std::string url_{redis::redis_options::default_url};
    std::string password_file_;  // a path, as the three below; empty if not given
    std::string ca_file_;
    std::string cert_file_;
    std::string key_file_;
};

// Starts client, which is to try once (redis_policy), and waits until Redis is reached. For tools
// that can do nothing without Redis; the gateway starts without it and keeps trying. Throws
// failure{unreachable} if it is not. REQUIRES: client outlives the coroutine and has not been
// started.
[[nodiscard]] net::awaitable<void> reach(redis::redis_client& client);

// Returns the first line of a file that holds a secret. Throws failure{usage}, which names the file
// and shows nothing of its content.
[[nodiscard]] std::string read_secret(std::string const& path);

}  // namespace notify::cli
