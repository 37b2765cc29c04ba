// SPDX-License-Identifier: MIT
//
// The broker that is Redis: channels by SUBSCRIBE on one connection of its own.
// It keeps no table: which channels are wanted is the hub's to know, and to ask
// for again after a loss. What it knows is what has been asked and not answered yet,
// since an error answers a command without naming a channel.
//
// Belongs to one shard, as its hub does.
#pragma once

#include "pubsub/broker.hpp"
#include "redis/redis_connection.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
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

    // Told, before it is down, that the server was the wrong one (redis_connection.hpp).
    void on_wrong_server(std::function<void(std::string_view reason)> h)
    {
        on_wrong_server_ = std::move(h);
    }

    // Gives the connection up, for that reason, and makes another one.
    void drop(std::string reason) { connection_.drop(std::move(reason)); }

    // REQUIRES: called once, after listen().
    void start() { connection_.start(); }

    // After it returns the listener is not called any more.
    void stop() { connection_.stop(); }

    [[nodiscard]] bool up() const override { return connection_.up(); }
    // REQUIRES: up().
    [[nodiscard]] server_facts const& server() const { return connection_.server(); }

    // Redis answers a command with several channels by an error if one of them is
    // refused (ACL): then it is asked for each half of them, and so on.
    void subscribe(std::span<std::string_view const> channels) override;
    void unsubscribe(std::string_view channel) override;

private:
    // An answer that is due, to one channel of a command.
    struct due {
        std::string channel;
        std::uint32_t left;  // channels of this command from this one on
        bool subscribes;     // or unsubscribes
    };

    void on_up() override;
    void on_reply(reply_view r) override;
    void expect(std::span<std::string_view const> channels);
    [[nodiscard]] bool try_confirm(bool subscribes, std::string_view channel);
    void on_refusal();
    void ask_by_halves(std::span<due const> refused);
    void on_wrong_server(std::string_view reason) override;
    void on_message(push_message const& m) override;
    void on_read_end() override;
    void on_down(std::string_view reason) override;

    listener* listener_ = nullptr;
    state_handler on_state_;
    std::function<void()> on_read_;
    std::function<void(std::string_view)> on_wrong_server_;
    std::deque<due> due_;  // in order
    redis_connection connection_;
};

}  // namespace notify::redis
