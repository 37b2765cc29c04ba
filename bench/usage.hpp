// SPDX-License-Identifier: MIT
//
// What processes have used so far, as /proc says. Throws std::runtime_error if one has ended.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>

namespace notify::bench {

// The CPU time of all threads, in seconds. The total is exact. Its division into user and system is
// the kernel's estimate at its clock ticks, every 1 to 10 ms.
struct cpu_time {
    double total = 0;
    double user_ticks = 0;
    double sys_ticks = 0;

    [[nodiscard]] double user() const
    {
        double const ticks = user_ticks + sys_ticks;
        return ticks > 0 ? total * user_ticks / ticks : 0;
    }

    friend cpu_time operator-(cpu_time a, cpu_time b)
    {
        return {a.total - b.total, a.user_ticks - b.user_ticks, a.sys_ticks - b.sys_ticks};
    }
    friend cpu_time operator+(cpu_time a, cpu_time b)
    {
        return {a.total + b.total, a.user_ticks + b.user_ticks, a.sys_ticks + b.sys_ticks};
    }
};

// What some work took: the time, and the CPU of the servers.
struct effort {
    double seconds = 0;
    cpu_time cpu;
};

[[nodiscard]] cpu_time cpu_time_of(pid_t process);

// Read from smaps_rollup, which counts pages; statm only estimates.
[[nodiscard]] std::int64_t resident_bytes_of(pid_t process);

}  // namespace notify::bench
