// SPDX-License-Identifier: MIT
//
// Finds out whether a server that does not answer in TLS speaks plainly. A Redis
// without TLS takes the first words of TLS for a command that is not whole yet, and
// waits for the rest; so it is asked in plain words, on a connection of its own.
//
// Shared by its owner and by what is under way.
#pragma once

#include "base/stream.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace notify::redis {

class plain_probe : public std::enable_shared_from_this<plain_probe> {
public:
    explicit plain_probe(net::any_io_executor const& executor) : stream_{executor}, timer_{executor}
    {
    }

    // Asks after some patience, unless ended before. Calls h if it is a Redis without
    // TLS, and never from within the call. REQUIRES: called once.
    void begin(stream_address address, std::chrono::milliseconds patience, std::function<void()> h);

    // After it returns h is not called any more.
    void end();

private:
    static net::awaitable<void> ask(std::shared_ptr<plain_probe> self);

    stream stream_;
    net::steady_timer timer_;
    stream_address address_;
    std::function<void()> handler_;
};

}  // namespace notify::redis
