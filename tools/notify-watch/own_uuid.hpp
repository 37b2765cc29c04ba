// SPDX-License-Identifier: MIT
//
// uuidCookies that notify-watch mints for itself (--user), as a web app does for a page. This works
// for anybody who may write to Redis.
#pragma once

#include "client/notification_client.hpp"
#include "contract/user_id.hpp"
#include "redis/redis_options.hpp"

#include <string>

namespace notify {

// Returns a function that connects to Redis, mints one uuid for user and disconnects. It is called
// for each connection to the gateway only, so it is not worth keeping a connection to Redis.
[[nodiscard]] client_identity::uuid_source own_uuids(user_id user, redis::redis_options options,
                                                     std::string prefix);

}  // namespace notify
