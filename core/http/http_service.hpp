// SPDX-License-Identifier: MIT
//
// What answers the requests for one path, or for all paths that begin alike (router.hpp). An
// http_connection calls it; implementations are wire/engine_endpoint, bundle_service and
// function_service.
//
// One for each shard, used on its thread. It serves many connections at a time, each in a coroutine
// of its own, so nothing may be kept in the service between two co_awaits on behalf of one of them.
#pragma once

#include "base/net.hpp"

namespace notify {

class http_connection;

class http_service {
public:
    virtual ~http_service() = default;

    // Serves the request of c whose head has been read. When it returns, one of these was done: the
    // request was answered (respond, refuse), an answer was deferred, or the socket was taken away
    // (upgrade, move_to). What it throws ends the connection and is logged.
    virtual net::awaitable<void> serve(http_connection& c) = 0;
};

}  // namespace notify
