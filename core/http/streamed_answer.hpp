// SPDX-License-Identifier: MIT
//
// An answer that goes on: its head goes out at once, its body as it comes, in chunks
// (RFC 9112 section 7.1), or until the connection closes for a client of HTTP/1.0. Whoever
// feeds it derives from this and gives it to http_connection::defer().
//
// Owned by its connection, on its shard. What the kernel does not take at once is kept up
// to a limit, and each piece of it has http_options::body_timeout to be read: a client that
// does not keep up loses its connection. It ends by end(), by a stop of the shard (whole, as
// by end()), or by the client; on_end() is the last call in each case, and never comes from
// within a call of append() or end().
#pragma once

#include "http/deferred_answer.hpp"
#include "http/http_message.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace notify {

class streamed_answer : public deferred_answer {
public:
    // Sends the head. REQUIRES: c serves a request that is no HEAD; it is deferred to this.
    streamed_answer(http_connection& c, http_response head, std::size_t limit);

    // Sends more, if there is any. False: the answer is over. It was before, or more than limit
    // bytes wait to be read now, and then the connection ends.
    bool append(std::string_view bytes);

    // Ends it whole, once what was appended is read.
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
