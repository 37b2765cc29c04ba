// SPDX-License-Identifier: MIT
//
// Which clients are connected, and how many messages they are sent.
#pragma once

#include "poller.hpp"
#include "tab.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace notify::bench {

// How a notification is sent: by PUBLISH, by a POST to nchan, stored by notify's script, or stored
// in the stream of Socket.IO's adapter.
enum class sending : std::uint8_t { publish, post, script, stream };

struct scenario {
    std::string name;
    carrier by = carrier::websocket;
    sending how = sending::publish;
    bool storm = false;          // all clients are cut at once (storm.hpp)
    bool recovery = false;       // … and come back with what they missed (recovery.hpp)
    std::size_t processes = 1;   // of servers and of clients, each with these users (growth.hpp)
    std::size_t first_user = 0;  // by number
    std::size_t users = 1;
    std::size_t tabs_per_user = 1;
    std::size_t window = 1;           // messages published and not yet received by all
    std::uint64_t deliveries = 0;     // at full speed
    poller::milliseconds latency{0};  // how long latency is measured; 0: not
    poller::milliseconds idle{0};     // how long the cost of idle users is measured; 0: not

    // The number of the user whose tab this is.
    [[nodiscard]] std::size_t user_of(std::size_t tab) const
    {
        return first_user + tab / tabs_per_user;
    }
    // Whether clients need a uuidCookie; otherwise they are believed.
    [[nodiscard]] bool asks_who() const
    {
        return how == sending::publish || how == sending::script;
    }
    [[nodiscard]] std::size_t tabs() const { return users * tabs_per_user; }
    [[nodiscard]] std::uint64_t messages() const { return deliveries / tabs_per_user; }
};

// The id of user n.
[[nodiscard]] inline std::string user_name(std::size_t n) { return fmt::format("bench-{}", n); }

}  // namespace notify::bench
