// SPDX-License-Identifier: MIT
//
// Who listens to what: the table of the channels that a shard wants, over one broker.
//
// Sockets join and leave by name; the hub subscribes to a channel when its first subscriber joins,
// gives it up some seconds after the last one left, and hands each message to the subscribers.
// After the broker was lost it keeps its table, and asks for all that is still wanted when the
// broker is back. Clients notice nothing of that, except that on_resubscribed() tells them of the
// gap.
//
// Notifications that are stored come by a channel too; its log says what of them was missed
// (pubsub/catch_up). The hub has the logs read, so many at a time (pubsub/log_reads).
//
// On the road of a message it stands between broker and channel (ARCHITECTURE.md): one look-up in a
// hash table per message, no copy, and no allocation but the frame's. Nothing that is called during
// a delivery calls back into the hub, so it walks its lists without copying them.
//
// Belongs to one shard, and is used on its thread. Outlives its subscribers.
#pragma once

#include "base/shard_clock.hpp"
#include "base/siphash.hpp"
#include "pubsub/broker.hpp"
#include "pubsub/channel.hpp"
#include "pubsub/log_reads.hpp"
#include "pubsub/message_log.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace notify {

// Set by the gateway's options of the same purpose (docs/protocol.md, The contract with pages).
struct hub_options {
    // How long a subscriber waits for the broker's confirmation; less, if another one on its
    // channel began to wait before it. Then it is told not_confirmed and is on no channel.
    milliseconds confirm_timeout{2'000};
    // How long a confirmed channel without subscribers is kept.
    milliseconds linger{5'000};
    // Subscribers of one channel, that is, connections of one user to one shard. Each message costs
    // a delivery to each, so one user must not be able to have any number.
    std::size_t max_subscribers = 4'096;
    // Bytes of a message as it was published. Encoded it may have twice as many and 1,024: JSON
    // escapes make some characters longer. An entry of a log may have entry_overhead more, for what
    // Redis adds to it.
    std::size_t max_message = 1'048'576;
    static constexpr std::size_t entry_overhead = 1'024;
};

// Messages that were delivered to nobody, or not in every form.
struct undelivered_messages {
    std::uint64_t too_large = 0;
    std::size_t newest_bytes = 0;  // of the latest of these, as published
    // They begin as an entry of a log does, and do not say where it stands.
    std::uint64_t malformed = 0;
};

// How many subscribers have an entry.
struct entry_reach {
    std::size_t written = 0;
    std::size_t waiting = 0;  // it is on its way to them
};

class hub final : private broker::listener {
public:
    // Told of each entry whose sender wants to hear of it, when it has been dealt with.
    class receipt_listener {
    public:
        virtual void on_receipt_asked(std::string_view channel, position const& where,
                                      receipt_request const& request) = 0;

    protected:
        ~receipt_listener() = default;
    };

    // Registers with b, and with log if there is one. REQUIRES: all three outlive the hub.
    hub(broker& b, shard_clock& clock, hub_options options = {}, message_log* log = nullptr);
    ~hub();

    // Joins s to a channel, and takes it off the one that it is on, if that is another.
    // on_subscribed() or on_subscribe_failed() follows, possibly before this returns. If s is on
    // this channel already, it is answered again and nothing else changes. Throws std::bad_alloc
    // without memory; s is on no channel then. REQUIRES: not called during a delivery.
    //
    // from: where s begins in the channel's log. What follows comes before on_subscribed(), and
    // on_resumed() before that, unless it begins at the end. Without it the channel is taken to
    // have no log: only what is published is delivered.
    void join(std::string_view name, subscriber& s, std::optional<log_start> from = {});

    // Takes s off its channel, if it is on one. s is not told. REQUIRES: not called during a
    // delivery.
    void leave(subscriber& s);

    // Sets who is told; nobody is without it. REQUIRES: l outlives the hub's work.
    void tell_receipts(receipt_listener& l) { receipts_ = &l; }

    // Returns how many subscribers of a channel have written the entry at this position to their
    // wires, and for how many it is queued, or still to be read from the log.
    [[nodiscard]] entry_reach reach_of(std::string_view channel, position const& where) const;

    // Returns what was not delivered since the last call, and starts to count anew. The shard asks
    // once a second, so that a publisher of large messages cannot fill the log.
    [[nodiscard]] undelivered_messages take_undelivered()
    {
        return std::exchange(undelivered_, {});
    }

    // Channels in the table: wanted, waiting or lingering.
    [[nodiscard]] std::size_t size() const { return channels_.size(); }

    [[nodiscard]] hub_options const& options() const { return options_; }

private:
    friend class channel;

    void on_up() override;
    void on_down() override;
    void on_subscribed(std::string_view name) override;
    void on_refused(std::string_view name) override;
    void on_message(std::string_view name, std::string_view payload) override;
    void on_passed_over(std::string_view name, std::size_t bytes) override;

    [[nodiscard]] channel* find(std::string_view name) const;
    void on_entry(channel& c, std::string_view published);
    channel& find_or_make(std::string_view name, bool has_log);
    void arm(channel& c, milliseconds in);
    // The last subscriber of c has left. May destroy c.
    void on_idle(channel& c);
    // c has lingered long enough: unsubscribes from it and destroys it.
    void give_up(channel& c) noexcept;
    void note_large(std::size_t bytes) noexcept;
    // Bytes of a message as it is encoded.
    [[nodiscard]] std::size_t max_packet() const;
    void subscribe_to_all();

    // Hash table by name, with the names inside the channels. The hash is keyed (SipHash): part of
    // a name may be the value of a session cookie, which a stranger may choose to collide.
    struct by_name {
        using is_transparent = void;
        using is_avalanching = void;
        static std::string_view key(std::string_view name) { return name; }
        static std::string_view key(std::unique_ptr<channel> const& c) { return c->name(); }
        std::size_t operator()(auto const& k) const { return hash(key(k)); }
        bool operator()(auto const& a, auto const& b) const { return key(a) == key(b); }

        seeded_hash hash;
    };

    broker& broker_;
    shard_clock& clock_;
    hub_options const options_;
    std::optional<log_reads> reads_;  // nothing if there is no log
    undelivered_messages undelivered_;
    receipt_listener* receipts_ = nullptr;
    boost::unordered_flat_set<std::unique_ptr<channel>, by_name, by_name> channels_;
};

}  // namespace notify
