// SPDX-License-Identifier: MIT
//
// Commands to Redis, as many at a time as one likes, on the bench's own loop.
// Whatever goes wrong is thrown out of poller::run(): without Redis there is
// nothing to measure.
#pragma once

#include "base/stream.hpp"
#include "poller.hpp"
#include "redis/resp.hpp"
#include "send_buffer.hpp"

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace notify::bench {

class redis_pipe final : poller::watcher {
public:
    using handler = std::function<void(redis::reply_view)>;

    // Throws std::runtime_error if Redis cannot be reached. REQUIRES: loop
    // outlives this.
    redis_pipe(poller& loop, stream_address const& at);
    redis_pipe(redis_pipe const&) = delete;
    redis_pipe& operator=(redis_pipe const&) = delete;
    ~redis_pipe();

    // Called with each reply that is no error.
    void on_reply(handler h) { on_reply_ = std::move(h); }

    // Queues a command; flush() sends what is queued.
    void send(std::initializer_list<std::string_view> args);
    void flush() { out_.flush(); }

    // Sends what is queued and works until all replies are here.
    void finish(poller::milliseconds within);

    // Commands whose reply has not come.
    [[nodiscard]] std::size_t due() const { return due_; }

private:
    void on_ready(std::uint32_t events) override;
    void read();

    poller& loop_;
    unique_fd socket_;
    redis::reply_reader reader_;
    handler on_reply_;
    send_buffer out_{loop_, socket_.get(), *this};
    std::size_t due_ = 0;
    std::vector<char> scratch_;
};

}  // namespace notify::bench
