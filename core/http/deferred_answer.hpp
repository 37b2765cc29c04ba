// SPDX-License-Identifier: MIT
//
// An answer that is given later, when there is something to say: that of a long-polling GET
// (wire/polling_service), or a streamed_answer.
//
// A service that has nothing to say yet does not wait in its coroutine. It gives one of these to
// http_connection::defer() and returns; its coroutine frames and the request are freed. What a
// waiting connection keeps is this object: 3.0 KB for each instead of 4.5.
//
// Owned by its connection, on its shard, and destroyed after on_end(). It may also be destroyed
// without that call, when memory fails or the shard is torn down.
#pragma once

namespace notify {

class http_connection;

class deferred_answer {
public:
    virtual ~deferred_answer() = default;

    // Called when the service has returned, after each wake() of the connection, and when the shard
    // stops. Returns true if the answer has begun (http_connection::begin_answer) and is complete;
    // the connection then sends what is left of it. Returns false to be asked again. May be called
    // though there is nothing new, for instance when the client has sent its next request.
    [[nodiscard]] virtual bool try_answer(http_connection& c) = 0;

    // The last call. is_sent: the kernel took the whole answer, which does not mean that the client
    // has read it. False: the client went, or does not read, or sent too much meanwhile.
    virtual void on_end(bool is_sent) = 0;
};

}  // namespace notify
