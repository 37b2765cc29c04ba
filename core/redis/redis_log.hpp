// SPDX-License-Identifier: MIT
//
// The message log that is Redis: reads users' logs by a script (docs/protocol.md, Stored
// notifications), over the shard's connection for commands.
//
// The answers have to come from the server that the broker's subscriptions are with. Only the shard
// knows both connections, so it says when that is so.
//
// Belongs to one shard, and is used on its thread.
#pragma once

#include "pubsub/message_log.hpp"
#include "redis/redis_client.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace notify::redis {

class redis_log final : public message_log {
public:
    // Of one answer. So many entries of some kilobytes are one piece of work for Redis and for us;
    // what follows is asked for next.
    static constexpr std::size_t max_entries = 100;
    static constexpr std::size_t max_bytes = 262'144;

    // Reads that failed, and why the newest of them did.
    struct failures {
        std::uint64_t count = 0;
        std::string newest;  // a sentence
    };

    // max_entry: bytes of an entry that may be delivered; a longer one is too_large. REQUIRES:
    // redis outlives the log, or is stopped before.
    redis_log(redis_client& redis, std::size_t max_entry) : redis_{redis}, max_entry_{max_entry} {}

    void listen(listener& l) override { listener_ = &l; }
    [[nodiscard]] bool up() const override { return leads_to_subscriptions_ && redis_.up(); }
    // By the clock of this machine.
    [[nodiscard]] std::uint64_t server_time() const override;
    void read(std::string_view channel, log_start const& from, std::uint64_t number) override;

    // The connection leads to the server that the subscriptions are with, or does not. The latter
    // is so at the beginning, and has to be said again after each loss of either connection.
    void lead_to_subscriptions(bool yes);

    // Returns what has failed since the last call.
    [[nodiscard]] failures take_failures() { return std::exchange(failures_, {}); }

private:
    void on_reply(std::string const& channel, std::uint64_t number,
                  result<reply_view> const& reply);
    [[nodiscard]] log_answer answer_of(reply_view reply);
    void fail(std::string why);

    redis_client& redis_;
    std::size_t const max_entry_;
    listener* listener_ = nullptr;
    std::vector<stored_entry> entries_;  // of the answer that is being told
    failures failures_;
    bool leads_to_subscriptions_ = false;
};

}  // namespace notify::redis
