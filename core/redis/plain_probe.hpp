// SPDX-License-Identifier: MIT
//
// Finds out whether a server that does not answer our TLS handshake speaks plain Redis.
//
// A Redis without TLS takes the first bytes of a TLS handshake for the beginning of a command and
// waits for the rest. The connection then looks like one to a slow server, and would fail only
// after connect_within, with no hint. So after some patience the probe opens a second connection to
// the same address and sends a plain PING: an answer proves that the scheme should be `redis://`.
//
// redis_link makes one per connect over TLS and ends it as soon as the handshake is done, so that
// in normal operation no second connection is opened. Belongs to one thread. Shared ownership:
// whatever is under way keeps the probe alive, so its owner may go away at any time.
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

    // Waits for patience, then asks, unless end() comes first. Calls h once if the server is a
    // Redis without TLS; never calls it otherwise, nor before begin() has returned. A probe that
    // cannot connect, or gets no answer within its time, says nothing. REQUIRES: called once.
    void begin(stream_address address, std::chrono::milliseconds patience, std::function<void()> h);

    // Stops the probe. When it has returned, h is not called any more and is destroyed.
    void end();

private:
    static net::awaitable<void> ask(std::shared_ptr<plain_probe> self);

    stream stream_;
    net::steady_timer timer_;
    stream_address address_;
    std::function<void()> handler_;  // null once it was called, or after end()
};

}  // namespace notify::redis
