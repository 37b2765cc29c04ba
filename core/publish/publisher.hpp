// SPDX-License-Identifier: MIT
//
// Sends a message to a user (docs/protocol.md, The contract with publishers): a PUBLISH on the
// user's channel. Redis delivers it to whoever is subscribed at that moment and keeps nothing.
//
// Used by notify-send and by the page of `--dev`. It turns Redis' answer into what both have to
// tell: delivered to how many, refused, or perhaps lost.
//
// Belongs to the thread of its client. It holds a reference only and may be made for one message.
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

// Why a message was not, or perhaps not, published.
struct publish_error {
    std::string why;       // a sentence for people
    bool is_lost = false;  // Redis was away or did not answer: it may have been sent
};

// On success, the number of Redis connections that got the message: one for each thread of a
// gateway where the user is connected (or was until some seconds ago), 0 if the user is nowhere. It
// does not count tabs.
using publish_result = boost::system::result<std::int64_t, publish_error>;

class publisher {
public:
    // REQUIRES: redis outlives the publisher and every send that is under way.
    explicit publisher(redis::redis_client& redis) : redis_{redis} {}

    // Sends in this turn of the event loop. Calls h(publish_result) from the event loop, or not at
    // all if the client is destroyed first. Throws std::bad_alloc.
    template <std::invocable<publish_result> Handler>
    void send(user_id const& user, std::string_view message, Handler h)
    {
        redis_.command({"PUBLISH", channel_of(user), message},
                       [h = std::move(h)](result<redis::reply_view> const& reply) mutable {
                           h(result_of(reply));
                       });
    }

    // The same as a coroutine. It takes its arguments by value, since it may outlive the caller's.
    [[nodiscard]] net::awaitable<publish_result> async_send(user_id user, std::string message);

private:
    // Turns a reply to PUBLISH, or the lack of one, into a result.
    static publish_result result_of(result<redis::reply_view> const& reply);

    redis::redis_client& redis_;
};

}  // namespace notify
