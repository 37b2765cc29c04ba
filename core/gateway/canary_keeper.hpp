// SPDX-License-Identifier: MIT
//
// Does for a shard what its canary decides: subscribes to a channel of the shard's own, publishes
// on it, and drops connections that are silent (docs/operation.md, Health).
//
// Owned by its shard and used on its thread, but for channel(), which does not change.
#pragma once

#include "gateway/canary.hpp"
#include "redis/redis_broker.hpp"
#include "redis/redis_client.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace notify {

class canary_keeper final : private redis::redis_broker::own_channel {
public:
    // Gives the broker its channel. number: which shard this is, for the log. REQUIRES: made before
    // the connections start; both outlive it.
    canary_keeper(redis::redis_client& commands, redis::redis_broker& messages, std::size_t number);

    // What has become of the two connections (canary.hpp).
    void on_messages(bool up) { canary_.on_messages(up); }
    void on_commands(bool up) { canary_.on_commands(up); }

    // Does what is due. Called with each tick.
    void tend();

    [[nodiscard]] canary const& bird() const { return canary_; }
    // "/app/gateway/<random>/canary": no other shard and no other gateway has it.
    [[nodiscard]] std::string const& channel() const { return channel_; }

private:
    void on_subscribed() override { canary_.on_subscribed(); }
    void on_refused(std::string_view why) override;
    void on_message(std::string_view payload) override;
    void publish();

    redis::redis_client& commands_;
    redis::redis_broker& messages_;
    std::size_t const number_;
    std::string const channel_;
    canary canary_;
};

}  // namespace notify
