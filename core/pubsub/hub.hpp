// SPDX-License-Identifier: MIT
//
// Who listens to what: the table of a shard's wanted channels, over one broker.
// A channel is subscribed to when its first subscriber joins and given up some
// seconds after the last one left. After the broker was lost, all that is still
// wanted is subscribed to again.
//
// Belongs to one shard; outlives its subscribers.
#pragma once

#include "base/shard_clock.hpp"
#include "base/siphash.hpp"
#include "pubsub/broker.hpp"
#include "pubsub/channel.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace notify {

struct hub_options {
    // A subscriber waits this long for the broker's confirmation, or less if
    // another one on its channel began to wait before it.
    milliseconds confirm_timeout{2'000};
    // A channel that nobody listens to is kept this long.
    milliseconds linger{5'000};
    // Subscribers of one channel: the tabs of one user.
    std::size_t max_subscribers = 4'096;
    // Bytes of a message as it was published. As it is sent it may have twice as many,
    // and some: characters that JSON escapes take more.
    std::size_t max_message = 1'048'576;
};

// Messages that were not delivered, to anybody, since they are too large.
struct large_messages {
    std::uint64_t count = 0;
    std::size_t newest_bytes = 0;
};

class hub final : private broker::listener {
public:
    // now is the shard's time. REQUIRES: all three outlive the hub.
    hub(broker& b, shard_clock& clock, hub_options options = {});
    ~hub();

    // Joins s to a channel, from one it may be on already. on_subscribed() or
    // on_subscribe_failed() follows, possibly before this returns; also if s is
    // on this channel already.
    void join(std::string_view name, subscriber& s);

    // Takes s off its channel, if it is on one.
    void leave(subscriber& s);

    // What was too large since the last call of this.
    [[nodiscard]] large_messages take_large() { return std::exchange(large_, {}); }

    // Channels that are wanted or linger.
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
    channel& find_or_make(std::string_view name);
    void arm(channel& c, milliseconds in);
    void on_idle(channel& c);
    void give_up(channel& c) noexcept;
    void note_large(std::size_t bytes);
    void subscribe_to_all();

    // The value of a session's cookie, which any stranger may choose, can be a part of a name.
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
    large_messages large_;
    boost::unordered_flat_set<std::unique_ptr<channel>, by_name, by_name> channels_;
};

}  // namespace notify
