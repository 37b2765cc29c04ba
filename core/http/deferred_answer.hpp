// SPDX-License-Identifier: MIT
//
// Who answers a request later, when there is something to say. A connection that
// waits owns one, and neither the request nor the coroutines that have served it.
#pragma once

namespace notify {

class http_connection;

class deferred_answer {
public:
    virtual ~deferred_answer() = default;

    // Begins the answer (http_connection::begin_answer), if there is one by now.
    // False: there will be more of it, and this is asked again after the connection's
    // wake(), and when the shard stops.
    [[nodiscard]] virtual bool try_answer(http_connection& c) = 0;

    // The last call. False: the client went, or does not read.
    virtual void on_end(bool is_sent) = 0;
};

}  // namespace notify
