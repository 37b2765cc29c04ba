// SPDX-License-Identifier: MIT
//
// The whole gateway: its shards, a thread each, until a signal ends them.
#pragma once

#include "base/log_queue.hpp"
#include "gateway/dev_redis.hpp"
#include "gateway/end_signals.hpp"
#include "gateway/metric_values.hpp"
#include "gateway/settings.hpp"
#include "gateway/shard.hpp"

#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace notify {

class gateway {
public:
    // Takes the port and, with --dev, finds or starts a Redis. Throws
    // std::runtime_error with a sentence if it cannot. REQUIRES: log outlives it.
    gateway(gateway_settings settings, log_queue const& log);
    ~gateway();

    [[nodiscard]] std::uint16_t port() const { return shards_.front()->port(); }
    [[nodiscard]] gateway_settings const& settings() const { return settings_; }

    // True if --dev had to start its own Redis.
    [[nodiscard]] bool started_redis() const { return dev_redis_.started(); }

    // Serves until SIGINT or SIGTERM (end_signals.hpp), then drains. Returns within 5 seconds of
    // it.
    void run();

private:
    void connect_shards();
    void add_routes(shard& s);
    [[nodiscard]] metric_values values() const;  // of all shards
    void watch(net::steady_timer& timer);
    void watch_log();

    end_signals signals_;  // first, so that none ends a gateway that is starting
    gateway_settings const settings_;
    log_queue const& log_;
    std::uint64_t lines_lost_ = 0;  // of the log, when that was last told
    std::uint64_t seconds_ = 0;     // of watching
    dev_redis dev_redis_;
    capacity capacity_;  // of all shards
    std::vector<std::unique_ptr<shard>> shards_;
};

}  // namespace notify
