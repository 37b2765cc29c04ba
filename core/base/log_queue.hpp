// SPDX-License-Identifier: MIT
//
// A log whose writers never wait for its reader.
//
// Lines go into a bounded queue, and a thread of its own writes them to stderr. If stderr does not
// take them (a stopped terminal, a collector that hangs), the oldest lines are dropped and counted.
// A shard that wrote to stderr itself would stand still instead, with all of its clients.
//
// notify-gateway has one; the other tools log straight to a stderr_sink. There may be one at a
// time. main() makes it before other threads begin and destroys it after they have ended.
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
    // From now on spdlog's default logger queues its lines, at the level that it had. name: the
    // logger's. lines: how many fit into the queue; each takes about 0.4 KB, allocated here.
    explicit log_queue(std::string name, std::size_t lines = 2'048);
    log_queue(log_queue const&) = delete;
    log_queue& operator=(log_queue const&) = delete;
    // Waits a second at most until what is queued is written, and drops the rest. From then on
    // lines are written at once, by whoever logs them.
    ~log_queue();

    // Writes text as it is, without time and level, such as the banner at the start; its line feeds
    // are in it. It goes through the queue, so that it stands in order among the lines.
    void say(std::string_view text);

    // Returns how many lines were dropped or could not be written so far. May be called on any
    // thread. The gateway reports it (`log_lines_lost` in /healthz).
    [[nodiscard]] std::uint64_t lost() const;

private:
    using pool = spdlog::details::thread_pool;

    // Waits until all that is queued now is written. False if that takes longer than `within`.
    [[nodiscard]] bool drain(std::chrono::milliseconds within);

    std::string const name_;
    std::shared_ptr<stderr_sink> const sink_;
    std::shared_ptr<pool> pool_;
};

}  // namespace notify
