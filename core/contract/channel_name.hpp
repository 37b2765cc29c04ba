// SPDX-License-Identifier: MIT
//
// What a user's channel is called in Redis (docs/protocol.md, The contract with publishers).
//
// Publishers in any language write this name themselves, so it can never change. The gateway
// subscribes to it, notify-send publishes on it.
#pragma once

#include "contract/user_id.hpp"

#include <string>

namespace notify {

// Returns "/app/user/<id>/notifications". Two users never share a channel: an id holds no slash,
// and nothing is escaped.
[[nodiscard]] std::string channel_of(user_id const& user);

}  // namespace notify
