// SPDX-License-Identifier: MIT
//
// What a user's channel is called in Redis (docs/protocol.md, The contract with publishers).
#pragma once

#include "contract/user_id.hpp"

#include <string>

namespace notify {

// "/app/user/<id>/notifications"
[[nodiscard]] std::string channel_of(user_id const& user);

}  // namespace notify
