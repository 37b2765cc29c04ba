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
#include <string_view>

namespace notify::eio {

class outbox {
public:
    // Queues f. Returns false, and queues nothing, when f does not fit in limit
    // bytes of memory.
    [[nodiscard]] bool try_push(frame f, std::size_t limit);

    [[nodiscard]] bool empty() const { return frames_.empty(); }
    [[nodiscard]] std::size_t memory() const { return memory_; }  // of whole frames

    // The queued frames, oldest first. The first `sent()` bytes of the first one
    // are on the wire already.
    [[nodiscard]] std::span<frame const> frames() const;
    [[nodiscard]] std::size_t sent() const { return sent_; }

    // The queued wire bytes from the oldest on: what is left of the first frame,
    // or, if further frames fit in scratch beside it, a copy of all that do.
    // Valid until the next call that is not const. REQUIRES: !empty().
    [[nodiscard]] std::string_view bytes_to_send(std::span<char> scratch) const;

    // Forgets the first n queued bytes; a frame may be left half sent.
    void consume(std::size_t n);

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
