// SPDX-License-Identifier: MIT
//
// The limits of a process on what its clients make it hold: connections, sessions, memory.
//
// Each limit is one count for all shards, since a client does not choose its shard and an operator
// thinks of the process (--max-connections, --max-sessions, --max-kept-headers). The gateway makes
// it before its shards and destroys it after them. May be used from any thread: each count is a
// base/quota, which is one atomic number.
#pragma once

#include "base/quota.hpp"

#include <cstddef>

namespace notify {

struct capacity_limits {
    std::size_t connections = 100'000;  // open TCP connections
    // Connections beyond that limit. Each is served one request and then closed, so that a full
    // gateway still answers its own polling clients, and whoever asks /healthz if it lives.
    std::size_t guests = 64;
    // Engine.IO sessions. They need a limit of their own: a polling session holds no descriptor
    // between two requests, so one connection can begin any number of them.
    std::size_t sessions = 100'000;
    // Bytes of the headers that are kept of the requests that began sessions (session/handshake).
    std::size_t kept = quota::unlimited;
};

// What is taken of each limit now. Owners hold a quota_share or give back what they took.
struct capacity {
    explicit capacity(capacity_limits const& l = {})
        : connections{l.connections}, guests{l.guests}, sessions{l.sessions}, kept{l.kept}
    {
    }

    quota connections;
    quota guests;
    quota sessions;
    quota kept;
};

}  // namespace notify
