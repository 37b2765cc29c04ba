// SPDX-License-Identifier: MIT
//
// What was typed, read and checked: nothing in here can be refused any more
// except by Redis.
#pragma once

#include "publish/publisher.hpp"
#include "redis/redis_options.hpp"
#include "rows.hpp"

#include <cstddef>
#include <vector>

namespace notify {

struct send_options {
    std::vector<row> rows;
    std::size_t skipped = 0;   // rows with an empty message, by --skip-empty
    bool line_per_row = true;  // for people; off for rows from files
    bool live = false;         // published and not stored
    storing how;               // of all rows; each has its own id
    bool require_online = false;
    bool dry_run = false;
    bool json = false;
    redis::redis_options redis;
};

// Throws cli::failure with a sentence.
[[nodiscard]] send_options parse_options(int argc, char const* const* argv);

}  // namespace notify
