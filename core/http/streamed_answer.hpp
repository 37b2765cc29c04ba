// SPDX-License-Identifier: MIT
//
// An answer whose body comes piece by piece, as a stream of events does. Its head goes out when it
// is known that there will be a stream (begin); until then the request may still be refused
// (answer). Each piece goes out as a chunk (RFC 9112 section 7.1), or as it is to a client of
// HTTP/1.0, for which the end of the connection ends the answer.
//
// Whoever feeds the answer derives from this and is given to http_connection::defer(). All calls
// may come from anywhere on the shard's thread, also from within a fan-out to many clients: they
// never wait and call nobody back.
//
// Owned by its connection, on its shard. A client that does not read is bounded twice: no more than
// a limit of bytes is kept for it, and it has http_options::body_timeout to take some of them.
// Otherwise its connection ends, and answer_timeout is counted.
//
// on_end() is the last call. It comes after answer() or end(), after the shard stops (which ends
// the answer whole, too), or after the client has gone; never from within one of the calls here.
#pragma once

#include "http/deferred_answer.hpp"
#include "http/http_context.hpp"
#include "http/http_message.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace notify {

class streamed_answer : public deferred_answer, public listed_stream, private waiting_stream {
public:
    // Sends nothing yet. limit: bytes that may wait for the client, of head and pieces together
    // with their framing. REQUIRES: c serves a request other than HEAD, and is given this to
    // defer() to.
    streamed_answer(http_connection& c, std::size_t limit);
    ~streamed_answer() override { leave_list(); }

    // Sends the head, which must not say how long the body is. REQUIRES: nothing was sent.
    void begin(http_response head);

    // Answers with this in place of a stream. REQUIRES: nothing was sent.
    void answer(http_response whole);

    // Sends bytes, soon or as the client reads: what is appended in one turn of the event loop goes
    // out in one write (stream_flush_queue). False: the answer has ended, before this call or by
    // it because more than limit bytes would wait. Throws std::bad_alloc, and nothing of bytes is
    // sent. REQUIRES: begin() was called.
    bool append(std::string_view bytes) { return append({bytes}); }
    // The same for bytes in pieces, which go out together.
    bool append(std::initializer_list<std::string_view> pieces);

    // Ends the answer whole: what was appended is sent first. The connection may serve the next
    // request then. Ignored if the answer has ended; if it has not begun, its connection is cut.
    void end() override;

    // Cuts the connection: the client sees that the answer is not whole. Ignored if it has ended.
    void cut();

    // True until begin() or answer(), and while the connection lives.
    [[nodiscard]] bool is_silent() const { return state_ == state::silent; }
    // True between begin() and the end.
    [[nodiscard]] bool goes_on() const { return state_ == state::goes_on; }

    // Bytes that wait for the client.
    [[nodiscard]] std::size_t unsent() const;

protected:
    [[nodiscard]] http_connection& connection() const { return connection_; }

private:
    enum class state : std::uint8_t { silent, goes_on, whole, cut };

    [[nodiscard]] bool try_answer(http_connection& c) final;
    void leave_list();
    void flush() noexcept override;
    bool send_pending();

    http_connection& connection_;
    std::size_t const limit_;
    bool const is_chunked_;  // the client speaks HTTP/1.1
    state state_ = state::silent;
    std::string pending_;  // appended and not sent yet
};

}  // namespace notify
