// SPDX-License-Identifier: MIT
//
// What the HTTP connections and WebSockets of one shard share: loop, clock, limits, buffers,
// counters and the lists of what is open. A connection has one reference to it instead of one to
// each.
//
// Owned by the shard (wire/engine_server) and used on its thread only, but for `capacity`, which
// all shards share. Outlives the connections, the WebSockets and the lingering sockets.
#pragma once

#include "base/capacity.hpp"
#include "base/net.hpp"
#include "base/shard_clock.hpp"
#include "base/tally.hpp"
#include "http/arrival.hpp"
#include "http/epoll_set.hpp"
#include "http/http_options.hpp"
#include "http/http_refusal.hpp"
#include "http/stream_flush_queue.hpp"

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace notify {

class http_connection;

// Takes itself out of its list when it is destroyed, whoever does that.
using auto_unlink_hook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

// A socket that is about to close (lingering_close.hpp). It owns itself; the list is there so that
// a shard that stops can end it early.
class lingering : public auto_unlink_hook {
public:
    virtual ~lingering() = default;
};

// An open HTTP connection as its shard sees it: something to end when the shard stops.
class listed_connection : public auto_unlink_hook {
public:
    // Closes the socket. The connection's coroutine ends soon after, from the loop, whatever it
    // waits for; not within this call, so a list of connections may be walked.
    virtual void cancel() = 0;
    // Does so between two requests, when the client has sent nothing of the next one.
    virtual void cancel_if_idle() = 0;
    // Does so if no request is being served: between two requests, or before the end of a head.
    // Otherwise the connection goes on to the end of its answer; a deferred answer is asked again
    // whether it can end now. REQUIRES: http_context::stopping.
    virtual void stop_if_resting() = 0;

protected:
    ~listed_connection() = default;
};

// An answer that goes on until somebody ends it (streamed_answer). It is in the list until then, so
// that a shard that hands its clients over can end one after the other.
class listed_stream : public auto_unlink_hook {
public:
    // Ends the answer whole, and takes it out of the list.
    virtual void end() = 0;

protected:
    ~listed_stream() = default;
};

template <class T>
using unlinking_list = boost::intrusive::list<T, boost::intrusive::constant_time_size<false>>;

struct http_context {
    // o is copied. Throws what epoll_set does. REQUIRES: all others outlive it.
    http_context(net::io_context& l, http_options const& o, shard_clock& c,
                 notify::capacity& limits)
        : loop{l},
          options{o},
          clock{c},
          capacity{limits},
          wires{l},
          scratch(64 * 1024),
          send_scratch(64 * 1024),
          stream_flushes{l}
    {
    }
    ~http_context()
    {
        lingering.clear_and_dispose([](notify::lingering* l) { delete l; });
    }

    net::io_context& loop;
    http_options const options;
    shard_clock& clock;
    notify::capacity& capacity;  // of the process
    epoll_set wires;             // of WebSockets and lingering sockets
    // Two buffers for all, since a shard reads or writes one socket at a time. With one in each
    // WebSocket, 64 KiB or the bookkeeping of growing ones would be the price of an idle client.
    std::vector<char> scratch;       // where a readable WebSocket is read into
    std::vector<char> send_scratch;  // where frames are put together for one write

    std::size_t shard = 0;        // the number of this one
    std::size_t shard_count = 1;  // in the process
    // Moves a connection to another shard, whose engine_server adopts it. Set before the shard
    // runs; called on this shard's thread.
    std::function<void(std::size_t shard, arrival)> hand_over;

    // Open sockets: HTTP, WebSocket, and those about to close. The shard has stopped when it is 0.
    std::size_t open = 0;
    tally<http_refusal, http_refusal_count> refused;  // requests, since the start
    // For the log: why the page that was refused last was (page_access); "" if it named no origin.
    std::string newest_bad_origin;
    // The shard hands its clients over: it takes no new session, and each answer is the last on its
    // connection, since the next one may lead to another process.
    bool draining = false;
    bool stopping = false;  // no request is served after the one under way
    [[nodiscard]] bool ends_connections() const { return draining || stopping; }
    unlinking_list<listed_connection> connections;  // in HTTP
    unlinking_list<notify::lingering> lingering;    // about to close
    unlinking_list<listed_stream> streams;          // answers that go on
    std::size_t stream_count = 0;                   // of the list
    stream_flush_queue stream_flushes;              // those that have something to send
};

}  // namespace notify
