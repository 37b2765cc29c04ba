// SPDX-License-Identifier: MIT
//
// An answer whose body comes piece by piece. The head goes out at once; each piece goes
// out as a chunk (RFC 9112 section 7.1), or as it is to a client of HTTP/1.0, for which the
// end of the connection ends the answer. Whoever feeds it derives from it and is given to
// http_connection::defer().
//
// Owned by its connection, on its shard. A client that does not read is bounded twice: no
// more than a limit of bytes is kept for it, and it has http_options::body_timeout to take
// some of them. Otherwise its connection ends.
//
// on_end() is the last call. It comes after end(), after the shard stops (which ends the
// answer whole, too), or after the client has gone; never from within append() or end().
#pragma once

#include "http/deferred_answer.hpp"
#include "http/http_message.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace notify {

class streamed_answer : public deferred_answer {
public:
    // Sends the head, which must not say how long the body is.
    // REQUIRES: c serves a request other than HEAD, and is given this to defer() to.
    streamed_answer(http_connection& c, http_response head, std::size_t limit);

    // Sends bytes, now or as the client reads. False: the answer has ended, before or by
    // this call, which made more than limit bytes wait.
    bool append(std::string_view bytes);

    // Ends the answer whole: what was appended is sent first.
    void end();

private:
    enum class state : std::uint8_t { goes_on, whole, cut };

    [[nodiscard]] bool try_answer(http_connection& c) final;

    http_connection& connection_;
    std::size_t const limit_;
    bool const is_chunked_;
    state state_ = state::goes_on;
};

}  // namespace notify
