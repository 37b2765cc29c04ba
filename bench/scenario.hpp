// SPDX-License-Identifier: MIT
//
// Who is connected, and how hard they are talked to.
#pragma once

#include "poller.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace notify::bench {

struct scenario {
    std::string name;
    std::size_t users = 1;
    std::size_t tabs_per_user = 1;
    std::size_t window = 1;        // messages published and not yet with everybody
    std::uint64_t deliveries = 0;  // at full speed
    double rate = 0;               // deliveries per second while latency is measured
    std::size_t connect_at_once = 1;
    poller::milliseconds latency_for{0};
    poller::milliseconds idle{0};  // how long idle cost is measured; 0: not

    [[nodiscard]] std::size_t tabs() const { return users * tabs_per_user; }
    [[nodiscard]] std::uint64_t messages() const { return deliveries / tabs_per_user; }
};

}  // namespace notify::bench
