// SPDX-License-Identifier: MIT
//
// Who is this? As the application asks it, which needs to know neither Redis nor the
// web app. The gateway's is `identity`; tests have one in memory.
//
// One for each shard.
#pragma once

#include "identity/lookup.hpp"
#include "session/handshake.hpp"

#include <string_view>

namespace notify {

class identity_source {
public:
    virtual ~identity_source() = default;

    // Each has l told exactly once, possibly before it returns, unless l is
    // destroyed before. REQUIRES: l waits for nothing else.

    // Whose uuidCookie this is, which is used up then.
    virtual void by_uuid(std::string_view uuid, identity_listener& l) = 0;
    // Whose browser has sent this request.
    virtual void by_cookies(eio::handshake const& request, identity_listener& l) = 0;
};

}  // namespace notify
