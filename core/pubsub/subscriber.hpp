// SPDX-License-Identifier: MIT
//
// One listener of a channel (a tab, a terminal), and the feed that says in which form it wants the
// messages.
//
// The notifications of a socket and the session mode derive from subscriber; hub and channel call
// it. It is on one channel at most: a socket belongs to one user.
#pragma once

#include "contract/stored_entry.hpp"
#include "protocol/frame.hpp"

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string_view>

namespace notify {

class channel;
class replay;

// The form of a message on the wire. A message is encoded once for all subscribers of a channel
// that share a feed: they have the same feed object, not only equal ones. In practice one constant
// for each kind of subscriber; it outlives them.
class feed {
public:
    virtual ~feed() = default;
    // Returns the frame for a payload, which is any bytes. Throws std::bad_alloc. Called once per
    // message and channel.
    [[nodiscard]] virtual frame encode(std::string_view payload) const = 0;
    // The same for an entry of the log: a notification or a mark.
    [[nodiscard]] virtual frame encode(stored_entry const& e) const = 0;
};

// Why a subscriber was not let on a channel, or was taken off it.
enum class subscribe_error : std::uint8_t {
    too_many_subscribers,  // hub_options::max_subscribers
    not_confirmed,         // the broker has not answered in time
    refused,               // by the broker: this channel may not be subscribed to
};

// Owned by its socket. Leaves its channel when it is destroyed.
//
// The hub calls the virtual functions while it walks its tables. They may send (session::send only
// queues) and call session::close_soon(); they must not join, leave, destroy a subscriber or close
// a session.
//
// The list hook is part of the object, so joining takes no memory, and unlinks itself.
class subscriber : public boost::intrusive::list_base_hook<
                       boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    // REQUIRES: f outlives it.
    explicit subscriber(feed const& f);
    subscriber(subscriber const&) = delete;
    subscriber& operator=(subscriber const&) = delete;

    // The broker has confirmed: messages published from now on arrive, and of the log all that
    // follows this position; nothing if the channel has no log, or it cannot be read. Also the
    // answer to a repeated join().
    virtual void on_subscribed(std::optional<position> const& at) noexcept = 0;
    // The broker was away and has confirmed again: messages that were published live in between are
    // lost. Stored ones follow.
    virtual void on_resubscribed() noexcept = 0;
    // Entries of the log may be missing before the next that comes.
    virtual void on_gap() noexcept = 0;
    // Who has joined with a start gets what follows it next, and then on_subscribed(). whole:
    // nothing of that is missing.
    virtual void on_resumed(bool /*whole*/) noexcept {}
    // False while what comes from the log should wait, because the client has not taken yet what
    // is queued for it.
    [[nodiscard]] virtual bool has_room() const noexcept { return true; }
    // True if all that it got has been written to the client's wire.
    [[nodiscard]] virtual bool has_written() const noexcept { return true; }
    // The subscriber is on no channel now, and may join again later.
    virtual void on_subscribe_failed(subscribe_error why) noexcept = 0;
    // A message in this subscriber's form. f is shared by all of them: keep a copy of it, which
    // shares the bytes. May throw; on_missed() follows.
    virtual void on_message(frame const& f) = 0;
    // A message of so many bytes, as published, was too large and is not delivered.
    virtual void on_too_large(std::size_t bytes) noexcept = 0;
    // A message came and could not be encoded or delivered, for want of memory. What the client has
    // then missed cannot be told later, so its session has to end.
    virtual void on_missed(std::exception const& why) noexcept = 0;

    [[nodiscard]] bool joined() const { return channel_ != nullptr; }

    // Has messages come in another form. REQUIRES: not joined(); f outlives it.
    void use(feed const& f) { feed_ = &f; }

    // The entry of the log up to which it has been given all; nothing if that is not known now.
    [[nodiscard]] std::optional<position> where() const;

    // The name of the channel that it is on, or "". Valid while it is on it.
    [[nodiscard]] std::string_view channel_name() const;

protected:
    ~subscriber();

private:
    friend class hub;
    friend class channel;
    friend class replay;

    feed const* feed_;
    channel* channel_ = nullptr;
    std::unique_ptr<replay> replay_;  // until it has got what it missed
    bool told_ = false;               // on_subscribed() was called, for this channel
};

}  // namespace notify
