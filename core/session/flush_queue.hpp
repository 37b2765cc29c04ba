// SPDX-License-Identifier: MIT
//
// The sessions of a shard that have something to send since the last flush.
//
// session::send() only queues; the session enters this queue and is flushed once, however much was
// queued: one write for all messages of one read from Redis, or for all answers to one read from a
// client. This is also what makes a fan-out safe: a session that must end enters the queue too, and
// is closed here, not while the hub walks its lists.
//
// The shard flushes after each read from Redis and when a turn of the event loop is over.
//
// Belongs to one shard. A session is linked in by a hook of its own, so entering takes no memory
// and cannot fail; a session that is destroyed first leaves by itself.
#pragma once

#include "session/session.hpp"

#include <boost/intrusive/list.hpp>

#include <functional>
#include <utility>

namespace notify::eio {

class flush_queue {
public:
    // schedule is called when the queue has become non-empty. It should have flush() called when
    // the current turn is over, and not call it itself. It may throw for want of memory: then
    // flush() is called with the next tick of the shard's clock, which flushes in any case.
    explicit flush_queue(std::function<void()> schedule) : schedule_{std::move(schedule)} {}

    // Puts s at the end of the queue, unless it is in it.
    void add(session& s) noexcept;
    // Flushes each session that is in the queue now. A failure of one ends that session only. What
    // the flushes queue in turn waits for the next flush.
    void flush();

private:
    using session_list = boost::intrusive::list<session, boost::intrusive::base_hook<flush_hook>,
                                                boost::intrusive::constant_time_size<false>>;

    std::function<void()> schedule_;
    session_list waiting_;
};

}  // namespace notify::eio
