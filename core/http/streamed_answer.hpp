// SPDX-License-Identifier: MIT
//
// An answer whose body comes piece by piece, as a stream of events does. The head goes out at once.
// Each piece goes out as a chunk (RFC 9112 section 7.1), or as it is to a client of HTTP/1.0, for
// which the end of the connection ends the answer.
//
// Whoever feeds the answer derives from this and is given to http_connection::defer(). append() and
// end() may be called from anywhere on the shard's thread, also from within a fan-out to many
// clients: they never wait and call nobody back.
//
// Owned by its connection, on its shard. A client that does not read is bounded twice: no more than
// a limit of bytes is kept for it, and it has http_options::body_timeout to take some of them.
// Otherwise its connection ends, and answer_timeout is counted.
//
// on_end() is the last call. It comes after end(), after the shard stops (which ends the answer
// whole, too), or after the client has gone; never from within append() or end().
#pragma once

#include "http/deferred_answer.hpp"
#include "http/http_message.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace notify {

class streamed_answer : public deferred_answer {
public:
    // Sends the head, which must not say how long the body is. limit: bytes that may wait for the
    // client, of head and pieces together with their framing.
    // REQUIRES: c serves a request other than HEAD, and is given this to defer() to.
    streamed_answer(http_connection& c, http_response head, std::size_t limit);

    // Sends bytes, now or as the client reads. False: the answer has ended, before this call or by
    // it because more than limit bytes would wait. Throws std::bad_alloc, and nothing of bytes is
    // sent.
    bool append(std::string_view bytes);

    // Ends the answer whole: what was appended is sent first. The connection may serve the next
    // request then. Ignored if the answer has ended.
    void end();

private:
    // cut: the connection was cancelled, and the client sees that the answer is not whole.
    enum class state : std::uint8_t { goes_on, whole, cut };

    [[nodiscard]] bool try_answer(http_connection& c) final;

    http_connection& connection_;
    std::size_t const limit_;
    bool const is_chunked_;  // the client speaks HTTP/1.1
    state state_ = state::goes_on;
};

}  // namespace notify
