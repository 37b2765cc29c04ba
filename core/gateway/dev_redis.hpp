// SPDX-License-Identifier: MIT
//
// A Redis of the gateway's own, for `--dev`: a redis-server that keeps nothing on disk, in a
// private folder, at the address where one was expected. So `notify-gateway --dev` works on a
// machine where redis-server is installed and not running.
//
// It ends with the gateway, whatever ends that: the destructor stops it, and if the gateway is
// killed, the kernel does. Used by the main thread, before the shards start and after they have
// ended; every call may block.
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
    // Ends what was started, waits for that, and removes the folder.
    ~dev_redis();

    // Starts a redis-server if nothing answers at that address, and returns when it answers, or
    // throws after some 5 seconds. Throws std::runtime_error, with a sentence, if it cannot be
    // started or the address is not on this machine. REQUIRES: called once.
    void start_if_missing(redis::redis_options const& options);

    // True if it runs a redis-server.
    [[nodiscard]] bool started() const { return process_ > 0; }

private:
    pid_t process_ = -1;
    std::filesystem::path folder_;
};

}  // namespace notify
