// SPDX-License-Identifier: MIT
//
// Publishes on the channels of users.
#pragma once

#include "contract/channel_name.hpp"
#include "outlet.hpp"
#include "redis_pipe.hpp"

namespace notify::bench {

class redis_outlet final : public outlet {
public:
    // REQUIRES: redis outlives this.
    explicit redis_outlet(redis_pipe& redis) : redis_{redis} {}

    [[nodiscard]] std::string address_of(std::string const& user) const override
    {
        return channel_of(parse_user_id(user).value());
    }
    void queue(std::string_view address, std::string_view text) override
    {
        redis_.send({"PUBLISH", address, text});
    }
    void flush() override { redis_.flush(); }

private:
    redis_pipe& redis_;
};

}  // namespace notify::bench
