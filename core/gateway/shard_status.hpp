// SPDX-License-Identifier: MIT
//
// What a shard lets everybody see of itself: written by its thread with each
// tick, read by any.
#pragma once

#include <atomic>
#include <cstddef>

namespace notify {

struct shard_status {
    std::atomic<std::size_t> connections{0};
    std::atomic<std::size_t> sessions{0};
    std::atomic<std::size_t> channels{0};
    std::atomic<bool> redis_up{false};
};

}  // namespace notify
