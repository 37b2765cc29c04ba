// SPDX-License-Identifier: MIT
//
// The limits on HTTP, before there is a session, and what is kept of its first request.
#pragma once

#include "base/timer_wheel.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace notify {

struct http_options {
    std::uint32_t max_head = 16 * 1024;     // bytes of request line and headers
    milliseconds head_timeout{10'000};      // from its first byte, or from accept, to its last
    milliseconds body_timeout{30'000};      // also for an answer to be read
    milliseconds idle_timeout{75'000};      // between requests; above what proxies keep
    std::vector<std::string> more_headers;  // to keep besides the usual (kept_headers.hpp)
};

}  // namespace notify
