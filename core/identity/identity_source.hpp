// SPDX-License-Identifier: MIT
//
// Who answers the question which user a client is. The interface between the application, which
// asks when a client makes a claim (gateway/notifications), and Redis and the web app, which the
// application need not know. The gateway's source is `identity`; tests have one in memory.
//
// There is one for each shard, used on that shard's thread only.
#pragma once

#include "identity/lookup.hpp"
#include "session/handshake.hpp"

#include <string_view>

namespace notify {

class identity_source {
public:
    virtual ~identity_source() = default;

    // Both have l told exactly once, possibly before they return, unless l is destroyed first: then
    // nobody is told. Both may throw std::bad_alloc, and l is not told then. REQUIRES: l waits for
    // no other answer.

    // Asks whose uuidCookie this is, and uses it up. uuid is what the client sent, whatever it is.
    virtual void by_uuid(std::string_view uuid, identity_listener& l) = 0;
    // Asks who is logged in where this request came from: the one that began the session.
    virtual void by_cookies(eio::handshake const& request, identity_listener& l) = 0;
};

}  // namespace notify
