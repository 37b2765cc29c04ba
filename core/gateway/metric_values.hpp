// SPDX-License-Identifier: MIT
//
// The values of all metrics of the gateway at one moment, of one shard or of several.
#pragma once

#include "gateway/gateway_metric.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace notify {

struct metric_values {
    std::array<std::uint64_t, cell_count> cells{};  // cell_of()

    // i: the index of the label's value; 0 for a metric without a label.
    [[nodiscard]] std::uint64_t of(gateway_metric m, std::size_t i = 0) const
    {
        return cells[cell_of(m, i)];
    }

    // Becomes the values of this part and the other together.
    void join(metric_values const& other)
    {
        std::size_t cell = 0;
        for (metric const& m : gateway_metrics)
            for (std::size_t const end = cell + m.values; cell < end; ++cell)
                cells[cell] = joined(m.is, cells[cell], other.cells[cell]);
    }
};

}  // namespace notify
