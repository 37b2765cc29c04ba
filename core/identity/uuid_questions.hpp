// SPDX-License-Identifier: MIT
//
// Whose uuidCookies are these? Asks Redis, and while Redis is away lets those who
// ask wait for it, as long as a subscription waits for its confirmation: a restart
// that takes a second costs nobody their uuid, which works once. The same where Redis
// turns out to be the wrong one (refusal::ask_again).
//
// Belongs to one shard.
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
    static constexpr std::size_t max_waiting = 10'000;  // more are refused at once

    // patience: how long a question waits for Redis. REQUIRES: redis outlives this,
    // and what was begun on it.
    uuid_questions(redis::redis_client& redis, std::string prefix,
                   std::chrono::milliseconds patience)
        : redis_{redis},
          cookies_{redis, std::move(prefix)},
          patience_{patience},
          timer_{redis.get_executor()}
    {
    }

    // Has l told whose uuid this is, possibly before it returns. What is asked for
    // somebody who has gone meanwhile is not asked. REQUIRES: l waits for nothing else.
    void ask(std::string_view uuid, identity_listener& l);

    void find_way(uuid_cookies::way_handler h) { cookies_.find_way(std::move(h)); }

    // Refuses those who wait.
    void stop();

private:
    using clock = std::chrono::steady_clock;

    struct question {
        std::string uuid;
        clock::time_point until;
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
    net::steady_timer timer_;  // runs while anybody waits
    std::deque<question> waiting_;
};

}  // namespace notify
