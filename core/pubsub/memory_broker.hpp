// SPDX-License-Identifier: MIT
//
// A broker without a server, for tests: what is asked of it is written down, and
// what it should tell the hub is said by the test.
#pragma once

#include "pubsub/broker.hpp"

#include <new>
#include <string>
#include <utility>
#include <vector>

namespace notify {

class memory_broker final : public broker {
public:
    void listen(listener& l) override { listener_ = &l; }
    [[nodiscard]] bool up() const override { return up_; }

    void subscribe(std::span<std::string_view const> channels) override
    {
        for (std::string_view const channel : channels) subscribed.emplace_back(channel);
    }

    void unsubscribe(std::string_view channel) override
    {
        if (std::exchange(lacks_memory, false)) throw std::bad_alloc{};
        unsubscribed.emplace_back(channel);
    }

    void come_up()
    {
        up_ = true;
        listener_->on_up();
    }

    void go_down()
    {
        up_ = false;
        listener_->on_down();
    }

    void confirm(std::string_view channel) { listener_->on_subscribed(channel); }
    void refuse(std::string_view channel) { listener_->on_refused(channel); }
    void pass_over(std::string_view channel, std::size_t bytes)
    {
        listener_->on_passed_over(channel, bytes);
    }
    void publish(std::string_view channel, std::string_view payload)
    {
        listener_->on_message(channel, payload);
    }

    // Every channel asked for, and given up, in order.
    std::vector<std::string> subscribed;
    std::vector<std::string> unsubscribed;

    bool lacks_memory = false;  // unsubscribe() throws, once

private:
    listener* listener_ = nullptr;
    bool up_ = false;
};

}  // namespace notify
