// SPDX-License-Identifier: MIT
//
// notify-bench-floor: the least work that can deliver notifications from Redis to Socket.IO clients
// over WebSocket, with one thread and one epoll set. What notify-gateway costs more is the price of
// its promises.
//
// It is no product: it has no limits, no timeouts, no escapes (texts are sent as they came), ids
// that can be guessed, no polling, no recovery, and no defence against clients that violate the
// protocol.
#pragma once

#include "base/unique_fd.hpp"
#include "floor_batch.hpp"
#include "floor_channels.hpp"
#include "floor_clients.hpp"
#include "floor_redis.hpp"

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace notify::bench {

class floor_server {
public:
    // redis: the path of its unix socket. port: a port of loopback, which other floors may share.
    // Throws std::system_error if a socket cannot be made or connected.
    floor_server(std::string const& redis, std::uint16_t port);

    // Never returns; throws if Redis is lost.
    [[noreturn]] void run();

private:
    using state = floor_client::state;

    void watch(int fd);
    void on_ready(int fd, std::uint32_t events);
    void accept_all();
    void close(int fd);
    void ping_some();

    void read(int fd);
    [[nodiscard]] std::span<char> take(int fd, std::span<char> bytes);
    void upgrade(int fd, std::string_view head);
    void take_packet(int fd, std::string_view packet);

    void on_reply(resp3_reply const& r);
    void on_answer(std::string_view value);
    void on_confirmed(std::string_view user);
    void join(int fd, std::string_view user);
    void leave(int fd);

    void send_text(int fd, std::string_view packet);
    void send_to_all(floor_channels::index channel, std::string_view bytes);
    void flush_batch();

    unique_fd epoll_;
    unique_fd listener_;
    unique_fd timer_;
    floor_redis redis_;
    floor_clients clients_;
    floor_channels channels_;
    floor_batch batch_;
    std::deque<int> askers_;  // clients in the order of their GETDELs; -1: one has left since
    std::vector<char> scratch_ = std::vector<char>(64 * 1024);
    std::string out_;  // buffer for what is sent
    unsigned last_sid_ = 0;
    int slice_ = 0;  // the next slice of descriptors to be pinged
};

}  // namespace notify::bench
