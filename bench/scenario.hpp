// SPDX-License-Identifier: MIT
//
// Who is connected, and how hard they are talked to.
#pragma once

#include "poller.hpp"
#include "tab.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace notify::bench {

struct scenario {
    std::string name;
    carrier by = carrier::websocket;
    std::size_t first_user = 0;  // by number
    std::size_t users = 1;
    std::size_t tabs_per_user = 1;
    std::size_t window = 1;        // messages published and not yet with everybody
    std::uint64_t deliveries = 0;  // at full speed
    double rate = 0;               // deliveries per second while latency is measured
    std::size_t connect_at_once = 1;
    poller::milliseconds latency_for{0};
    poller::milliseconds idle{0};     // how long idle cost is measured; 0: not
    poller::milliseconds leaving{0};  // after which memory is looked at again; 0: not
    bool storm = false;               // all are cut at once (storm.hpp)
    std::size_t processes = 1;        // of servers and of clients, each doing all this

    // The number of the user whose tab this is.
    [[nodiscard]] std::size_t user_of(std::size_t tab) const
    {
        return first_user + tab / tabs_per_user;
    }
    [[nodiscard]] std::size_t tabs() const { return users * tabs_per_user; }
    [[nodiscard]] std::uint64_t messages() const { return deliveries / tabs_per_user; }
};

}  // namespace notify::bench
