// SPDX-License-Identifier: MIT
//
// What an HTTP connection is doing, how long that may take, and what is wrong when it takes longer.
//
// A connection is in exactly one phase. http_connection enters a phase, and arms one timer for it.
// A deadline is for a whole phase and not for each read: a client that sends a byte now and then
// (Slowloris) has no more time than any other.
//
// Plain values and pure functions; the connection has the clock. So all deadlines can be tested
// without a socket, and stand in one place.
#pragma once

#include "base/timer_wheel.hpp"
#include "http/http_options.hpp"
#include "http/http_refusal.hpp"

#include <cstdint>
#include <optional>

namespace notify {

enum class connection_phase : std::uint8_t {
    silent,        // accepted, and not a byte has come
    resting,       // between two requests
    reading_head,  // from the first byte to the end of the headers
    serving,       // the service of the path has the request
    reading_body,  // for that service
    waiting,       // for something to answer with (deferred_answer.hpp), as a long-polling GET does
    woken,         // wake() was called while waiting: there may be something now
    writing,       // the part of an answer that the kernel did not take at once
};

// True if no request has been read. Nobody waits for an answer then, so a shard that stops may end
// the connection at once.
[[nodiscard]] bool is_before_request(connection_phase p);

// Returns how long a phase may last. Nothing if its length is not the client's doing: a service may
// take its time (it has deadlines of its own), and a GET may wait as long as there is nothing to
// say. is_guest: the connection came above --max-connections (base/capacity) and has to be quick.
[[nodiscard]] std::optional<milliseconds> time_for(connection_phase p, http_options const& o,
                                                   bool is_guest);

// Returns the refusal that is counted, and told to the client, when a phase took too long. Nothing:
// the client has not begun a request, so the connection is closed without a word. An answer nobody
// asked for could be taken for that to the request which crosses it on the way. A guest is told in
// any case that the gateway is full. REQUIRES: time_for() has a value.
[[nodiscard]] std::optional<http_refusal> reason_when_late(connection_phase p, bool is_guest);

}  // namespace notify
