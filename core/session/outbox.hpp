// SPDX-License-Identifier: MIT
//
// A bounded queue of encoded frames on their way to one session's wire.
//
// session::send() pushes; the current transport looks at frames(), writes, and pops what is sent.
// Frames are shared and immutable: a fan-out to N users stores N pointers, not N copies.
//
// Most flushes find one frame, so one is stored in the object itself: an idle session's outbox owns
// no memory, and a single message takes none.
//
// Invariant: memory() is what the queued frames take (frame::memory) and does not exceed the limit,
// except for one larger frame that came when nothing else was queued. A frame that would break this
// is refused and the session closes: a client that cannot keep up loses its connection, and the
// gateway does not lose its memory.
//
// Of pongs only the newest is kept, in the place of the one before (RFC 6455 section 5.5.3 allows
// this): a client that pings and does not read gains nothing.
//
// Owned by its session and touched only by that session's thread.
#pragma once

#include "protocol/frame.hpp"

#include <boost/container/small_vector.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace notify::eio {

class outbox {
public:
    // Queues f. Returns false, and queues nothing, if f does not fit in limit bytes of memory.
    // Throws std::bad_alloc, and the outbox is as before. A frame counts with all its memory though
    // others share it: which of them frees it cannot be known.
    [[nodiscard]] bool try_push(frame f, std::size_t limit);

    [[nodiscard]] bool empty() const { return frames_.empty(); }
    [[nodiscard]] std::size_t memory() const { return memory_; }  // bytes, of whole frames

    // The queued frames, oldest first. Valid until the next call that is not const.
    [[nodiscard]] std::span<frame const> frames() const;

    // Bytes of the first frame that are sent already, as its wire counts them: a WebSocket counts
    // the frame's header too. 0 if it is empty.
    [[nodiscard]] std::size_t sent() const { return sent_; }

    // Drops the first n frames, which are sent, and notes how many bytes of the next one are. The
    // rest of that one must go before anything else, or the client would see a broken frame.
    // REQUIRES: n <= frames().size(); sent_of_next is less than all of the next frame, and 0 if
    // there is none.
    void pop(std::size_t n, std::size_t sent_of_next = 0);

    // Drops everything, and leaves it owning no memory: idle clients are many.
    void clear();

    // Frames that it has room for; 1 if it owns no memory. For tests.
    [[nodiscard]] std::size_t capacity() const { return frames_.capacity(); }

private:
    [[nodiscard]] bool replaces_pong(frame const& f) const;
    void forget_sent();

    // Sent frames stay at the front until it pays to move the others (forget_sent).
    boost::container::small_vector<frame, 1> frames_;
    std::uint32_t first_ = 0;       // index of the oldest frame that is queued
    std::uint32_t sent_ = 0;        // bytes of that frame
    std::uint32_t pong_ = no_pong;  // index of the queued pong
    std::size_t memory_ = 0;        // of the frames from first_ on

    static constexpr std::uint32_t no_pong = 0xffff'ffff;
};

}  // namespace notify::eio
