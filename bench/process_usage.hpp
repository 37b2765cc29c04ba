// SPDX-License-Identifier: MIT
//
// What a process has used so far, as /proc tells it. Throws std::runtime_error
// when the process is gone.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace notify::bench {

// All threads together, in seconds; exact to a clock tick (10 ms).
struct cpu_time {
    double user = 0;
    double sys = 0;

    [[nodiscard]] double total() const { return user + sys; }
    friend cpu_time operator-(cpu_time a, cpu_time b) { return {a.user - b.user, a.sys - b.sys}; }
};

[[nodiscard]] cpu_time cpu_time_of(pid_t process);

// Resident bytes. From smaps_rollup, which counts; statm estimates.
[[nodiscard]] std::int64_t resident_bytes_of(pid_t process);

}  // namespace notify::bench
