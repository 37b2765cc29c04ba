// SPDX-License-Identifier: MIT
//
// What the sessions of one shard share: options, time, deadlines, and the
// tables that they are in. Owned by the shard, outlives its sessions.
#pragma once

#include "base/capacity.hpp"
#include "base/tally.hpp"
#include "base/timer_wheel.hpp"
#include "protocol/frame.hpp"
#include "session/close_reason.hpp"
#include "session/engine_options.hpp"
#include "session/flush_queue.hpp"
#include "session/session_table.hpp"

#include <functional>
#include <memory>
#include <string>

namespace notify::eio {

// The application of a session layer: it gives each new session its handler.
class session_acceptor {
public:
    virtual ~session_acceptor() = default;
    [[nodiscard]] virtual std::unique_ptr<session_handler> accept(session& s) = 0;
};

struct session_context {
    // REQUIRES: limits outlive it.
    session_context(engine_options const& o, notify::capacity& limits,
                    std::function<void()> schedule_flush)
        : options{o}, capacity{limits}, flushes{std::move(schedule_flush)}
    {
    }

    engine_options const options;
    notify::capacity& capacity;
    // The shard's time, moved on with each sweep of the wheel: as exact as a
    // deadline needs, without asking a clock for each packet.
    time_ms now = 0;
    timer_wheel wheel;
    flush_queue flushes;
    session_table sessions;
    frame const ping = frame::text("2");
    tally<close_reason, close_reason_count> closed;  // sessions that have ended
    std::string newest_error;                        // of those that ended by internal_error
};

}  // namespace notify::eio
