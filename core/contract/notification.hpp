// SPDX-License-Identifier: MIT
//
// What a user is told: the event `notification` of the namespace of notifications
// (docs/protocol.md, The contract with pages).
#pragma once

#include "base/json.hpp"
#include "protocol/frame.hpp"

#include <string>
#include <string_view>

namespace notify {

struct notification {
    std::string message;  // UTF-8, as published
};

// ["notification",{"message":"<text published>"}]
[[nodiscard]] frame encode_notification(std::string_view published);

// REQUIRES: event is an array that begins with "notification". What another server sends
// in place of the object is taken as it came: silence is never the answer.
[[nodiscard]] notification notification_of(json const& event);

}  // namespace notify
