// SPDX-License-Identifier: MIT
//
// One channel that a hub wants, and who listens to it. Made when its first
// subscriber joins; stays some seconds after the last one left, since people
// click from page to page.
//
// Invariant: a channel that waits for its confirmation is never given up
// meanwhile; so a confirmation always belongs to the newest request.
#pragma once

#include "base/timer_wheel.hpp"
#include "pubsub/subscriber.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace notify {

class hub;

class channel final : private timer {
public:
    channel(hub& h, std::string_view name) : hub_{h}, name_{name} {}

    [[nodiscard]] std::string_view name() const { return name_; }
    [[nodiscard]] bool idle() const { return subscribers_.empty(); }

private:
    friend class hub;
    friend class subscriber;

    using subscriber_list =
        boost::intrusive::list<subscriber, boost::intrusive::constant_time_size<false>>;

    void add(subscriber& s);
    void remove(subscriber& s);
    void take_off(subscriber& s);
    void await_confirmation(subscriber& s);
    void confirm();
    void unconfirm() { confirmed_ = false; }
    // Returns false, and has told the subscribers, if in one of its forms the message
    // is larger than max_packet bytes: there it was not delivered.
    [[nodiscard]] bool deliver(std::string_view payload, std::size_t max_packet);
    void pass_over(std::size_t bytes);
    void fail_waiting();
    void refuse();
    [[nodiscard]] bool has_waiting() const;
    void on_timer(time_ms now) noexcept override;

    hub& hub_;
    subscriber_list subscribers_;
    std::string name_;
    std::uint32_t size_ = 0;  // of subscribers_
    bool confirmed_ = false;
};

}  // namespace notify
