// SPDX-License-Identifier: MIT
//
// Asks Redis whose uuidCookies these are, and while Redis is away lets the questions wait for it.
//
// A uuid works once and its page has no other. Without this, a restart of Redis that takes a second
// would cost each page its notifications that came in that second. A question waits as long as a
// subscription may wait for its confirmation (--subscribe-timeout). It also waits if Redis turns
// out to be the wrong server (refusal::ask_again), and is asked again over the next connection.
//
// Stands between identity, which calls it, and uuid_cookies, which has the commands. Belongs to one
// shard.
//
// Invariant: waiting_ is in the order of its deadlines, since all have the same patience; one that
// comes back because of a wrong server is the oldest. While it is not empty, timer_ runs.
#pragma once

#include "identity/lookup.hpp"
#include "identity/uuid_cookie.hpp"
#include "redis/redis_client.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace notify {

class uuid_questions {
public:
    // How many questions may wait; more are refused at once. At a few hundred bytes each, that is
    // some megabytes for a shard.
    static constexpr std::size_t max_waiting = 10'000;

    // patience: how long a question waits for Redis. REQUIRES: redis outlives this, and calls no
    // handler any more when this has been destroyed.
    uuid_questions(redis::redis_client& redis, std::string prefix,
                   std::chrono::milliseconds patience)
        : redis_{redis},
          cookies_{redis, std::move(prefix)},
          patience_{patience},
          timer_{redis.get_executor()}
    {
    }

    // Has l told whose uuid this is, and uses the uuid up. l is told before this returns only if it
    // is refused because too many wait. If l is destroyed while its question waits for Redis, the
    // question is not asked, and the uuid stays valid. REQUIRES: l is in no lookup.
    void ask(std::string_view uuid, identity_listener& l);

    void find_way(uuid_cookies::way_handler h) { cookies_.find_way(std::move(h)); }

    // Refuses all who wait. What has been sent to Redis is answered by redis_client::stop().
    void stop();

private:
    using clock = std::chrono::steady_clock;

    // Copied into Redis' handler, which may outlive its place in waiting_: so the lookup is shared.
    struct question {
        std::string uuid;         // "" for what cannot be one
        clock::time_point until;  // it waits for Redis no longer than this
        std::shared_ptr<lookup> asked;
    };

    void put(question const& q);
    void on_answer(question const& q, identity_answer const& who);
    void look_soon();
    void look();
    void ask_waiting();
    void refuse_late();
    void refuse_oldest(std::string_view why);

    redis::redis_client& redis_;
    uuid_cookies cookies_;
    std::chrono::milliseconds const patience_;
    net::steady_timer timer_;
    std::deque<question> waiting_;  // not sent to Redis yet, the oldest first
};

}  // namespace notify
