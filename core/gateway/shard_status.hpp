// SPDX-License-Identifier: MIT
//
// The values of a shard's metrics, where all may see them: written by the shard's thread, with
// each tick, and read by any.
#pragma once

#include "gateway/metric_values.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace notify {

class shard_status {
public:
    // --- the shard's thread ---

    // For a state or a gauge.
    void set(gateway_metric m, std::uint64_t n) { cells_[cell_of(m)] = n; }

    // For a counter. reason: the index of the label's value.
    void add(gateway_metric m, std::size_t reason, std::uint64_t n)
    {
        cells_[cell_of(m, reason)] += n;
    }

    // --- any thread ---

    [[nodiscard]] metric_values values() const
    {
        metric_values now;
        for (std::size_t i = 0; i < cell_count; ++i) now.cells[i] = cells_[i];
        return now;
    }

private:
    std::array<std::atomic<std::uint64_t>, cell_count> cells_{};
};

}  // namespace notify
