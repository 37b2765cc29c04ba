// SPDX-License-Identifier: MIT
//
// A bounded queue of encoded frames on their way to one session's wire.
//
// Owned by its session and touched only by that session's thread. Frames are
// shared and immutable: a fan-out to N users stores N pointers, not N copies.
//
// Invariant: memory() is what the queued frames take (frame::memory) and does not
// exceed the limit, but for one larger frame that came when nothing else was
// queued. The frame that would break it is refused and the session closes: a
// client that cannot keep up loses its connection, never the gateway.
//
// Of pongs only the newest is kept, in the place of the one before (RFC 6455
// section 5.5.3 allows it): a client that pings and does not read gains nothing.
#pragma once

#include "protocol/frame.hpp"

#include <boost/container/small_vector.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace notify::eio {

class outbox {
public:
    // Queues f. Returns false, and queues nothing, when f does not fit in limit
    // bytes of memory.
    [[nodiscard]] bool try_push(frame f, std::size_t limit);

    [[nodiscard]] bool empty() const { return frames_.empty(); }
    [[nodiscard]] std::size_t memory() const { return memory_; }  // of whole frames

    // The queued frames, oldest first.
    [[nodiscard]] std::span<frame const> frames() const;

    // Bytes of the first frame that are sent already, as its wire counts them.
    [[nodiscard]] std::size_t sent() const { return sent_; }

    // Forgets the first n frames, which are sent, and notes how much of the next
    // one is. REQUIRES: n <= frames().size(), and less of a frame than all of it is
    // sent; nothing, if none is left.
    void pop(std::size_t n, std::size_t sent_of_next = 0);

    // Leaves it owning no memory: idle clients are many.
    void clear();

    // Frames that it has room for.
    [[nodiscard]] std::size_t capacity() const { return frames_.capacity(); }

private:
    [[nodiscard]] bool replaces_pong(frame const& f) const;
    void forget_sent();

    // One frame, which is what most flushes find, takes no memory.
    boost::container::small_vector<frame, 1> frames_;
    std::uint32_t first_ = 0;  // frames before it are consumed
    std::uint32_t sent_ = 0;
    std::uint32_t pong_ = no_pong;  // where the one that is queued stands in frames_
    std::size_t memory_ = 0;

    static constexpr std::uint32_t no_pong = 0xffff'ffff;
};

}  // namespace notify::eio
