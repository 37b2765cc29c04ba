// SPDX-License-Identifier: MIT
//
// What one run has measured. bench/README.md says what each figure means.
#pragma once

#include "scenario.hpp"
#include "usage.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace notify::bench {

struct figures {
    scenario ran;

    effort connect;
    effort idle;
    effort storm;                         // until all were back
    effort steady;                        // at a fixed rate
    effort load;                          // at full speed
    effort recovery;                      // until all were back with what they missed
    effort reconnect;                     // the same as new sessions
    std::size_t recovered = 0;            // sessions that came back as what they were
    std::uint64_t recovery_commands = 0;  // that Redis got meanwhile
    std::uint64_t reconnect_commands = 0;
    std::uint64_t deliveries = 0;
    std::vector<std::uint32_t> latencies;  // in tenths of a microsecond, at a fixed rate

    std::int64_t resident_bytes = 0;  // growth of the servers by the clients
    std::int64_t redis_bytes = 0;     // growth of Redis by the clients, as it says
    std::size_t web_app_at_once = 0;  // most connections to the web app in the storm

    std::uint64_t lost = 0;
    std::uint64_t misplaced = 0;
    std::uint64_t strays = 0;
    std::uint64_t dropped = 0;
    bool stalled = false;

    [[nodiscard]] std::uint64_t flaws() const { return lost + misplaced + strays + dropped; }

    // Whether nothing was lost, reordered, doubled or given to the wrong user.
    [[nodiscard]] bool flawless() const { return flaws() == 0 && !stalled; }
};

// What was measured, and how.
struct surroundings {
    std::string server;
    std::size_t round = 1;
    std::size_t threads = 1;  // of the gateway
    std::size_t cores = 1;
    bool pinned = false;
};

// Returns one line of JSON, without the line feed. Sorts the latencies.
[[nodiscard]] std::string to_json_line(figures& f, surroundings const& where);

}  // namespace notify::bench
