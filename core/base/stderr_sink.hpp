// SPDX-License-Identifier: MIT
//
// Where the log's lines end: written to stderr as they are, each at once, in colour
// if it is a terminal and nobody minds. A line that cannot be written (a full disk,
// a reader that has gone, a stderr that was never open) is lost and counted.
//
// Used by one thread at a time; its counts by any.
#pragma once

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <cstdint>
#include <string_view>

namespace notify {

// The level of what is written without time and level, whatever level is set.
inline constexpr auto plain_line = spdlog::level::off;

class stderr_sink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
public:
    stderr_sink();

    [[nodiscard]] std::uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }

    // One more line is lost: it did not get this far.
    void lose() { lost_.fetch_add(1, std::memory_order_relaxed); }

    // How often it was flushed: what was logged before is written then.
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
