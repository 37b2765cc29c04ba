// SPDX-License-Identifier: MIT
//
// The event `notification`: what a user is told (docs/protocol.md, The contract with pages).
//
//     42/io/user/notifications,["notification",{"message":"Hey"}]
//
// What was published is text for the page, whatever it is: a publisher's JSON arrives as a string,
// and the page parses it. The gateway writes the event, notify-watch reads it.
#pragma once

#include "base/json.hpp"
#include "protocol/frame.hpp"

#include <string>
#include <string_view>

namespace notify {

struct notification {
    std::string message;  // UTF-8, as published
};

// Returns the event for what was published, as one frame for all sockets of the user: the gateway
// calls this once for each message, however many tabs there are. Bytes that are not UTF-8 become
// U+FFFD. Allocates the frame, and nothing else if no character needs an escape. Does not look at
// the size: the hub compares it with --max-message before, and the frame's after.
[[nodiscard]] frame encode_notification(std::string_view published);

// Reads the event. If another server sends something else in place of {"message":"…"}, its JSON
// text is the message: notify-watch shows what came rather than nothing. The message is empty if
// there is no argument. REQUIRES: event is an array that begins with "notification".
[[nodiscard]] notification notification_of(json const& event);

}  // namespace notify
