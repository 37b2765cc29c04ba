// SPDX-License-Identifier: MIT
//
// A session's outbox as the bytes of a WebSocket: each frame has a header before
// its packet (RFC 6455 section 5.2), and the kernel may take a part of one.
#pragma once

#include "protocol/frame.hpp"
#include "session/outbox.hpp"

#include <cstddef>
#include <span>
#include <string_view>

namespace notify {

// Writes the header of f. REQUIRES: it has none.
void put_websocket_header(frame const& f);

// Returns the header and packet of f. The header is written when the first
// WebSocket asks for it.
[[nodiscard]] inline std::string_view websocket_bytes(frame const& f)
{
    if (!f.has_header()) put_websocket_header(f);
    return f.with_header();
}

// What one write sends of an outbox. Valid until the outbox changes.
struct websocket_write {
    std::string_view bytes;
    std::size_t frames;  // those that end in bytes
};

// Returns what to write next: what is left of the first frame, or, if further
// frames fit in scratch beside it, a copy of all that do. REQUIRES: queue is not empty.
[[nodiscard]] websocket_write next_write(eio::outbox const& queue, std::span<char> scratch);

// Takes from queue the first `sent` bytes of a write; a frame may be left half sent.
// REQUIRES: w is queue's next_write(), sent <= w.bytes.size().
void take_sent(eio::outbox& queue, websocket_write const& w, std::size_t sent);

}  // namespace notify
