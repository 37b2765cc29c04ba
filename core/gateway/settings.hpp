// SPDX-License-Identifier: MIT
//
// Everything that can be set about a gateway, checked, as it runs.
//
// notify-gateway's options fill it in (tools/notify-gateway/options); gateway and shards read it.
// It does not change once the gateway is made, so all threads may read it without a lock. What a
// setting means to clients is in docs/protocol.md, what it means to an operator in `--help` and
// docs/operation.md.
#pragma once

#include "base/capacity.hpp"
#include "base/net.hpp"
#include "base/signature.hpp"
#include "http/bundle.hpp"
#include "http/http_client.hpp"
#include "http/http_options.hpp"
#include "http/origin_policy.hpp"
#include "pubsub/hub.hpp"
#include "redis/redis_options.hpp"
#include "session/engine_options.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace notify {

// The session mode (docs/protocol.md, Session mode).
struct session_mode {
    std::string cookie;   // name of the cookie that holds the web session
    std::string channel;  // pattern of the channel, with `{session}` in it
};

// How clients may come back after a cut as who they were (docs/protocol.md, Recovery).
struct recovery_settings {
    std::chrono::seconds window{120};  // so long after their last sign of life; 0: never
    std::optional<secret_key> key;     // nothing: kept in Redis (gateway/shared_key)
};

struct gateway_settings {
    tcp::endpoint listen_at;
    bool share_port = false;     // gateways that run already may have the port
    std::size_t threads = 1;     // one shard each
    milliseconds drain{20'000};  // over which SIGTERM closes the sessions; 0: all at once
    redis::redis_options redis;
    std::string uuid_prefix = "cookie-";  // of the keys of uuidCookies in Redis
    std::optional<http_url> web_app;      // nothing: questions by cookies are refused
    http_client_options web_app_limits;
    std::optional<session_mode> session;  // nothing: namespace / is empty
    eio::engine_options engine;
    http_options http;
    capacity_limits capacity;  // of the process, not of each shard
    hub_options hub;           // of each shard
    recovery_settings recovery;
    milliseconds user_timeout{0};  // until a connection must be somebody's; 0: for ever
    origin_policy origins;         // whose pages may connect, and which proxies count
    std::shared_ptr<bundle const> browser_bundle;  // the scripts that are served
    bool dev = false;
    bool show_subscriptions = false;  // each has a line in the log (new_subscriptions.hpp)
    std::string sample_user;          // on the page of --dev; "": a random one each time

    // Returns the options that other tools need to find this Redis, quoted for a shell, for
    // commands that people copy from the log: " --redis redis://…". "" if they find it by default.
    // Never shows the password.
    [[nodiscard]] std::string redis_flag() const;
};

}  // namespace notify
