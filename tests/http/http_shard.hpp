// SPDX-License-Identifier: MIT
//
// One shard's HTTP in memory: its clock is the test's, and a client is the other end of
// a socket pair. Nothing happens but in run() and pass().
#pragma once

#include "base/capacity.hpp"
#include "base/shard_clock.hpp"
#include "http/http_connection.hpp"
#include "http/http_context.hpp"
#include "http/router.hpp"
#include "http/socket_pair.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

namespace notify {

class http_shard {
public:
    explicit http_shard(http_options const& options = {}, capacity_limits const& limits = {})
        : limits_{limits}, context{loop_, options, clock_, limits_}
    {
    }
    ~http_shard()
    {
        for (listed_connection& c : context.connections) c.cancel();
        run();
    }

    // Does what can be done without waiting.
    void run()
    {
        loop_.restart();
        loop_.poll();
    }

    void pass(milliseconds time)
    {
        clock_.advance(clock_.after(time));
        run();
    }

private:
    friend class http_peer;

    net::io_context loop_;
    shard_clock clock_;
    capacity limits_;

public:
    http_context context;
    router routes;
};

// A client with a connection of its own: as a guest if the shard is full.
class http_peer {
public:
    explicit http_peer(http_shard& at) : at_{at}
    {
        socket_pair pair;
        quota_share place{at.limits_.connections};
        if (!place) place = quota_share{at.limits_.guests};
        http_connection::begin(at.context, at.routes,
                               {std::move(pair.ours), std::move(place), {}, nullptr, {}, {}});
        socket_ = std::move(pair.theirs);
        at_.run();
    }

    void say(std::string_view bytes)
    {
        REQUIRE(::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(bytes.size()));
        at_.run();
    }

    // All that has come since the last time.
    [[nodiscard]] std::string heard()
    {
        std::string all;
        std::array<char, 4096> space;
        at_.run();
        for (;;) {
            ssize_t const n = ::recv(socket_.get(), space.data(), space.size(), MSG_DONTWAIT);
            if (n <= 0) {
                is_over_ = n == 0 || errno == ECONNRESET;
                return all;
            }
            all.append(space.data(), static_cast<std::size_t>(n));
            at_.run();
        }
    }

    // Whether the shard has ended the connection, as far as it was heard().
    [[nodiscard]] bool is_over() const { return is_over_; }

    void go()
    {
        socket_ = unique_fd{};
        at_.run();
    }

private:
    http_shard& at_;
    unique_fd socket_;
    bool is_over_ = false;
};

}  // namespace notify
