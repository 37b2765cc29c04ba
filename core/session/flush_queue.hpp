// SPDX-License-Identifier: MIT
//
// The sessions of a shard that have something to send since the last flush.
// Whatever a turn of the loop queues for a session goes out in one gathered
// write at its end: the messages of one read from Redis, the answers to one
// read from a client.
//
// Belongs to one shard.
#pragma once

#include "session/session.hpp"

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <functional>
#include <utility>
#include <vector>

namespace notify::eio {

class flush_queue {
public:
    // schedule is called when the queue stops being empty; it must have flush()
    // called once the current turn is over.
    explicit flush_queue(std::function<void()> schedule) : schedule_{std::move(schedule)} {}

    void add(session& s);
    void flush();

private:
    std::function<void()> schedule_;
    std::vector<boost::intrusive_ptr<session>> waiting_;
    std::vector<boost::intrusive_ptr<session>> flushing_;  // kept for its capacity
};

}  // namespace notify::eio
