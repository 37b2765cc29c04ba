// SPDX-License-Identifier: MIT
//
// The values of a shard's metrics and whether it is ready, where all threads may see them: its
// thread writes with each tick, any thread reads (`/healthz`, `/readyz`, the end of the gateway).
//
// Single atomic numbers, not a consistent snapshot: a value may be a tick old, and two values may
// be of different ticks. Nothing is decided by them, so that costs nothing and needs no lock.
#pragma once

#include "gateway/metric_values.hpp"
#include "gateway/readiness.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace notify {

class shard_status {
public:
    // --- the shard's thread ---

    // Sets a state or a gauge.
    void set(gateway_metric m, std::uint64_t n) { cells_[cell_of(m)] = n; }

    // Adds n to a counter. reason: the index of the label's value.
    void add(gateway_metric m, std::size_t reason, std::uint64_t n)
    {
        cells_[cell_of(m, reason)] += n;
    }

    void set(readiness r) { ready_ = r; }

    // --- any thread ---

    [[nodiscard]] readiness ready() const { return ready_; }

    // Returns a copy of all values as they are now.
    [[nodiscard]] metric_values values() const
    {
        metric_values now;
        for (std::size_t i = 0; i < cell_count; ++i) now.cells[i] = cells_[i];
        return now;
    }

private:
    std::array<std::atomic<std::uint64_t>, cell_count> cells_{};
    std::atomic<readiness> ready_{readiness::no_redis};
};

}  // namespace notify
