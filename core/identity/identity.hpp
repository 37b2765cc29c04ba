// SPDX-License-Identifier: MIT
//
// Who is this? Two ways in, one answer: a uuidCookie, which Redis knows and which
// can be used once, or the browser's cookies (and what else it sends for its user),
// which the web app knows.
//
// One for each shard.
#pragma once

#include "identity/identity_source.hpp"
#include "identity/lookup.hpp"
#include "identity/uuid_questions.hpp"
#include "identity/web_app.hpp"
#include "redis/redis_client.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace notify {

class identity final : public identity_source {
public:
    // redis_patience: how long a uuid waits for a Redis that is away. Without a web app
    // the cookie path is off. REQUIRES: redis outlives it.
    identity(net::io_context& loop, redis::redis_client& redis, std::string uuid_prefix,
             std::chrono::milliseconds redis_patience, std::optional<http_url> web_app_url,
             http_client_options const& limits);

    void by_uuid(std::string_view uuid, identity_listener& l) override { uuids_.ask(uuid, l); }
    void by_cookies(eio::handshake const& request, identity_listener& l) override;

    // For each new connection to Redis (uuid_cookies::find_way).
    void find_way(uuid_cookies::way_handler h) { uuids_.find_way(std::move(h)); }

    void stop();

private:
    uuid_questions uuids_;
    std::optional<web_app> web_app_;
};

}  // namespace notify
