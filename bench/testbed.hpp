// SPDX-License-Identifier: MIT
//
// The server and the Redis of one run. They are started in a private folder, and end with this
// object.
#pragma once

#include "child_process.hpp"
#include "options.hpp"
#include "poller.hpp"
#include "usage.hpp"

#include <netinet/in.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>

namespace notify::bench {

inline constexpr char nchan_module[] = "/usr/lib/nginx/modules/ngx_nchan_module.so";

// A private folder, which is removed with its contents.
class private_folder {
public:
    private_folder();
    private_folder(private_folder const&) = delete;
    private_folder& operator=(private_folder const&) = delete;
    ~private_folder();

    [[nodiscard]] std::filesystem::path operator/(std::filesystem::path const& file) const
    {
        return path_ / file;
    }

private:
    std::filesystem::path path_;
};

class testbed {
public:
    // Returns when all answer; throws std::runtime_error if one doesn't. The server asks the web
    // app at this port of loopback whose cookies it gets; 0: there is none. Several processes of a
    // server share a port. REQUIRES: loop outlives this.
    testbed(poller& loop, contestant const& server, std::uint16_t web_app = 0,
            std::size_t processes = 1);

    // The path of Redis' unix socket.
    [[nodiscard]] std::filesystem::path redis() const { return folder_ / "redis.sock"; }
    [[nodiscard]] sockaddr_in const& server() const { return server_at_; }

    // What all processes of the server have used. Throws std::runtime_error if one has ended.
    [[nodiscard]] cpu_time cpu() const;
    [[nodiscard]] std::int64_t resident_bytes() const;

    // Runs work, and returns the time and the servers' CPU that it took.
    template <class Work>
    [[nodiscard]] effort effort_of(Work const& work) const
    {
        cpu_time const before = cpu();
        auto const begin = std::chrono::steady_clock::now();
        work();
        std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begin;
        return {took.count(), cpu() - before};
    }

private:
    void start(contestant const& server, std::uint16_t web_app, bool shares_port);
    [[nodiscard]] std::vector<std::string> nchan_command() const;
    void await(child_process& started, std::filesystem::path const& log,
               std::function<bool()> const& answers);

    poller& loop_;
    private_folder folder_;
    child_process redis_;  // before the servers, so that it ends after them
    sockaddr_in server_at_{};
    std::deque<child_process> servers_;
};

}  // namespace notify::bench
