// SPDX-License-Identifier: MIT
//
// Ends a connection so that the peer still reads the last words. A socket that is
// closed while it holds unread bytes is reset, and a reset destroys what the peer
// has not read yet (RFC 9112 section 9.6). So the write side is shut, and what
// comes is read and forgotten until the peer ends too, or two seconds are over (half
// a second for a guest, whose place others want).
#pragma once

#include "base/quota.hpp"
#include "base/unique_fd.hpp"

namespace notify {

struct http_context;

// Takes fd, which must not block, with its place. It counts as open until it is closed.
void close_lingering(http_context& context, unique_fd fd, quota_share place) noexcept;

}  // namespace notify
