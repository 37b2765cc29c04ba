// SPDX-License-Identifier: MIT
//
// Whether one tab got each of its user's notifications, once and in order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace notify::bench {

class sequence_check {
public:
    enum class verdict : std::uint8_t { in_order, out_of_order, duplicate };

    // The notification with this number has arrived; numbers begin at 0.
    [[nodiscard]] verdict take(std::uint32_t number)
    {
        if (number < next_) return take_late(number);
        while (next_ < number) missing_.push_back(next_++);
        ++next_;
        return verdict::in_order;
    }

    // How many of the first `sent` have not arrived.
    [[nodiscard]] std::size_t lost(std::uint32_t sent) const
    {
        return missing_.size() + (sent > next_ ? sent - next_ : 0);
    }

private:
    // It was passed over before, or has been here already.
    verdict take_late(std::uint32_t number)
    {
        auto const found = std::find(missing_.begin(), missing_.end(), number);
        if (found == missing_.end()) return verdict::duplicate;
        missing_.erase(found);
        return verdict::out_of_order;
    }

    std::uint32_t next_ = 0;
    std::vector<std::uint32_t> missing_;  // passed over, and not come since
};

}  // namespace notify::bench
