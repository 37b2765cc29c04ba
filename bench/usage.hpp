// SPDX-License-Identifier: MIT
//
// What processes have used so far, as /proc tells it. Throws std::runtime_error
// when one is gone.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>

namespace notify::bench {

// All threads together. The total, in seconds, is exact; how it divides into user
// and system is what the kernel saw at its clock ticks, of 1 to 10 ms.
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

// What some work has taken: the time, and the CPU of the servers.
struct effort {
    double seconds = 0;
    cpu_time cpu;
};

[[nodiscard]] cpu_time cpu_time_of(pid_t process);

// From smaps_rollup, which counts; statm estimates.
[[nodiscard]] std::int64_t resident_bytes_of(pid_t process);

}  // namespace notify::bench
