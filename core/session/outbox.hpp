// SPDX-License-Identifier: MIT
//
// A bounded queue of encoded frames on their way to one session's wire.
//
// Owned by its session and touched only by that session's thread. Frames are
// shared and immutable: a fan-out to N users stores N pointers, not N copies.
//
// Invariant: bytes() is the sum of the queued frames and does not exceed the
// limit, but for one larger frame that came when nothing else was queued. The
// frame that would break it is refused and the session closes: a client that
// cannot keep up loses its connection, never the gateway.
#pragma once

#include "protocol/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace notify::eio {

class outbox {
public:
    // Queues f. Returns false, and queues nothing, when f does not fit in limit bytes.
    [[nodiscard]] bool try_push(frame f, std::size_t limit);

    [[nodiscard]] bool empty() const { return frames_.empty(); }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

    // The queued frames, oldest first. The first `sent()` bytes of the first one
    // are on the wire already.
    [[nodiscard]] std::span<frame const> frames() const;
    [[nodiscard]] std::size_t sent() const { return sent_; }

    // Writes views of the queued wire bytes to out, oldest first, and returns
    // how many. They are valid until the next call that is not const.
    std::size_t gather(std::span<std::string_view> out) const;

    // Forgets the first n queued bytes; a frame may be left half sent.
    void consume(std::size_t n);

    void clear() { *this = {}; }

private:
    std::vector<frame> frames_;  // an empty vector owns no memory; idle clients are many
    std::uint32_t first_ = 0;    // frames before it are consumed
    std::uint32_t sent_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace notify::eio
