// SPDX-License-Identifier: MIT
//
// Who has begun to follow which channel. People who try notify want to read it,
// with the command that sends there; in production it is a number a second,
// since after a restart a hundred thousand users come at once.
//
// Belongs to one shard.
#pragma once

#include "contract/user_id.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace notify {

class new_subscriptions {
public:
    // shown: a line for each at level info, ten a second at most; otherwise they are at
    // level debug. redis_flag: of gateway_settings, for the command.
    new_subscriptions(bool shown, std::string redis_flag)
        : shown_{shown}, redis_flag_{std::move(redis_flag)}
    {
    }

    void add(user_id const& user, std::string_view channel);

    // How many there were since the last call of this, without a line of their own. Called
    // once a second.
    [[nodiscard]] std::uint64_t take_untold();

private:
    bool const shown_;
    std::string const redis_flag_;
    std::uint32_t told_ = 0;  // in this second
    std::uint64_t untold_ = 0;
};

}  // namespace notify
