// SPDX-License-Identifier: MIT
//
// What the sender of a stored notification hears of it, if it has asked: to how many sessions each
// gateway has written it, and that a client has seen it (docs/protocol.md, Receipts).
//
// The sender names a channel of its own in the entry, and each gateway publishes there:
//
//     {"id":"1732657160000-17","gateway":"Yf3…","sessions":2}
//     {"id":"1732657160000-17","gateway":"Yf3…","seen":true}
//
// Pure functions; any thread may call them.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace notify {

// Answers go to channels of this kind only: who may send to one user must not be able to have a
// gateway publish to another.
inline constexpr std::string_view reply_prefix = "/app/reply/";

struct receipt {
    std::string id;       // of the notification
    std::string gateway;  // which process says so
    bool seen = false;
    std::uint64_t sessions = 0;  // to which it was written, unless seen
};

[[nodiscard]] std::string to_text(receipt const& r);

// The error is a sentence.
[[nodiscard]] result<receipt> parse_receipt(std::string_view text);

}  // namespace notify
