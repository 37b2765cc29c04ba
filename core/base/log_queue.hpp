// SPDX-License-Identifier: MIT
//
// A log that nobody waits for: lines go into a bounded queue, and a thread of its
// own writes them to stderr. Where that thread cannot keep up (a stopped terminal, a
// collector that hangs) the oldest lines are dropped and counted.
//
// One at a time; made by main() before other threads begin.
#pragma once

#include "base/stderr_sink.hpp"

#include <spdlog/async.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace notify {

class log_queue {
public:
    // From now on spdlog's default logger queues. A line takes about 0.4 KB in the queue.
    explicit log_queue(std::string name, std::size_t lines = 2'048);
    log_queue(log_queue const&) = delete;
    log_queue& operator=(log_queue const&) = delete;
    // Waits a second at most for what is queued to be written, and leaves the rest unsaid.
    ~log_queue();

    // Says something to people, without time and level; line feeds included.
    void say(std::string_view text);

    // Lines that were dropped or could not be written, so far. From any thread.
    [[nodiscard]] std::uint64_t lost() const;

private:
    using pool = spdlog::details::thread_pool;

    [[nodiscard]] bool drain(std::chrono::milliseconds within);

    std::string const name_;
    std::shared_ptr<stderr_sink> const sink_;
    std::shared_ptr<pool> pool_;
};

}  // namespace notify
