// SPDX-License-Identifier: MIT
//
// What an operator may set about HTTP: the limits on a request, and which of its headers a session
// keeps. gateway/ reads them from options; each http_context has a copy. Limits on what comes after
// the handshake are in session/engine_options.
#pragma once

#include "base/timer_wheel.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace notify {

struct http_options {
    // Bytes of request line and headers together. Sites whose sign-in splits cookies into chunks
    // send 9 KB.
    std::uint32_t max_head = 16 * 1024;
    milliseconds head_timeout{10'000};  // from its first byte, or from accept, to its last
    milliseconds body_timeout{30'000};  // for a whole body; also for an answer to be read
    // Between two requests. Longer than proxies keep a connection, so that it is the proxy that
    // closes: it would otherwise send a request into a connection that is just being closed.
    milliseconds idle_timeout{75'000};
    std::vector<std::string> more_headers;  // to keep besides the usual (wire/kept_headers)
};

}  // namespace notify
