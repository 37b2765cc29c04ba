// SPDX-License-Identifier: MIT
//
// Sends a notification to a user, in one of two ways (docs/protocol.md, The contract with
// publishers, Stored notifications):
// - store() appends it to the user's log and publishes it. Who is away gets it later.
// - live() publishes a text. Whoever is subscribed at that moment gets it, and Redis keeps nothing.
//
// Used by notify-send and by the page of `--dev`. It turns Redis' answer into what both have to
// tell: delivered to how many, refused, or perhaps lost.
//
// Belongs to the thread of its client. It holds a reference only and may be made for one message.
#pragma once

#include "base/net.hpp"
#include "contract/channel_name.hpp"
#include "contract/user_id.hpp"
#include "redis/log_scripts.hpp"
#include "redis/redis_client.hpp"

#include <boost/system/result.hpp>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace notify {

// Why a message was not, or perhaps not, published.
struct publish_error {
    std::string why;            // a sentence for people
    bool is_lost = false;       // Redis was away or did not answer: it may have been sent
    bool is_forbidden = false;  // an ACL of Redis: why says what to grant
};

// On success, the number of Redis connections that got the message: one for each thread of a
// gateway where the user is connected (or was until some seconds ago), 0 if the user is nowhere. It
// does not count tabs.
using publish_result = boost::system::result<std::int64_t, publish_error>;

// What became of a stored notification.
struct stored_notification {
    std::string id;              // "<epoch>-<n>"
    std::uint64_t at = 0;        // microseconds since 1970, by Redis
    std::int64_t receivers = 0;  // as of publish_result
    bool is_repeated = false;    // its idempotency id was sent before: id and at are the first's
};

using store_result = boost::system::result<stored_notification, publish_error>;

// What a user of Redis needs to store notifications, as ACL SETUSER takes it.
struct rights_to_store {
    static constexpr std::string_view keys = "~/app/user/* ~{/app/user/*}:*";
    static constexpr std::string_view channels = "&/app/user/*";
    static constexpr std::string_view commands =
        "+evalsha +eval +time +lindex +llen +ltrim +rpush +rpop +ttl +expire +publish +get +set "
        "+hget +hmget +hset +hsetnx +hdel +hlen +hgetall +del";
};

// How to store it. What is empty or 0 is as the script has it by default.
struct storing {
    std::string id;                // idempotency: once a day at most for each user
    std::int64_t keep = 0;         // seconds
    std::int64_t max_entries = 0;  // of the user's log
};

class publisher {
public:
    // REQUIRES: redis outlives the publisher and every send that is under way.
    explicit publisher(redis::redis_client& redis) : redis_{redis} {}

    // Sends in this turn of the event loop. Calls h(store_result) from the event loop, or not at
    // all if the client is destroyed first. Throws std::bad_alloc. object: JSON, as to_json() of
    // a notification_draft writes it.
    template <std::invocable<store_result> Handler>
    void store(user_id const& user, std::string_view object, storing const& how, Handler h)
    {
        auto const options = script_arguments(object, how);
        std::vector<std::string_view> const views{options.begin(), options.end()};
        redis::send_script().run(
            redis_, channel_of(user), std::span{views},
            [&redis = redis_, h = std::move(h)](result<redis::reply_view> const& reply) mutable {
                h(stored(redis, reply));
            });
    }

    // The same for a text that is not kept: a PUBLISH. Calls h(publish_result).
    template <std::invocable<publish_result> Handler>
    void live(user_id const& user, std::string_view message, Handler h)
    {
        redis_.command({"PUBLISH", channel_of(user), message},
                       [h = std::move(h)](result<redis::reply_view> const& reply) mutable {
                           h(published(reply));
                       });
    }

    // The same as coroutines. They take their arguments by value, since they may outlive the
    // caller's.
    [[nodiscard]] net::awaitable<store_result> async_store(user_id user, std::string object,
                                                           storing how);
    [[nodiscard]] net::awaitable<publish_result> async_live(user_id user, std::string message);

private:
    [[nodiscard]] static std::vector<std::string> script_arguments(std::string_view object,
                                                                   storing const& how);
    // These turn a reply, or the lack of one, into a result.
    [[nodiscard]] static store_result stored(redis::redis_client const& redis,
                                             result<redis::reply_view> const& reply);
    [[nodiscard]] static publish_result published(result<redis::reply_view> const& reply);

    redis::redis_client& redis_;
};

}  // namespace notify
