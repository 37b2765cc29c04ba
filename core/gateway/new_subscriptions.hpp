// SPDX-License-Identifier: MIT
//
// Which channels users have begun to follow, for the log.
//
// Somebody who tries notify wants to read that it works, with the command that sends there. In
// production it is one number a second: after a restart a hundred thousand users come at once.
//
// Filled by notifications; asked by the shard. Belongs to one shard.
#pragma once

#include "contract/user_id.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace notify {

class new_subscriptions {
public:
    // shown: each has a line at level info, up to ten a second, and the others are counted. If
    // false, all are counted, and have lines at level debug. redis_flag: of gateway_settings, for
    // the command in the line.
    new_subscriptions(bool shown, std::string redis_flag)
        : shown_{shown}, redis_flag_{std::move(redis_flag)}
    {
    }

    // user has begun to follow channel. user is safe in a log and quoted for a shell.
    void add(user_id const& user, std::string_view channel);

    // Returns how many there were since the last call without a line of their own, and allows ten
    // lines again. Called once a second.
    [[nodiscard]] std::uint64_t take_untold();

private:
    bool const shown_;
    std::string const redis_flag_;
    std::uint32_t told_ = 0;    // lines in this second
    std::uint64_t untold_ = 0;  // without one, since the last take_untold()
};

}  // namespace notify
