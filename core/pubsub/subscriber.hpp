// SPDX-License-Identifier: MIT
//
// One who wants the messages of a channel: a tab, a terminal. And the form in
// which it wants them.
#pragma once

#include "protocol/frame.hpp"

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <string_view>

namespace notify {

class channel;

// How a message looks on the wire. A message is encoded once for all
// subscribers of a channel that share a feed.
class feed {
public:
    virtual ~feed() = default;
    [[nodiscard]] virtual frame encode(std::string_view payload) const = 0;
};

// Why a subscriber was not let on a channel, or taken off it.
enum class subscribe_error : std::uint8_t {
    too_many_subscribers,
    not_confirmed,  // by the broker, in time
    refused,        // by the broker: this channel may not be subscribed to
};

// Owned by its socket. Leaves its channel when destroyed.
//
// Its functions are called while the hub walks its tables: they may send, and
// must not join, leave or end a session.
class subscriber : public boost::intrusive::list_base_hook<
                       boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    explicit subscriber(feed const& f) : feed_{f} {}
    subscriber(subscriber const&) = delete;
    subscriber& operator=(subscriber const&) = delete;

    // The broker has confirmed: whatever is published from now on arrives.
    virtual void on_subscribed() noexcept = 0;
    // The broker was away and has confirmed again: what was published meanwhile is lost.
    virtual void on_resubscribed() noexcept = 0;
    // The subscriber is on no channel now.
    virtual void on_subscribe_failed(subscribe_error why) noexcept = 0;
    virtual void on_message(frame const& f) = 0;
    // A message of so many bytes was not delivered, being too large.
    virtual void on_too_large(std::size_t bytes) noexcept = 0;
    // There was a message, and no memory for it.
    virtual void on_missed(std::exception const& why) noexcept = 0;

    [[nodiscard]] bool joined() const { return channel_ != nullptr; }

    // The channel it is on, or "".
    [[nodiscard]] std::string_view channel_name() const;

protected:
    ~subscriber();

private:
    friend class hub;
    friend class channel;

    feed const& feed_;
    channel* channel_ = nullptr;
    bool told_ = false;  // on_subscribed() was called
};

}  // namespace notify
