// SPDX-License-Identifier: MIT
//
// Everything that may be set about a gateway, as it runs: checked, and the same
// for all shards.
#pragma once

#include "base/capacity.hpp"
#include "base/net.hpp"
#include "http/bundle.hpp"
#include "http/http_client.hpp"
#include "http/http_options.hpp"
#include "http/origin_policy.hpp"
#include "pubsub/hub.hpp"
#include "redis/redis_options.hpp"
#include "session/engine_options.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace notify {

// The session mode (docs/protocol.md, Session mode): which cookie is the session, and which
// channel it follows; `{session}` in it stands for the cookie's value.
struct session_mode {
    std::string cookie;
    std::string channel;
};

struct gateway_settings {
    tcp::endpoint listen_at;
    bool share_port = false;  // with gateways that run already
    std::size_t threads = 1;
    redis::redis_options redis;
    std::string uuid_prefix = "cookie-";
    std::optional<http_url> web_app;  // none: the cookie path is off
    http_client_options web_app_limits;
    std::optional<session_mode> session;
    eio::engine_options engine;
    http_options http;
    capacity_limits capacity;
    hub_options hub;
    milliseconds user_timeout{0};  // for a connection to be somebody's; 0: none
    origin_policy origins;
    std::shared_ptr<bundle const> browser_bundle;
    bool dev = false;
    bool show_subscriptions = false;  // each with a line in the log (new_subscriptions.hpp)
    std::string sample_user;          // of the page of --dev; empty: a random one each

    // What the other tools must be told to find this Redis, for commands that
    // people copy: " --redis …", or nothing if it is where they look for it.
    [[nodiscard]] std::string redis_flag() const;
};

}  // namespace notify
