// SPDX-License-Identifier: MIT
//
// Where the log's lines end: each is written to stderr by itself, in colour if stderr is a terminal
// and NO_COLOR is unset or empty.
//
// A line that cannot be written (a full disk, a reader that has gone, a stderr that was never open)
// is lost and counted, which spdlog's own sinks do not do.
//
// Used by one thread at a time, without a lock: by the tool's own, or by that of log_queue. Its
// counts may be read, and lose() called, on any thread.
#pragma once

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <cstdint>
#include <string_view>

namespace notify {

// The level for text that is written without time and level (log_queue::say). spdlog never filters
// this one out, whatever --log-level says, and no real line has it.
inline constexpr auto plain_line = spdlog::level::off;

class stderr_sink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
public:
    stderr_sink();

    // Returns how many lines could not be written, with those of lose().
    [[nodiscard]] std::uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }

    // Counts one more line as lost: one that failed before it reached the sink.
    void lose() { lost_.fetch_add(1, std::memory_order_relaxed); }

    // Returns how often it was flushed. Lines are written at once, so a flush has nothing to do; it
    // tells log_queue that all lines before it are written.
    [[nodiscard]] std::uint64_t flushed() const { return flushed_.load(); }

private:
    void sink_it_(spdlog::details::log_msg const& msg) override;
    void flush_() override { ++flushed_; }
    void write(std::string_view line);

    bool const coloured_;
    std::atomic<std::uint64_t> lost_{0};
    std::atomic<std::uint64_t> flushed_{0};
};

}  // namespace notify
