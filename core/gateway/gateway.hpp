// SPDX-License-Identifier: MIT
//
// The whole gateway: its shards, a thread each, until a signal ends them.
#pragma once

#include "gateway/dev_redis.hpp"
#include "gateway/settings.hpp"
#include "gateway/shard.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace notify {

class gateway {
public:
    // Takes the port and, with --dev, finds or starts a Redis. Throws
    // std::runtime_error with a sentence if it cannot.
    explicit gateway(gateway_settings settings);
    ~gateway();

    [[nodiscard]] std::uint16_t port() const { return shards_.front()->port(); }
    [[nodiscard]] gateway_settings const& settings() const { return settings_; }

    // True if --dev had to start its own Redis.
    [[nodiscard]] bool started_redis() const { return dev_redis_.started(); }

    // Serves until SIGINT or SIGTERM, then drains. Returns within 5 seconds of it.
    void run();

private:
    void connect_shards();
    void add_routes(shard& s);
    [[nodiscard]] std::string health() const;

    gateway_settings const settings_;
    dev_redis dev_redis_;
    std::vector<std::unique_ptr<shard>> shards_;
};

}  // namespace notify
