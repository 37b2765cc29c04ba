// SPDX-License-Identifier: MIT
//
// The page of --dev: pick a user, connect, see and send notifications. It mints
// uuidCookies for whoever asks, which is why --dev listens on loopback only and
// answers only requests that were meant for a loopback name.
#pragma once

#include "gateway/settings.hpp"
#include "http/router.hpp"
#include "redis/redis_client.hpp"

namespace notify {

// REQUIRES: redis and settings outlive the routes.
void add_dev_page(router& routes, redis::redis_client& redis, gateway_settings const& settings);

}  // namespace notify
