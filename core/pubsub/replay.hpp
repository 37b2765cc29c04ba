// SPDX-License-Identifier: MIT
//
// A subscriber that has come back: gets what follows its position from the log, and then what is
// published, until it stands where its channel stands. From there the channel serves it with the
// others.
//
// Owned by its subscriber, and linked into the list of its channel, on their shard.
#pragma once

#include "pubsub/log_follower.hpp"
#include "pubsub/subscriber.hpp"

#include <boost/intrusive/list.hpp>

#include <string_view>

namespace notify {

class replay final : public log_follower,
                     public boost::intrusive::list_base_hook<
                         boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    // REQUIRES: c and s outlive it.
    replay(channel& c, log_reads& reads, subscriber& s, log_start const& from)
        : log_follower{&reads}, channel_{c}, subscriber_{s}, start_{from}
    {
    }

    // The calls of the channel; all but lose() may throw std::bad_alloc.
    void confirm() { confirm_log(); }
    void take(stored_entry const& e) { take_entry(e); }
    void lose() { lose_log(); }

    [[nodiscard]] subscriber& of() const { return subscriber_; }

    void read_again() { read_log_again(); }

    // It has read what was missed.
    [[nodiscard]] bool settled() const { return is_ready() && !is_reading(); }

private:
    [[nodiscard]] std::string_view log_name() const override;
    [[nodiscard]] bool has_room() const override { return subscriber_.has_room(); }
    [[nodiscard]] log_start begins_at() const override { return start_; }
    void on_answer(std::uint64_t number, log_answer const& answer) override;
    void deliver(stored_entry const& e) noexcept override;
    void reset() noexcept override;

    channel& channel_;
    subscriber& subscriber_;
    log_start const start_;
    bool resumed_ = false;         // on_resumed() was called
    bool is_first_reset_ = false;  // of a start that is no position: it begins there
};

}  // namespace notify
