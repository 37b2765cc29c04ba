// SPDX-License-Identifier: MIT
//
// One thread and all it owns: what serves the web, the users, and its two
// connections to Redis, one subscribed and one for commands. Shards share the
// settings, which do not change, and the counts of capacity; nothing else: no mutex,
// no strand.
#pragma once

#include "base/net.hpp"
#include "gateway/failed_subscriptions.hpp"
#include "gateway/new_subscriptions.hpp"
#include "gateway/notifications.hpp"
#include "gateway/session_follower.hpp"
#include "gateway/settings.hpp"
#include "gateway/shard_status.hpp"
#include "http/arrival.hpp"
#include "identity/identity.hpp"
#include "pubsub/hub.hpp"
#include "redis/redis_broker.hpp"
#include "redis/redis_client.hpp"
#include "socketio/offered_namespaces.hpp"
#include "wire/engine_server.hpp"

#include <spdlog/common.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace notify {

class shard {
public:
    // Binds the port; throws boost::system::system_error if that fails.
    // REQUIRES: settings and limits outlive the shard.
    shard(gateway_settings const& settings, capacity& limits, std::size_t number,
          tcp::endpoint const& at);
    ~shard();

    // What may be read from any thread.
    [[nodiscard]] shard_status const& status() const { return status_; }
    [[nodiscard]] std::uint16_t port() const { return web_.port(); }

    // --- before run() ---

    // How a connection gets to another shard: calls that one's adopt().
    void hand_over_with(std::function<void(std::size_t, arrival)> f)
    {
        web_.http().hand_over = std::move(f);
    }
    [[nodiscard]] router& routes() { return web_.routes(); }
    [[nodiscard]] redis::redis_client& redis() { return redis_; }

    // Works until stop() and all is closed.
    void run();

    // --- from any thread ---

    // Takes over a connection whose session is here.
    void adopt(arrival from) { web_.adopt(std::move(from)); }

    // Stops accepting, closes the sessions, and lets run() return within 4 seconds.
    void stop() { web_.stop(); }

private:
    void route();
    void report();
    void log_counts();
    void log_closed();
    template <class Reason>
    void count(gateway_metric m, Reason reason, std::uint64_t n, spdlog::level::level_enum level,
               std::string_view detail = {});
    void on_redis(bool up, std::string_view reason);
    void on_commands(bool up);
    void match_servers(bool commands);
    void on_way(uuid_cookies::way way, std::string_view why);

    gateway_settings const& settings_;
    std::size_t const number_;
    shard_status status_;
    engine_server web_;
    redis::redis_client redis_;
    redis::redis_broker broker_;
    hub hub_;
    identity identity_;
    failed_subscriptions failed_;
    new_subscriptions new_;
    notifications notifications_;
    std::optional<session_follower> session_follower_;
    sio::offered_namespaces namespaces_;
    time_ms next_log_ = 0;     // of what was counted
    bool matching_ = false;    // one connection to Redis follows the other to its server
    bool subscribed_ = false;  // to Redis, when it was last told
    uuid_cookies::way way_ = uuid_cookies::way::getdel;  // as it was last told
    std::string redis_trouble_;                          // why it was not, when that was last told
};

}  // namespace notify
