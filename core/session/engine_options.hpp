// SPDX-License-Identifier: MIT
//
// The settings of the Engine.IO and Socket.IO layer. Defaults are those of the reference server
// (engine.io and socket.io on npm) where it has the option, so that clients see no difference.
// docs/protocol.md says what each means to a client.
//
// A plain value, copied into each shard's session_context; it does not change while sessions run.
#pragma once

#include "base/timer_wheel.hpp"

#include <cstddef>
#include <cstdint>

namespace notify::eio {

struct engine_options {
    // Whether clients of Socket.IO 2, which speak Engine.IO 3, are served (`--no-eio3`).
    bool eio3 = true;
    // Between a pong and the next ping, and how long a pong may take. Their sum is how long a
    // client that has vanished may go unnoticed. The client is told both in its handshake.
    milliseconds ping_interval{25'000};
    milliseconds ping_timeout{20'000};
    // From a WebSocket's handshake to the packet `5` that ends the upgrade.
    milliseconds upgrade_timeout{10'000};
    // From a handshake over polling to the session's next request. A client that never comes back
    // would otherwise hold its session for ping_interval and ping_timeout.
    milliseconds first_poll_timeout{5'000};
    // From the session's start, or from leaving its last namespace, to a CONNECT.
    milliseconds connect_timeout{45'000};
    // Bytes of one message with its attachments, or of one polling body, from a client. The client
    // is told in its handshake.
    std::size_t max_payload = 1'000'000;
    // Bytes of memory that may wait to be sent to one session (outbox.hpp); more ends it.
    std::size_t max_queue = 4 * 1024 * 1024;
    // Namespaces that one connection may be in.
    std::size_t max_namespaces = 4;
};

}  // namespace notify::eio
