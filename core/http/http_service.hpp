// SPDX-License-Identifier: MIT
//
// What answers requests under one path. One for each shard; it serves many
// connections at a time, each in its own coroutine.
#pragma once

#include "base/net.hpp"

namespace notify {

class http_connection;

class http_service {
public:
    virtual ~http_service() = default;

    // Answers the request whose head has been read, or takes the socket away.
    virtual net::awaitable<void> serve(http_connection& c) = 0;
};

}  // namespace notify
