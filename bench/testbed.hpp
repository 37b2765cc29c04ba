// SPDX-License-Identifier: MIT
//
// The server and the Redis of one run, started for it in a private folder and
// ended after it; or running ones, which are left as they are.
#pragma once

#include "child_process.hpp"
#include "poller.hpp"
#include "process_usage.hpp"
#include "testbed_options.hpp"

#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

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
    // Returns when both answer; throws std::runtime_error if they don't. With a
    // web app at a port of loopback the server asks there whose cookies it gets;
    // of several processes all have the same port.
    // REQUIRES: loop and options outlive this.
    testbed(poller& loop, testbed_options const& options, contestant const& server,
            std::uint16_t web_app = 0, std::size_t processes = 1);

    [[nodiscard]] stream_address const& redis() const { return redis_at_; }
    [[nodiscard]] sockaddr_in const& server() const { return server_at_; }

    // The server is nchan, which has its own ways (nchan.hpp).
    [[nodiscard]] bool is_nchan() const { return is_nchan_; }

    // What all processes of the server use. Throws std::runtime_error if one is gone.
    [[nodiscard]] cpu_time cpu() const;
    [[nodiscard]] std::int64_t resident_bytes() const;

private:
    void start_redis();
    void start_server(contestant const& server, std::uint16_t web_app, bool shares_port);
    void start_nchan();
    [[nodiscard]] std::uint16_t await_port(child_process& server, std::filesystem::path const& log);

    poller& loop_;
    testbed_options const& options_;
    private_folder folder_;
    child_process redis_;  // ends after the servers
    std::vector<child_process> servers_;
    stream_address redis_at_;
    bool is_nchan_ = false;
    sockaddr_in server_at_{};
    std::vector<pid_t> server_pids_;
};

}  // namespace notify::bench
