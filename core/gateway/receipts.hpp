// SPDX-License-Identifier: MIT
//
// Tells senders what has become of their notifications, if they have asked (contract/receipt): to
// how many of this shard's sessions it was written, and whether a client has seen it.
//
// It answers when every session has written it to its wire, or at the latest after a while: a
// session that polls has no wire until it comes again. Nothing is kept of notifications for which
// nobody asks, and of others for a bounded time and number.
//
// Belongs to one shard, and is used on its thread.
#pragma once

#include "base/shard_clock.hpp"
#include "contract/receipt.hpp"
#include "contract/stored_entry.hpp"
#include "pubsub/hub.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

namespace notify {

class receipts final : private hub::receipt_listener {
public:
    // Not answered yet, or of interest until they are seen. The oldest is given up for a new one.
    static constexpr std::size_t max_kept = 1'000;
    // How long a session may take to write it.
    static constexpr milliseconds write_within{2'000};
    // How long a client may take to see it.
    static constexpr milliseconds see_within{60'000};

    // Publishes a text on a channel. May throw std::bad_alloc.
    using publish = std::function<void(std::string_view channel, std::string_view text)>;

    // gateway: how this process calls itself. REQUIRES: h and clock outlive it.
    receipts(hub& h, shard_clock& clock, std::string gateway, publish p);

    // Answers what can be answered. Called when sessions have written, and with each tick.
    void tend();

    // A client of this channel has seen the notification of this id.
    void on_seen(std::string_view channel, std::string_view id);

private:
    struct asked {
        std::string channel;
        position where;
        std::string reply;
        bool wants_seen;
        bool is_answered;  // how many sessions
        time_ms at;
    };

    void on_receipt_asked(std::string_view channel, position const& where,
                          receipt_request const& request) override;
    // Answers if it can be answered now. Returns false if it is kept.
    [[nodiscard]] bool settle(asked& a);
    void answer(asked const& a, receipt const& r) noexcept;

    hub& hub_;
    shard_clock& clock_;
    std::string const gateway_;
    publish const publish_;
    std::deque<asked> asked_;  // oldest first
};

}  // namespace notify
