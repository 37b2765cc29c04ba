// SPDX-License-Identifier: MIT
//
// The options that limit what clients, and questions to the web app, may use. Each is a row of a
// table in limits.cpp: name, unit, help, range and the field of the settings.
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

    // Adds an option for each row. REQUIRES: this outlives line.
    void add_to(cli::command_line& line);

    // Throws cli::failure, which says what is accepted, if a value is out of its range.
    void apply_to(gateway_settings& s) const;

private:
    static constexpr std::size_t count = 24;

    std::array<std::int64_t, count> values_;
};

}  // namespace notify
