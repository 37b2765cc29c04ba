// SPDX-License-Identifier: MIT
//
// The options that bound what clients, and the web app, may take: one row each.
#pragma once

#include "cli/command_line.hpp"
#include "gateway/settings.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace notify {

class limits {
public:
    limits();

    // Adds an option for each. REQUIRES: this outlives line.
    void add_to(cli::command_line& line);

    // Throws cli::failure, with what is accepted, for a value out of its range.
    void apply_to(gateway_settings& s) const;

private:
    static constexpr std::size_t count = 24;

    std::array<std::int64_t, count> values_;
};

}  // namespace notify
