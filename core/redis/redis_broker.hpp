// SPDX-License-Identifier: MIT
//
// The broker that is Redis: channels by SUBSCRIBE on one connection of its own.
// It keeps no table: which channels are wanted is the hub's to know, and to ask
// for again after a loss.
//
// Belongs to one shard, as its hub does.
#pragma once

#include "pubsub/broker.hpp"
#include "redis/redis_connection.hpp"

#include <functional>
#include <string_view>

namespace notify::redis {

class redis_broker final : public broker, private redis_connection::owner {
public:
    // Told when Redis has been reached, and when it was lost or not reached, and why.
    using state_handler = std::function<void(bool up, std::string_view reason)>;

    redis_broker(net::any_io_executor const& executor, redis_options options,
                 redis_policy policy = {});

    // Before start().
    void listen(listener& l) override { listener_ = &l; }
    void on_state(state_handler h) { on_state_ = std::move(h); }
    // Called when all that one read brought has been told, and before the next one.
    void on_read(std::function<void()> h) { on_read_ = std::move(h); }

    // REQUIRES: called once, after listen().
    void start() { connection_.start(); }

    // After it returns the listener is not called any more.
    void stop() { connection_.stop(); }

    [[nodiscard]] bool up() const override { return connection_.up(); }
    void subscribe(std::span<std::string_view const> channels) override;
    void unsubscribe(std::string_view channel) override;

private:
    void on_up() override;
    void on_reply(reply_view r) override;
    void on_message(push_message const& m) override;
    void on_read_end() override;
    void on_down(std::string_view reason) override;

    listener* listener_ = nullptr;
    state_handler on_state_;
    std::function<void()> on_read_;
    redis_connection connection_;
};

}  // namespace notify::redis
