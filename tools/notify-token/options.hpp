// SPDX-License-Identifier: MIT
//
// What was typed, checked.
#pragma once

#include "contract/user_id.hpp"
#include "redis/redis_options.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace notify {

struct token_options {
    enum class action { mint, check, revoke };

    action what = action::mint;
    std::optional<user_id> user;          // mint
    std::chrono::milliseconds ttl{5000};  // mint
    std::size_t count = 1;                // mint
    std::string uuid;                     // check, revoke
    bool json = false;
    redis::redis_options redis;
    std::string prefix;  // of the keys
};

// Throws cli::failure with a sentence.
[[nodiscard]] token_options parse_options(int argc, char const* const* argv);

}  // namespace notify
