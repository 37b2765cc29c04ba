// SPDX-License-Identifier: MIT
//
// The broker that is Redis: channels are subscribed to with SUBSCRIBE, over a connection of their
// own.
//
// A connection of its own, because in RESP 2 a connection that has subscribed may send little else.
// The commands of a shard go through redis_client.
//
// The hub knows which channels are wanted and asks for them again after a loss; the broker keeps no
// such table. It does keep what has been asked and not answered yet, in order: Redis answers a
// SUBSCRIBE that it refuses by an error that names no channel, so the order of questions is the
// only way to tell which channels are meant.
//
// Belongs to one shard, as its hub does; must be used on that shard's thread. See redis_connection
// for how it connects, notices a dead server and tries again.
#pragma once

#include "pubsub/broker.hpp"
#include "redis/redis_connection.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

namespace notify::redis {

class redis_broker final : public broker, private redis_connection::owner {
public:
    // Who has a channel of his own, beside those of the hub. Called like the listener: from the
    // event loop, never from within subscribe().
    class own_channel {
    public:
        virtual void on_subscribed() = 0;
        // why: Redis' error, in quotes.
        virtual void on_refused(std::string_view why) = 0;
        virtual void on_message(std::string_view payload) = 0;

    protected:
        ~own_channel() = default;
    };

    // Told when Redis has been reached, and when it was lost or not reached, and why.
    using state_handler = std::function<void(bool up, std::string_view reason)>;

    // policy.subscriber is set here; everything else in policy is the caller's choice.
    redis_broker(net::any_io_executor const& executor, redis_options options,
                 redis_policy policy = {});

    // The hub registers here. REQUIRES: called before start(); l outlives the broker, or the call
    // of stop().
    void listen(listener& l) override { listener_ = &l; }
    // Keeps what concerns this channel from the listener, and tells its owner instead, who asks for
    // it by subscribe() each time that Redis has been reached. REQUIRES: called before start(), at
    // most once; o outlives the broker, or the call of stop().
    void add_own(std::string channel, own_channel& o)
    {
        own_name_ = std::move(channel);
        own_ = &o;
    }
    // The handlers below are optional, and are set before start().
    void on_state(state_handler h) { on_state_ = std::move(h); }
    // Called when all that one read brought has been told, and before the next read. The shard
    // flushes its sessions here: one write per session for all the messages of one read.
    void on_read(std::function<void()> h) { on_read_ = std::move(h); }

    // Called before on_state(false), when the connection was up and the server turned out to be the
    // wrong one (redis_connection.hpp). The shard then drops its other connection too.
    void on_wrong_server(std::function<void(std::string_view reason)> h)
    {
        on_wrong_server_ = std::move(h);
    }

    // Gives up the current connection, for this reason, and makes another one. Ignored when not up.
    void drop(std::string reason) { connection_.drop(std::move(reason)); }

    // REQUIRES: called once, after listen().
    void start() { connection_.start(); }

    // Ends the connection for good. After it returns the listener is not called any more.
    void stop() { connection_.stop(); }

    [[nodiscard]] bool up() const override { return connection_.up(); }
    // What is known of the server. REQUIRES: up().
    [[nodiscard]] server_facts const& server() const { return connection_.server(); }

    // Sends SUBSCRIBE for all channels, in pieces (see broker.hpp for the contract). If Redis
    // refuses a piece because one of its channels is forbidden (ACL), the halves of that piece are
    // asked for again, until only forbidden channels are left, and these are told as refused.
    void subscribe(std::span<std::string_view const> channels) override;
    // Sends UNSUBSCRIBE. A refusal is ignored: messages that still come find no channel in the hub.
    void unsubscribe(std::string_view channel) override;

private:
    // A confirmation that is due. Each channel of a command is confirmed by a reply of its own, but
    // a refusal is one error for the whole command.
    struct due {
        std::string channel;
        std::uint32_t left;  // channels of its command from this one to the last
        bool subscribes;     // false: it is of an UNSUBSCRIBE
    };

    void on_up() override;
    void on_reply(reply_view r) override;
    // Notes that a confirmation of each of these is due.
    void expect(std::span<std::string_view const> channels);
    // Takes the oldest question off due_ if it is this one. Returns false if it is another.
    [[nodiscard]] bool try_confirm(bool subscribes, std::string_view channel);
    // The oldest command was refused as a whole, by this error: asks again for parts of it, or
    // tells the channel.
    void on_refusal(reply_view r);
    void ask_by_halves(std::span<due const> refused);
    void on_wrong_server(std::string_view reason) override;
    void on_message(push_message const& m) override;
    void on_read_end() override;
    void on_down(std::string_view reason) override;

    [[nodiscard]] bool is_own(std::string_view channel) const { return channel == own_name_; }
    void tell_subscribed(std::string_view channel);
    void tell_refused(std::string_view channel, reply_view r);
    void tell_message(std::string_view channel, std::string_view payload);

    listener* listener_ = nullptr;
    std::string own_name_;  // "": there is none, and no channel has this name
    own_channel* own_ = nullptr;
    state_handler on_state_;
    std::function<void()> on_read_;
    std::function<void(std::string_view)> on_wrong_server_;
    std::deque<due> due_;  // in the order of the questions, oldest first; empty when down
    redis_connection connection_;
};

}  // namespace notify::redis
