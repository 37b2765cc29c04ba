// SPDX-License-Identifier: MIT
//
// What a process holds of strangers' things at a time, counted over all of its
// shards. Made before them, outlives them; may be used from any thread.
#pragma once

#include "base/quota.hpp"

#include <cstddef>

namespace notify {

struct capacity_limits {
    std::size_t connections = 100'000;
    // Connections beyond these, which are served one request each: by whoever is in
    // already, or asks whether the process lives.
    std::size_t guests = 64;
    // Long-polling needs no descriptor between two requests: so connections bound no sessions.
    std::size_t sessions = 100'000;
    // Bytes of the requests that began sessions, as far as they are kept (handshake).
    std::size_t kept = quota::unlimited;
};

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
