// SPDX-License-Identifier: MIT
//
// Ends a connection so that the peer still reads the last words: a refusal, or a WebSocket's Close
// frame.
//
// The kernel resets a socket that is closed while it holds unread bytes, and a reset destroys what
// the peer has not read yet (RFC 9112 section 9.6). A client that is refused in the middle of an
// upload would see a broken connection, and not why. So the write side is shut, and what comes is
// read and forgotten, until the peer ends too or two seconds are over (half a second for a guest,
// whose place others want).
//
// http_connection and wire/websocket_transport end with it. A lingering socket costs a small object
// in the shard's epoll set: no coroutine and no buffer.
#pragma once

#include "base/quota.hpp"
#include "base/unique_fd.hpp"

namespace notify {

struct http_context;

// Takes fd and its place, and gives both back when the socket is closed. Until then it counts as
// open: otherwise clients that are turned away could take more descriptors than the limits allow.
// Without memory, fd is closed at once. REQUIRES: fd does not block and is in no epoll set; what is
// to be said was sent; called on the context's shard.
void close_lingering(http_context& context, unique_fd fd, quota_share place) noexcept;

}  // namespace notify
