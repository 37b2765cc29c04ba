// SPDX-License-Identifier: MIT
//
// The streams of a shard (streamed_answer) that have something to send since the last flush. Each
// is flushed once when the turn of the event loop is over: all messages of one read from Redis go
// out in one write.
//
// Belongs to one shard. A stream is linked in by a hook of its own, so entering takes no memory;
// one that is destroyed leaves by itself.
#pragma once

#include "base/net.hpp"

#include <boost/intrusive/list.hpp>

#include <utility>

namespace notify {

class waiting_stream : public boost::intrusive::list_base_hook<
                           boost::intrusive::tag<waiting_stream>,
                           boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    // Sends what waits.
    virtual void flush() noexcept = 0;

protected:
    ~waiting_stream() = default;
};

class stream_flush_queue {
public:
    // REQUIRES: loop outlives it, and runs no handler any more when this is destroyed.
    explicit stream_flush_queue(net::io_context& loop) : loop_{loop} {}

    // Has s flushed when the turn is over; at once if there is no memory for that.
    void add(waiting_stream& s) noexcept;

private:
    using hook = boost::intrusive::list_base_hook<
        boost::intrusive::tag<waiting_stream>,
        boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
    using stream_list = boost::intrusive::list<waiting_stream, boost::intrusive::base_hook<hook>,
                                               boost::intrusive::constant_time_size<false>>;

    void flush() noexcept;

    net::io_context& loop_;
    stream_list waiting_;
};

}  // namespace notify
