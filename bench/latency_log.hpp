// SPDX-License-Identifier: MIT
//
// Every measured latency, kept as it is: exact percentiles, four bytes each.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace notify::bench {

class latency_log {
public:
    void add(std::uint64_t nanoseconds)
    {
        sorted_ = false;
        tenths_.push_back(
            static_cast<std::uint32_t>(std::min<std::uint64_t>(nanoseconds / 100, UINT32_MAX)));
    }

    [[nodiscard]] bool empty() const { return tenths_.empty(); }

    // The latency in microseconds that this share of all (0 to 1) does not
    // exceed. REQUIRES: !empty().
    [[nodiscard]] double percentile(double share)
    {
        if (!sorted_) std::sort(tenths_.begin(), tenths_.end());
        sorted_ = true;
        auto const last = static_cast<double>(tenths_.size() - 1);
        return tenths_[static_cast<std::size_t>(share * last + 0.5)] / 10.0;
    }

private:
    std::vector<std::uint32_t> tenths_;  // of a microsecond
    bool sorted_ = true;
};

}  // namespace notify::bench
