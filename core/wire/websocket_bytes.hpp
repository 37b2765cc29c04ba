// SPDX-License-Identifier: MIT
//
// A session's outbox as the bytes of a WebSocket: each frame has a header before its packet (RFC
// 6455 section 5.2), and the kernel may take a part of one. `42["x"]` goes out as 0x81 0x07 and
// itself.
//
// The outbox counts frames and knows nothing of wires. Here is how many bytes each has on this one;
// websocket_transport does the writing. Functions of values, so that all cuts are tested without a
// socket.
#pragma once

#include "protocol/frame.hpp"
#include "session/outbox.hpp"

#include <cstddef>
#include <span>
#include <string_view>

namespace notify {

// Writes the header into the room that a frame has before its packet. Masks nothing: a server does
// not (RFC 6455 section 5.1), so all who share a frame share its bytes. REQUIRES: f has no header.
void put_websocket_header(frame const& f);

// Returns the header and packet of f, as one piece of memory. The header is written when the first
// WebSocket asks for it; a fan-out to a hundred thousand writes it once. Valid as long as f.
[[nodiscard]] inline std::string_view websocket_bytes(frame const& f)
{
    if (!f.has_header()) put_websocket_header(f);
    return f.with_header();
}

// What one write sends of an outbox. Valid until the outbox, or the scratch, changes.
struct websocket_write {
    std::string_view bytes;
    std::size_t frames;  // how many end in bytes
};

// Returns what to write next: what is left of the first frame, from where it is; or, if further
// frames fit in scratch beside it, a copy of all that do. So there is one send(2) for many small
// messages, and no copy of one alone or of a large one. Takes no memory. REQUIRES: queue is not
// empty.
[[nodiscard]] websocket_write next_write(eio::outbox const& queue, std::span<char> scratch);

// Takes from queue the first `sent` bytes of a write. A frame may be left half sent; the next write
// begins with the rest of it. REQUIRES: w is queue's next_write(), sent <= w.bytes.size().
void take_sent(eio::outbox& queue, websocket_write const& w, std::size_t sent);

}  // namespace notify
