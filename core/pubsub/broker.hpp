// SPDX-License-Identifier: MIT
//
// Where messages come from, as the hub sees it: channels are subscribed to, and messages on them
// arrive. One of the two interfaces by which calls come up the rooms.
//
// In production it is Redis (redis/redis_broker); in tests, memory (pubsub/memory_broker).
//
// A broker may go away and come back at any time. It keeps trying by itself, but it does not
// remember subscriptions: after each on_up() nothing is subscribed to, and the hub asks again for
// what is still wanted. So the table of wanted channels exists once.
//
// Belongs to one shard. All calls, in both directions, come on its thread.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace notify {

class broker {
public:
    // The hub. The broker calls it from the event loop, never from within subscribe() or
    // unsubscribe(): the hub may be walking its table then. Views are valid during the call.
    class listener {
    public:
        // The broker can be reached, and nothing is subscribed to.
        virtual void on_up() = 0;
        // The broker cannot be reached. All subscriptions are gone, and questions that were not
        // answered will not be. Also called for each further try that fails.
        virtual void on_down() = 0;
        // The answer to subscribe(): messages on this channel arrive from now on.
        virtual void on_subscribed(std::string_view channel) = 0;
        // The other answer: this channel may not be subscribed to (an ACL of Redis). The channel is
        // not subscribed to.
        virtual void on_refused(std::string_view channel) = 0;
        // A message, in the order in which it was published on its channel. It may be on a channel
        // that was given up a moment ago.
        virtual void on_message(std::string_view channel, std::string_view payload) = 0;
        // A message that the broker did not keep, because it is larger than it was told to keep.
        // bytes is its length.
        virtual void on_passed_over(std::string_view channel, std::size_t bytes) = 0;

    protected:
        ~listener() = default;
    };

    virtual ~broker() = default;

    // Registers the one listener. REQUIRES: called once, before anything arrives; l outlives the
    // broker's work.
    virtual void listen(listener& l) = 0;

    // True from on_up() until on_down(), or until shortly before that.
    [[nodiscard]] virtual bool up() const = 0;

    // Asks for channels, any number of them; each is answered by on_subscribed() or on_refused(),
    // unless the broker is lost first. Answers come in the order of the questions. A channel that
    // is subscribed to already is confirmed again. Throws std::bad_alloc without memory. REQUIRES:
    // up().
    virtual void subscribe(std::span<std::string_view const> channels) = 0;

    // Stops messages on a channel that was confirmed; it has no answer. Messages on their way may
    // still arrive. Throws std::bad_alloc without memory; nothing has changed then. REQUIRES: up().
    virtual void unsubscribe(std::string_view channel) = 0;
};

}  // namespace notify
