// SPDX-License-Identifier: MIT
//
// What the HTTP connections and WebSockets of one shard share. Owned by the
// shard; outlives all of them.
#pragma once

#include "base/capacity.hpp"
#include "base/net.hpp"
#include "base/shard_clock.hpp"
#include "base/tally.hpp"
#include "http/arrival.hpp"
#include "http/epoll_set.hpp"
#include "http/http_options.hpp"
#include "http/http_refusal.hpp"

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace notify {

class http_connection;

using auto_unlink_hook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

// Base of a socket that is about to close (lingering_close.hpp).
class lingering : public auto_unlink_hook {
public:
    virtual ~lingering() = default;
};

// What a shard does with its open HTTP connections when it stops.
class listed_connection : public auto_unlink_hook {
public:
    // Ends the connection soon, whatever it waits for.
    virtual void cancel() = 0;
    // The same, if it rests between two requests or has not finished a head. An answer
    // that is waited for, or goes on, is asked whether it ends now. REQUIRES: stopping.
    virtual void stop_if_resting() = 0;

protected:
    ~listed_connection() = default;
};

template <class T>
using unlinking_list = boost::intrusive::list<T, boost::intrusive::constant_time_size<false>>;

struct http_context {
    // REQUIRES: all but o outlive it.
    http_context(net::io_context& l, http_options const& o, shard_clock& c,
                 notify::capacity& limits)
        : loop{l},
          options{o},
          clock{c},
          capacity{limits},
          wires{l},
          scratch(64 * 1024),
          send_scratch(64 * 1024)
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
    epoll_set wires;
    std::vector<char> scratch;       // where a readable WebSocket is read into
    std::vector<char> send_scratch;  // where frames are put together for one write

    std::size_t shard = 0;
    std::size_t shard_count = 1;
    // Moves a connection to the shard of its session; may be called from this
    // shard's thread only.
    std::function<void(std::size_t shard, arrival)> hand_over;

    std::size_t open = 0;  // connections: HTTP, WebSocket, and those about to close
    tally<http_refusal, http_refusal_count> refused;
    std::string newest_bad_origin;  // why, of those; "" if there was no origin
    bool stopping = false;
    unlinking_list<listed_connection> connections;  // in HTTP
    unlinking_list<notify::lingering> lingering;
};

}  // namespace notify
