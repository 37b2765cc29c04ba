// SPDX-License-Identifier: MIT
//
// The reads that a shard wants of its users' logs: so many at a time, the oldest first. After a
// loss of Redis a hundred thousand channels want one at once, and Redis has others to serve
// meanwhile.
//
// A read waits until its turn comes, the log can be asked, and its follower has room for what it
// brings. One that has failed waits a moment first.
//
// Owned by the hub, on its shard. Followers are linked into its lists and leave them by themselves.
#pragma once

#include "base/shard_clock.hpp"
#include "base/timer_wheel.hpp"
#include "pubsub/log_follower.hpp"
#include "pubsub/message_log.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace notify {

class log_reads final : private message_log::listener, private timer {
public:
    // So many are asked and not answered yet. Their answers may be as long as a message each.
    static constexpr std::size_t max_under_way = 64;
    // What a failed read waits, and one whose follower has no room.
    static constexpr milliseconds pause{250};

    // Registers with log. REQUIRES: log and clock outlive it.
    log_reads(message_log& log, shard_clock& clock);

    // Has the log read for f, which gets the answer under the number that is returned. later: after
    // a pause. A read that f has asked for before and that has not begun is forgotten.
    std::uint64_t ask(log_follower& f, bool later) noexcept;

    // The time by which entries expire, in microseconds since 1970.
    [[nodiscard]] std::uint64_t server_time() const { return log_.server_time(); }

    // f does not want what it has asked for: its answer goes to nobody.
    void forget(log_follower& f) noexcept;

private:
    using list = boost::intrusive::list<log_follower, boost::intrusive::base_hook<read_hook>,
                                        boost::intrusive::constant_time_size<false>>;

    struct read {
        std::uint64_t number;
        log_follower* asker;  // null if it is gone
    };

    void on_log_up() override;
    void on_answer(std::string_view channel, std::uint64_t number,
                   log_answer const& answer) override;
    void on_timer(time_ms now) noexcept override;
    [[nodiscard]] bool may_begin() const;
    // Asks for as many as may be under way.
    void begin_waiting() noexcept;
    void begin(log_follower& f, std::uint64_t number) noexcept;
    void pause_for(log_follower& f) noexcept;

    message_log& log_;
    shard_clock& clock_;
    list waiting_;  // in the order of asking
    list pausing_;  // join the waiting ones when the timer fires
    std::vector<read> under_way_;
    std::uint64_t last_number_ = 0;
};

}  // namespace notify
