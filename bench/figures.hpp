// SPDX-License-Identifier: MIT
//
// What one run has measured. bench/README.md says what each figure means.
#pragma once

#include "latency_log.hpp"
#include "process_usage.hpp"
#include "scenario.hpp"

#include <cstdint>
#include <string>

namespace notify::bench {

struct figures {
    scenario ran;

    double connect_seconds = 0;
    cpu_time connect_cpu;

    std::int64_t rss_before = 0;
    std::int64_t rss_connected = 0;
    std::int64_t rss_settled = 0;
    std::int64_t rss_after_load = 0;
    std::int64_t rss_after_leaving = 0;
    std::int64_t redis_memory = 0;  // what Redis itself says that it uses more

    double idle_seconds = 0;
    cpu_time idle_cpu;

    double storm_seconds = 0;  // until all were back
    cpu_time storm_cpu;
    std::size_t web_app_asked = 0;
    std::size_t web_app_at_once = 0;  // connections that brought the questions

    double load_seconds = 0;
    std::uint64_t load_deliveries = 0;
    cpu_time load_cpu;
    bool stalled = false;  // deliveries stopped coming

    latency_log latency;

    std::uint64_t lost = 0;
    std::uint64_t out_of_order = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t strays = 0;
    std::uint64_t dropped = 0;

    [[nodiscard]] std::uint64_t flaws() const
    {
        return lost + out_of_order + duplicates + strays + dropped;
    }

    // Nothing lost, reordered, doubled or given to the wrong user.
    [[nodiscard]] bool flawless() const { return flaws() == 0 && !stalled; }
};

// What was measured, and on what.
struct surroundings {
    std::string server;  // gateway, floor, node, nchan; or attached
    std::size_t round = 1;
    std::size_t threads = 0;  // of the gateway; 0: unknown
    std::size_t cores = 0;
    bool pinned = false;
};

// One line of JSON, without its end.
[[nodiscard]] std::string to_json_line(figures& f, surroundings const& where);

}  // namespace notify::bench
