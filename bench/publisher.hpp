// SPDX-License-Identifier: MIT
//
// Publishes stamped notifications, to one user after the other.
#pragma once

#include "outlet.hpp"
#include "scenario.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace notify::bench {

// The id of user n.
[[nodiscard]] std::string user_name(std::size_t n);

class publisher {
public:
    // REQUIRES: to outlives this.
    publisher(outlet& to, scenario const& s);

    // Sends the next n.
    void publish(std::size_t n);

    [[nodiscard]] std::uint64_t published() const { return published_; }

private:
    outlet& to_;
    std::size_t const first_user_;
    std::vector<std::string> addresses_;
    std::uint64_t published_ = 0;
};

}  // namespace notify::bench
