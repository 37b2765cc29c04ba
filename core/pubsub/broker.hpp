// SPDX-License-Identifier: MIT
//
// Where messages come from, as the hub sees it: channels are subscribed to, and
// messages on them arrive. Redis is one (redis/redis_broker), memory another
// (pubsub/memory_broker, for tests).
//
// Belongs to one shard; all calls, both ways, come on its thread.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace notify {

class broker {
public:
    // Told what happens. No call of it comes from within subscribe() or
    // unsubscribe().
    class listener {
    public:
        // The broker can be reached, and nothing is subscribed to.
        virtual void on_up() = 0;
        // It cannot; all subscriptions are gone. It keeps trying.
        virtual void on_down() = 0;
        // From now on messages on this channel arrive.
        virtual void on_subscribed(std::string_view channel) = 0;
        // It will not let us have this channel, and is not waiting for anything.
        virtual void on_refused(std::string_view channel) = 0;
        virtual void on_message(std::string_view channel, std::string_view payload) = 0;
        // A message of so many bytes, which the broker was not to keep.
        virtual void on_passed_over(std::string_view channel, std::size_t bytes) = 0;

    protected:
        ~listener() = default;
    };

    virtual ~broker() = default;

    // REQUIRES: called once, before anything arrives; l outlives the broker's work.
    virtual void listen(listener& l) = 0;

    [[nodiscard]] virtual bool up() const = 0;

    // These two throw std::bad_alloc without memory, and nothing has been asked then.

    // Asks for channels, any number of them; each is answered by on_subscribed() or
    // on_refused(). REQUIRES: up().
    virtual void subscribe(std::span<std::string_view const> channels) = 0;

    // Stops messages on a channel that was confirmed. Messages on their way may
    // still arrive. REQUIRES: up().
    virtual void unsubscribe(std::string_view channel) = 0;
};

}  // namespace notify
