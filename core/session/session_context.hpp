// SPDX-License-Identifier: MIT
//
// What the sessions of one shard share: options, clock, limits, the table that owns them, the queue
// of those to be flushed, and the counters of how they ended.
//
// A session refers to it instead of holding pointers to each: one word per session. Owned by the
// shard (wire/engine_server), which uses it on its thread; outlives its sessions.
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

// What decides what a session is for: it gives each new session its handler. In the gateway these
// are the offered namespaces of Socket.IO (socketio/offered_namespaces); tests have simpler ones.
class session_acceptor {
public:
    virtual ~session_acceptor() = default;
    // Returns the handler of s, which the session will own. s has not started yet: nothing may be
    // sent before on_open(). Throws std::bad_alloc.
    [[nodiscard]] virtual std::unique_ptr<session_handler> accept(session& s) = 0;
};

struct session_context {
    // REQUIRES: limits and c outlive it. schedule_flush: see flush_queue.
    session_context(engine_options const& o, notify::capacity& limits, shard_clock& c,
                    std::function<void()> schedule_flush)
        : options{o}, capacity{limits}, clock{c}, flushes{std::move(schedule_flush)}
    {
    }

    engine_options const options;
    notify::capacity& capacity;  // of the process, shared with the other shards
    shard_clock& clock;
    flush_queue flushes;                             // sessions with something to send
    session_table sessions;                          // all that are open; owns them
    frame const ping = frame::text("2");             // one for all: a heartbeat allocates nothing
    tally<close_reason, close_reason_count> closed;  // sessions that have ended
    std::string newest_error;                        // of the latest that ended by internal_error
};

}  // namespace notify::eio
