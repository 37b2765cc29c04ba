// SPDX-License-Identifier: MIT
//
// Who was not subscribed, and why: counted by kind, with the newest sentence of
// each, since a web app that fails does so for everybody at once.
//
// Belongs to one shard.
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

// The name is the same word in the log and in the counters.
enum class subscription_failure : std::uint8_t {
    redis_failed,          // could not be asked who has this uuidCookie
    unknown_uuid,          // nobody has it
    cookies_refused,       // by the web app
    too_many_connections,  // of one user
    not_confirmed,         // by Redis, in time
    refused,               // by Redis: this channel may not be subscribed to
};

inline constexpr std::size_t subscription_failure_count = 6;

[[nodiscard]] std::string_view name_of(subscription_failure f);
[[nodiscard]] subscription_failure failure_of(internal_code code);
[[nodiscard]] subscription_failure failure_of(subscribe_error e);

// For people; shown to the client.
[[nodiscard]] std::string_view sentence_of(subscribe_error e);

class failed_subscriptions {
public:
    void add(subscription_failure f, std::string_view sentence);

    // Calls f(kind, n, the newest sentence) for each kind that has happened n > 0
    // times since the last call of this.
    template <class F>
    void take_new(F f)
    {
        counts_.take_new([&](subscription_failure kind, std::uint64_t n) {
            f(kind, n, std::string_view{newest_[static_cast<std::size_t>(kind)]});
        });
    }

private:
    tally<subscription_failure, subscription_failure_count> counts_;
    std::array<std::string, subscription_failure_count> newest_;
};

}  // namespace notify
