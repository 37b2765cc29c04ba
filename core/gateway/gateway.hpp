// SPDX-License-Identifier: MIT
//
// The whole gateway: it takes the port, starts a thread for each shard, and waits for the signal to
// end.
//
// Made by notify-gateway's main() from checked settings. It owns what all shards share: the
// settings, which do not change, and the counts of capacity, which are atomic. Everything else
// belongs to one shard. `/healthz` and `/readyz` are answered from here, because they concern all
// of them.
#pragma once

#include "base/log_queue.hpp"
#include "gateway/dev_redis.hpp"
#include "gateway/end_signals.hpp"
#include "gateway/metric_values.hpp"
#include "gateway/settings.hpp"
#include "gateway/shard.hpp"
#include "http/http_message.hpp"

#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace notify {

class gateway {
public:
    // Takes the port and, with --dev, finds or starts a Redis. Serves nobody yet. Throws
    // std::runtime_error with a sentence if it cannot. REQUIRES: log outlives it.
    gateway(gateway_settings settings, log_queue const& log);
    ~gateway();

    // The port that it listens on: the one that the kernel chose if the settings say 0.
    [[nodiscard]] std::uint16_t port() const { return shards_.front()->port(); }
    [[nodiscard]] gateway_settings const& settings() const { return settings_; }

    // True if --dev had to start its own Redis.
    [[nodiscard]] bool started_redis() const { return dev_redis_.started(); }

    // Serves until SIGINT or SIGTERM (end_signals.hpp), then closes what is open. Returns within 5
    // seconds of the signal; after SIGTERM within settings().drain and 5 seconds, or 5 seconds of a
    // second signal. Blocks the thread that calls it, which must be the main thread. REQUIRES:
    // called once.
    void run();

private:
    // Tells each shard how to reach the others, and adds the routes.
    void connect_shards();
    void add_routes(shard& s);
    // Returns the metrics of all shards together. Called on any shard's thread for /healthz, and on
    // the main thread: it reads atomic numbers only.
    [[nodiscard]] metric_values values() const;
    // Answers /readyz for the first shard that is not ready. Called on any shard's thread.
    [[nodiscard]] http_response answer_ready(http_connection const& c) const;
    // Has the shards close their sessions one after the other. Returns when all have, or with the
    // signal that asks for a quick end meanwhile.
    [[nodiscard]] end_signal hand_over();
    // Does what has to be done once a second while the shards serve, and arms timer for the next.
    void watch(net::steady_timer& timer);
    void watch_log();

    end_signals signals_;  // first, so that no SIGHUP ends a gateway that is starting
    gateway_settings const settings_;
    log_queue const& log_;
    std::uint64_t lines_lost_ = 0;  // lines of the log that were lost, when that was last said
    std::uint64_t seconds_ = 0;     // seconds since run()
    std::size_t drained_ = 0;       // shards without a session, after hand_over() has begun
    std::atomic<bool> draining_{false};
    dev_redis dev_redis_;  // before the shards, so that it ends after them
    capacity capacity_;    // of all shards, which it outlives
    std::vector<std::unique_ptr<shard>> shards_;
};

}  // namespace notify
