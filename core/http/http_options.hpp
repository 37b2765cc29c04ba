// SPDX-License-Identifier: MIT
//
// The limits on HTTP, before there is a session.
#pragma once

#include "base/timer_wheel.hpp"

#include <cstddef>
#include <cstdint>

namespace notify {

struct http_options {
    std::uint32_t max_head = 16 * 1024;  // bytes of request line and headers
    milliseconds head_timeout{10'000};   // from its first byte, or from accept, to its last
    milliseconds body_timeout{30'000};   // also for an answer to be read
    milliseconds idle_timeout{75'000};   // between requests; above what proxies keep
};

}  // namespace notify
