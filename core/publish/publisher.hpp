// SPDX-License-Identifier: MIT
//
// Sends messages to users (docs/protocol.md, The contract with publishers): a PUBLISH on
// the user's channel, delivered to whoever is there and to nobody later.
//
// Used by the thread of its client.
#pragma once

#include "base/net.hpp"
#include "contract/channel_name.hpp"
#include "contract/user_id.hpp"
#include "redis/redis_client.hpp"

#include <boost/system/result.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace notify {

struct publish_error {
    std::string why;       // a sentence for people
    bool is_lost = false;  // Redis has gone, or did not answer: it may have been sent
};

// How many connections of Redis have taken it: one for each thread of a gateway where the
// user is, none if the user is nowhere.
using publish_result = boost::system::result<std::int64_t, publish_error>;

class publisher {
public:
    // REQUIRES: redis outlives it, and what it has under way.
    explicit publisher(redis::redis_client& redis) : redis_{redis} {}

    // Sends now. h(publish_result) is called from the event loop.
    template <std::invocable<publish_result> Handler>
    void send(user_id const& user, std::string_view message, Handler h)
    {
        redis_.command({"PUBLISH", channel_of(user), message},
                       [h = std::move(h)](result<redis::reply_view> const& reply) mutable {
                           h(result_of(reply));
                       });
    }

    [[nodiscard]] net::awaitable<publish_result> async_send(user_id user, std::string message);

private:
    static publish_result result_of(result<redis::reply_view> const& reply);

    redis::redis_client& redis_;
};

}  // namespace notify
