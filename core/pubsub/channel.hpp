// SPDX-License-Identifier: MIT
//
// One channel that a hub wants, with its subscribers: in practice, the tabs of one user.
//
// The hub makes it when the first subscriber joins. It stays some seconds after the last one has
// left (hub_options::linger): people click from page to page, and each click would otherwise cost
// Redis an UNSUBSCRIBE and a SUBSCRIBE, and the page a round trip before SUBSCRIPTION_OK.
//
//     unconfirmed --on_subscribed--> confirmed --last one leaves, linger passes--> erased
//          ^                             |
//          +-------- broker lost --------+
//
// A channel may have a log (pubsub/message_log). After each confirmation that is read first, so
// that the channel knows where it stands; only then are its new subscribers told, and each gets the
// entries that follow. One that has come back with a position of its own gets those before by a
// replay.
//
// Invariants:
// - A channel that waits for its confirmation is never erased while the broker is up. If it were,
//   and somebody joined again, the confirmation of the first request would be taken for that of the
//   second, and messages would be promised before they come.
// - The one timer of a channel is for the subscribers that wait while it is not ready, and for the
//   linger when it is confirmed and empty.
//
// Owned by its hub and used by hub and subscriber only, on the shard's thread. A subscriber is
// linked into the list itself, so joining and leaving take no memory.
#pragma once

#include "base/timer_wheel.hpp"
#include "pubsub/log_follower.hpp"
#include "pubsub/replay.hpp"
#include "pubsub/subscriber.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace notify {

class hub;
struct entry_reach;

class channel final : private timer, private log_follower {
public:
    // Begins unconfirmed and empty. REQUIRES: h outlives it.
    channel(hub& h, log_reads* reads, std::string_view name)
        : log_follower{reads}, hub_{h}, reads_{reads}, name_{name}
    {
    }

    [[nodiscard]] std::string_view name() const { return name_; }
    [[nodiscard]] bool idle() const { return subscribers_.empty(); }

private:
    friend class hub;
    friend class replay;
    friend class subscriber;

    using subscriber_list =
        boost::intrusive::list<subscriber, boost::intrusive::constant_time_size<false>>;
    using replay_list = boost::intrusive::list<replay, boost::intrusive::constant_time_size<false>>;

    // Puts s at the end of the list; it is told at once if the channel is ready. from: where s has
    // been in the log, if it has come back.
    void add(subscriber& s, log_start const& from);
    // Takes s off, and lets the hub know if it was the last. take_off() does the first half only.
    void remove(subscriber& s);
    void take_off(subscriber& s);
    // Tells s that it is subscribed, or that it has to wait. Also for a subscriber that asks again.
    void await_confirmation(subscriber& s);
    // The broker has confirmed: reads the log, or tells all who wait.
    void confirm();
    void unconfirm();
    // Whoever joins now misses nothing.
    [[nodiscard]] bool ready() const { return confirmed_ && (!reads_ || is_ready()); }
    void tell_waiting();

    // Gives the message to each subscriber, encoded once per feed. Returns false if the packet that
    // it becomes is larger than max_packet bytes for some feed: its subscribers were told so and
    // did not get it. A subscriber for whom there is no memory is told (on_missed), and the others
    // get the message all the same.
    [[nodiscard]] bool deliver(std::string_view payload, std::size_t max_packet);
    // An entry of the log was published.
    void take(stored_entry const& e);
    // Gives an entry to one subscriber.
    void deliver_to(subscriber& s, stored_entry const& e) noexcept;
    template <class ToEach>
    void show(stored_entry const& e, ToEach const& to_each) noexcept;
    // See hub.
    [[nodiscard]] entry_reach reach_of(position const& where) const;
    // Tells each subscriber that a message of so many bytes was too large.
    void pass_over(std::size_t bytes) noexcept;
    // A replay has moved on: if it stands where this channel stands, its subscriber needs it no
    // more. May destroy r.
    void on_replayed(replay& r);
    void end_replays();
    // Takes off all who wait for the confirmation, and tells them that it has not come in time.
    void fail_waiting();
    // Takes off everybody, and tells them that the broker refuses the channel.
    void refuse();
    // True if somebody has not been told that it is subscribed. Walks the list.
    [[nodiscard]] bool has_waiting() const;
    // The confirmation is late, or the linger is over.
    void on_timer(time_ms now) noexcept override;

    // Of log_follower.
    [[nodiscard]] std::string_view log_name() const override { return name_; }
    void on_answer(std::uint64_t number, log_answer const& answer) override;
    void deliver(stored_entry const& e) noexcept override;
    void reset() noexcept override;

    hub& hub_;
    log_reads* const reads_;  // null: the channel has no log
    // In the order of joining.
    subscriber_list subscribers_;
    replay_list replays_;
    std::string name_;
    std::uint32_t size_ = 0;  // of subscribers_, whose list does not count
    bool confirmed_ = false;  // the broker has confirmed, and was not lost since
};

}  // namespace notify
