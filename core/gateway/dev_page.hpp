// SPDX-License-Identifier: MIT
//
// The page of `--dev`: pick a user, connect, see and send notifications. For whoever tries notify
// on a laptop, without a web app of their own.
//
// It gives a uuidCookie to whoever asks and publishes for whoever asks. That is why the gateway
// listens on loopback only while `--dev` is on, why the page answers only requests whose `Host` is
// a loopback name or address, and why its POSTs must come from the page itself. All three are
// needed: any site's page can send requests to 127.0.0.1, and can point a DNS name of its own
// there.
#pragma once

#include "gateway/settings.hpp"
#include "http/router.hpp"
#include "redis/redis_client.hpp"

namespace notify {

// Adds `/` (the page), `/dev/token` and `/dev/send` to the routes of one shard. REQUIRES: redis and
// settings outlive the routes.
void add_dev_page(router& routes, redis::redis_client& redis, gateway_settings const& settings);

}  // namespace notify
