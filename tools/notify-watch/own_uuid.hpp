// SPDX-License-Identifier: MIT
//
// uuidCookies that notify-watch makes for itself, for --user: what the web app
// would do for a page, done by whoever may write to Redis.
#pragma once

#include "client/notification_client.hpp"
#include "contract/user_id.hpp"
#include "redis/redis_options.hpp"

#include <string>

namespace notify {

// Each call connects to Redis, mints one uuid for user and disconnects: a watch
// holds no connection to Redis that it needs once in a while.
[[nodiscard]] client_identity::uuid_source own_uuids(user_id user, redis::redis_options options,
                                                     std::string prefix);

}  // namespace notify
