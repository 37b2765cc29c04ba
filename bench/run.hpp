// SPDX-License-Identifier: MIT
//
// One run of one scenario, in its phases: connect, idle, full speed, fixed rate,
// leave.
#pragma once

#include "crowd.hpp"
#include "figures.hpp"
#include "publisher.hpp"
#include "redis_pipe.hpp"
#include "testbed.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace notify::bench {

class run {
public:
    // REQUIRES: loop and bed outlive this.
    run(poller& loop, testbed const& bed, scenario const& s);

    // Goes through all phases. Throws std::runtime_error if one cannot be
    // finished; lost notifications are a figure, not an error.
    [[nodiscard]] figures measure();

private:
    void warm_up();
    void connect();
    void idle();
    void full_speed();
    void fixed_rate();
    void leave();
    [[nodiscard]] bool wait_for_rest();
    [[nodiscard]] std::vector<std::string> mint(std::size_t tabs);
    [[nodiscard]] std::int64_t redis_memory();
    [[nodiscard]] cpu_time cpu() const { return cpu_time_of(bed_.gateway_pid()); }
    [[nodiscard]] std::int64_t rss() const { return resident_bytes_of(bed_.gateway_pid()); }

    poller& loop_;
    testbed const& bed_;
    figures figures_;
    redis_pipe redis_;
    crowd crowd_;
    publisher publisher_;
};

}  // namespace notify::bench
