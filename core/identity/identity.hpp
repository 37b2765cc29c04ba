// SPDX-License-Identifier: MIT
//
// Finds out which user a client is. There are two ways to ask: by a uuidCookie, which Redis knows
// and which works once (uuid_questions), and by the headers that began the session, cookies above
// all, which the web app understands (web_app). Both give an identity_answer (lookup).
//
// This is the gateway's identity_source; gateway/notifications sees only that. There is one for
// each shard, used on that shard's thread only.
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
    // redis_patience: how long a uuid waits for a Redis that is away (--subscribe-timeout).
    // web_app_url: nothing refuses each question by cookies. limits: of requests to the web app.
    // REQUIRES: loop and redis outlive it.
    identity(net::io_context& loop, redis::redis_client& redis, std::string uuid_prefix,
             std::chrono::milliseconds redis_patience, std::optional<http_url> web_app_url,
             http_client_options const& limits);

    void by_uuid(std::string_view uuid, identity_listener& l) override { uuids_.ask(uuid, l); }
    void by_cookies(eio::handshake const& request, identity_listener& l) override;

    // To be called for each new connection to Redis (uuid_cookies::find_way).
    void find_way(uuid_cookies::way_handler h) { uuids_.find_way(std::move(h)); }

    // Refuses the questions that wait, and ends the requests to the web app. Part of a shard's
    // shutdown, before redis is stopped.
    void stop();

private:
    uuid_questions uuids_;
    std::optional<web_app> web_app_;  // nothing: no web app is configured
};

}  // namespace notify
