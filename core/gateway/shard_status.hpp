// SPDX-License-Identifier: MIT
//
// What a shard lets everybody see of itself: written by its thread with each
// tick, read by any.
#pragma once

#include "base/tally.hpp"
#include "gateway/failed_subscriptions.hpp"
#include "http/http_refusal.hpp"
#include "session/close_reason.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace notify {

// Numbers by kind (tally.hpp), since the start.
template <std::size_t Count>
using shown_counts = std::array<std::atomic<std::uint64_t>, Count>;

struct shard_status {
    std::atomic<std::size_t> connections{0};
    std::atomic<std::size_t> sessions{0};
    std::atomic<std::size_t> channels{0};
    std::atomic<bool> redis_up{false};
    std::atomic<std::uint64_t> large_messages{0};  // that were not delivered
    shown_counts<subscription_failure_count> not_subscribed{};
    shown_counts<eio::close_reason_count> closed{};
    shown_counts<http_refusal_count> refused{};
};

}  // namespace notify
