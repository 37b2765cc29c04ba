// SPDX-License-Identifier: MIT
//
// The sessions of a shard that have something to send since the last flush.
// Whatever a turn of the loop queues for a session goes out in one
// write at its end: the messages of one read from Redis, the answers to one
// read from a client.
//
// Belongs to one shard. To be queued takes no memory, so that it cannot fail:
// a session that ends before its turn leaves the queue by itself.
#pragma once

#include "session/session.hpp"

#include <boost/intrusive/list.hpp>

#include <functional>
#include <utility>

namespace notify::eio {

class flush_queue {
public:
    // schedule is called when the queue stops being empty; it should have flush()
    // called once the current turn is over. If it throws, the next sweep flushes.
    explicit flush_queue(std::function<void()> schedule) : schedule_{std::move(schedule)} {}

    void add(session& s) noexcept;
    void flush();

private:
    using session_list = boost::intrusive::list<session, boost::intrusive::base_hook<flush_hook>,
                                                boost::intrusive::constant_time_size<false>>;

    std::function<void()> schedule_;
    session_list waiting_;
};

}  // namespace notify::eio
