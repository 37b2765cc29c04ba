// SPDX-License-Identifier: MIT
//
// One thread and all it owns: loop, listener, sessions, users, and its two
// connections to Redis, one subscribed and one for commands. Shards share the
// settings, which do not change, and nothing else: no mutex, no strand.
#pragma once

#include "base/net.hpp"
#include "gateway/inbox.hpp"
#include "gateway/notifications.hpp"
#include "gateway/settings.hpp"
#include "gateway/shard_status.hpp"
#include "http/http_context.hpp"
#include "http/listener.hpp"
#include "http/router.hpp"
#include "identity/identity.hpp"
#include "pubsub/hub.hpp"
#include "redis/redis_broker.hpp"
#include "redis/redis_client.hpp"
#include "session/server.hpp"
#include "session/session_context.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace notify {

class shard {
public:
    // Binds the port; throws boost::system::system_error if that fails.
    // REQUIRES: settings outlive the shard.
    shard(gateway_settings const& settings, std::size_t number, tcp::endpoint const& at);
    ~shard();

    // What may be read from any thread.
    [[nodiscard]] shard_status const& status() const { return status_; }
    [[nodiscard]] std::uint16_t port() const { return listener_.port(); }

    // --- before run() ---

    // How a connection gets to another shard: calls that one's adopt().
    void hand_over_with(std::function<void(std::size_t, arrival)> f)
    {
        http_.hand_over = std::move(f);
    }
    [[nodiscard]] router& routes() { return router_; }
    [[nodiscard]] redis::redis_client& redis() { return redis_; }

    // Works until stop() and all is closed.
    void run();

    // --- from any thread ---

    // Takes over a connection whose session is here.
    void adopt(arrival from);

    // Stops accepting, closes the sessions, and lets run() return within 4 seconds.
    void stop();

private:
    using clock = std::chrono::steady_clock;

    void route();
    void tick();
    void begin_stop();
    void continue_stop();
    void finish_stop();
    void watch_redis();
    void on_redis(bool up, std::string_view reason);

    net::io_context loop_{1};
    net::executor_work_guard<net::io_context::executor_type> work_{loop_.get_executor()};
    gateway_settings const& settings_;
    std::size_t const number_;
    shard_status status_;
    clock::time_point const began_ = clock::now();
    eio::session_context sessions_;
    http_context http_;
    redis::redis_client redis_;
    redis::redis_broker broker_;
    hub hub_;
    identity identity_;
    notifications notifications_;
    std::optional<inbox> inbox_;
    sio::server server_;
    router router_;
    listener listener_;
    net::steady_timer ticks_;
    time_ms stop_deadline_ = 0;
    bool subscribed_ = false;    // to Redis, when it was last told
    std::string redis_trouble_;  // why it was not, when that was last told
};

}  // namespace notify
