// SPDX-License-Identifier: MIT
//
// The gateway and the Redis of one run, started for it in a private folder and
// ended after it; or running ones, which are left as they are.
#pragma once

#include "child_process.hpp"
#include "poller.hpp"
#include "testbed_options.hpp"

#include <netinet/in.h>

#include <filesystem>

namespace notify::bench {

// A folder of one's own, removed with everything in it.
class private_folder {
public:
    private_folder();
    private_folder(private_folder const&) = delete;
    private_folder& operator=(private_folder const&) = delete;
    ~private_folder();

    [[nodiscard]] std::filesystem::path const& path() const { return path_; }

private:
    std::filesystem::path path_;
};

class testbed {
public:
    // Returns when both answer; throws std::runtime_error if they don't.
    // REQUIRES: loop and options outlive this.
    testbed(poller& loop, testbed_options const& options);

    [[nodiscard]] stream_address const& redis() const { return redis_at_; }
    [[nodiscard]] sockaddr_in const& gateway() const { return gateway_at_; }
    [[nodiscard]] pid_t gateway_pid() const { return gateway_pid_; }

private:
    void start_redis();
    void start_gateway();
    [[nodiscard]] std::uint16_t announced_port() const;

    poller& loop_;
    testbed_options const& options_;
    private_folder folder_;
    child_process redis_;  // ends after the gateway
    child_process gateway_;
    stream_address redis_at_;
    sockaddr_in gateway_at_{};
    pid_t gateway_pid_ = 0;
};

}  // namespace notify::bench
