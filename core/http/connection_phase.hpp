// SPDX-License-Identifier: MIT
//
// What an HTTP connection is doing, how long that may take, and what is wrong when it
// takes longer. Plain values: the connection has the clock.
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
    reading_head,  //
    serving,       // the service of the path has the request
    reading_body,  // for that service
    waiting,       // for something to answer with (deferred_answer.hpp)
    woken,         // from waiting: there may be something
    writing,       // what of an answer the kernel did not take at once
};

// True before there is a request: nobody misses a connection that ends now.
[[nodiscard]] bool is_before_request(connection_phase p);

// How long a phase may last; nothing if that is not for the connection to say.
// is_guest: the connection has no place of its own (capacity.hpp).
[[nodiscard]] std::optional<milliseconds> time_for(connection_phase p, http_options const& o,
                                                   bool is_guest);

// Why a connection ends whose phase took longer. Nothing: it ends without a word, as it
// has said none itself. REQUIRES: time_for() has a value.
[[nodiscard]] std::optional<http_refusal> reason_when_late(connection_phase p, bool is_guest);

}  // namespace notify
