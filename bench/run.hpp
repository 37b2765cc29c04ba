// SPDX-License-Identifier: MIT
//
// One run of one scenario, in its phases: connect, idle, full speed, fixed rate.
#pragma once

#include "crowd.hpp"
#include "figures.hpp"
#include "publisher.hpp"
#include "redis_pipe.hpp"
#include "testbed.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace notify::bench {

class run {
public:
    // REQUIRES: loop and bed outlive this.
    run(poller& loop, testbed const& bed, scenario const& s);

    // Runs all phases. Throws std::runtime_error if one cannot be finished; lost notifications are
    // a figure, not an error.
    [[nodiscard]] figures measure();

    // Two of the phases, and their figures, for growth.
    void connect();
    void full_speed();
    [[nodiscard]] figures account();

private:
    void warm_up();
    void fixed_rate();
    [[nodiscard]] std::vector<std::string> mint(std::size_t tabs);
    [[nodiscard]] std::int64_t redis_memory();

    poller& loop_;
    testbed const& bed_;
    figures figures_;
    redis_pipe redis_;
    crowd crowd_;
    publisher publisher_;
};

}  // namespace notify::bench
