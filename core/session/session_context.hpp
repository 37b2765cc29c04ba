// SPDX-License-Identifier: MIT
//
// What the sessions of one shard share: options, time, deadlines, and the
// tables that they are in. Owned by the shard, outlives its sessions.
#pragma once

#include "base/capacity.hpp"
#include "base/shard_clock.hpp"
#include "base/tally.hpp"
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
    // REQUIRES: limits and c outlive it.
    session_context(engine_options const& o, notify::capacity& limits, shard_clock& c,
                    std::function<void()> schedule_flush)
        : options{o}, capacity{limits}, clock{c}, flushes{std::move(schedule_flush)}
    {
    }

    engine_options const options;
    notify::capacity& capacity;
    shard_clock& clock;
    flush_queue flushes;
    session_table sessions;
    frame const ping = frame::text("2");
    tally<close_reason, close_reason_count> closed;  // sessions that have ended
    std::string newest_error;                        // of those that ended by internal_error
};

}  // namespace notify::eio
