// SPDX-License-Identifier: MIT
//
// Why clients were not subscribed: counts by kind, with the newest sentence of each kind.
//
// Counted and not logged one by one: a web app that fails does so for everybody at once, and
// strangers can cause any number of failures. The shard writes one line a second per kind, with the
// newest sentence, and `/healthz` shows the sums.
//
// Filled by notifications and session_follower. Belongs to one shard.
#pragma once

#include "base/tally.hpp"
#include "identity/lookup.hpp"
#include "pubsub/subscriber.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace notify {

// The names are the same in the log and in `/healthz` (docs/protocol.md, HTTP). Values have no
// gaps: counters are indexed by them.
enum class subscription_failure : std::uint8_t {
    redis_failed,          // Redis could not be asked who has this uuidCookie
    unknown_uuid,          // nobody has it
    cookies_refused,       // by the web app, or there is none
    too_many_connections,  // of one user, on one shard
    not_confirmed,         // by Redis, in time
    refused,               // by Redis: this channel may not be subscribed to
};

inline constexpr std::size_t subscription_failure_count = 6;

// Returns the name: "unknown_uuid".
[[nodiscard]] std::string_view name_of(subscription_failure f);
// Returns the failure that is counted when a client is told this code before it is known who it is.
// REQUIRES: one of the three codes that mean that.
[[nodiscard]] subscription_failure failure_of(internal_code code);
// Returns the failure that is counted when the user is known and the subscription failed.
[[nodiscard]] subscription_failure failure_of(subscribe_error e);

// Returns a sentence for people. It is shown to the client, so it names nothing of the server but
// what an operator has to allow.
[[nodiscard]] std::string_view sentence_of(subscribe_error e);

class failed_subscriptions {
public:
    // Counts a failure. sentence is for the log, where it is the newest of its kind.
    void add(subscription_failure f, std::string_view sentence);

    // Calls f(kind, n, sentence), before it returns, for each kind that has happened n > 0 times
    // since the last call; sentence is the newest one.
    template <class F>
    void take_new(F f)
    {
        counts_.take_new([&](subscription_failure kind, std::uint64_t n) {
            f(kind, n, std::string_view{newest_[static_cast<std::size_t>(kind)]});
        });
    }

private:
    tally<subscription_failure, subscription_failure_count> counts_;
    std::array<std::string, subscription_failure_count> newest_;  // by kind
};

}  // namespace notify
