// SPDX-License-Identifier: MIT
//
// A broker without a server, for tests: it writes down what it is asked, and the test says when and
// how it answers. So a test decides the order of confirmations, losses and messages, which a real
// Redis does not allow.
//
// Unlike a real broker it calls the listener from within the test's own calls. It checks nothing: a
// test may confirm what nobody asked for.
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

    // What a broker would tell the hub, said by the test.
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

    // Every channel that was asked for or given up, in order, since the beginning.
    std::vector<std::string> subscribed;
    std::vector<std::string> unsubscribed;

    bool lacks_memory = false;  // unsubscribe() throws std::bad_alloc, once

private:
    listener* listener_ = nullptr;
    bool up_ = false;
};

}  // namespace notify
