// SPDX-License-Identifier: MIT
//
// A message on a subscribed channel, found in the bytes of RESP 2 without a copy.
//
// Nearly all that Redis sends to a gateway are such messages, in the one form in which Redis writes
// them, with CR LF after each part:
//
//     *3 $7 message $<n> <channel> $<n> <payload>
//
// Parsing them in place costs a tenth of what hiredis' reader costs. Everything else (other
// replies, an unusual form, a message whose end has not been read yet) stays in the bytes for
// reply_reader, which can read these messages too. So nothing depends on this parser but speed,
// with one exception: only take_large_head() can pass over a payload that is too large to keep.
//
// Called by reply_reader only. Pure functions; any thread may call them.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace notify::redis {

struct push_message {
    std::string_view channel;
    std::string_view payload;
    std::size_t bytes;  // as announced; more than payload.size() if passed over
};

// Takes a message off the front of bytes. Returns nothing, and leaves bytes as they are, if no
// complete message in the usual form stands there. The views in the result point into bytes.
[[nodiscard]] std::optional<push_message> take_push_message(std::string_view& bytes);

// Takes the head of a message off the front of bytes if its payload is larger than limit and not
// complete yet. What there is of the payload stays in bytes, for the caller to skip; payload is
// empty in the result. Returns nothing otherwise: a complete message, however large, is for
// take_push_message().
[[nodiscard]] std::optional<push_message> take_large_head(std::string_view& bytes,
                                                          std::size_t limit);

}  // namespace notify::redis
