// SPDX-License-Identifier: MIT
//
// What may be set about the Engine.IO and Socket.IO layer, with the defaults of
// the reference server where it has them.
#pragma once

#include "base/timer_wheel.hpp"

#include <cstddef>
#include <cstdint>

namespace notify::eio {

struct engine_options {
    // Whether clients of Socket.IO 2, which speak Engine.IO 3, are served.
    bool eio3 = true;
    milliseconds ping_interval{25'000};
    milliseconds ping_timeout{20'000};
    milliseconds upgrade_timeout{10'000};
    // From a handshake over polling to the next request of that session.
    milliseconds first_poll_timeout{5'000};
    // From the session's start, or from leaving its last namespace, to a CONNECT.
    milliseconds connect_timeout{45'000};
    // Bytes of one message with its attachments, or one polling body, from a client.
    std::size_t max_payload = 1'000'000;
    // Bytes of memory that wait to be sent to one session (outbox.hpp).
    std::size_t max_queue = 4 * 1024 * 1024;
    std::size_t max_namespaces = 4;
};

}  // namespace notify::eio
