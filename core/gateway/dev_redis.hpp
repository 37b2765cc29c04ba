// SPDX-License-Identifier: MIT
//
// A Redis of the gateway's own, for --dev: a redis-server that keeps nothing on
// disk, in a private folder, at the address where one was expected. It ends with
// the gateway, whatever ends that.
#pragma once

#include "redis/redis_options.hpp"

#include <sys/types.h>

#include <filesystem>

namespace notify {

class dev_redis {
public:
    dev_redis() = default;
    dev_redis(dev_redis const&) = delete;
    dev_redis& operator=(dev_redis const&) = delete;
    ~dev_redis();  // ends what was started

    // Starts one if nothing answers at that address, and returns when it answers.
    // Throws std::runtime_error if it cannot be started, or the address is not
    // on this machine.
    void start_if_missing(redis::redis_options const& options);

    [[nodiscard]] bool started() const { return process_ > 0; }

private:
    pid_t process_ = -1;
    std::filesystem::path folder_;
};

}  // namespace notify
