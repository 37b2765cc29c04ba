// SPDX-License-Identifier: MIT
//
// The values of all metrics at one moment, of one shard or of several together. A plain value: what
// shard_status returns, gateway::values() adds up and health_of() renders.
#pragma once

#include "gateway/gateway_metric.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace notify {

struct metric_values {
    std::array<std::uint64_t, cell_count> cells{};  // cell_of()

    // Returns a value. i: the index of the label's value; 0 for a metric without a label.
    [[nodiscard]] std::uint64_t of(gateway_metric m, std::size_t i = 0) const
    {
        return cells[cell_of(m, i)];
    }

    // Makes this the values of this part and the other together: numbers add up, and a state is up
    // only if both are (base/metric.hpp).
    void join(metric_values const& other)
    {
        std::size_t cell = 0;
        for (metric const& m : gateway_metrics)
            for (std::size_t const end = cell + m.values; cell < end; ++cell)
                cells[cell] = joined(m.is, cells[cell], other.cells[cell]);
    }
};

}  // namespace notify
