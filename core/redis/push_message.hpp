// SPDX-License-Identifier: MIT
//
// What nearly all is that Redis sends to a gateway: a message on a channel, in
// the one form in which Redis writes it (RESP 2),
//
//     *3 $7 message $<n> <channel> $<n> <payload>      each with CR LF after it
//
// It is found in place, without a copy. Whatever else comes, or is not whole
// yet, is left to reply_reader, which would read these too, at ten times the cost.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace notify::redis {

struct push_message {
    std::string_view channel;
    std::string_view payload;
    std::size_t bytes;  // of the payload; more than it has if it is not kept
};

// Takes the message at the front of bytes off them; nothing if there is none
// that is whole, and bytes stay as they are. The views are into bytes.
[[nodiscard]] std::optional<push_message> take_push_message(std::string_view& bytes);

// The same for a message that is not whole and whose payload has more than `limit`
// bytes: takes its head off bytes, and leaves what there is of the payload.
[[nodiscard]] std::optional<push_message> take_large_head(std::string_view& bytes,
                                                          std::size_t limit);

}  // namespace notify::redis
