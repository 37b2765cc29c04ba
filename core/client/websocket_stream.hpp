// SPDX-License-Identifier: MIT
//
// A client's WebSocket (RFC 6455) over a stream: the only place in this room that does IO.
// notification_client keeps one for its whole life and opens it anew for each connection. What a
// message means, also a ping or a close, is client_session's business; this answers nothing.
//
// Each operation has a deadline. When it passes, the socket is closed: after half a TLS record or
// half a frame has been written, the connection could not be used anyway.
//
// Used by one thread, and by one coroutine at a time: reads and writes take turns. Lifetime: must
// outlive what was begun on it.
#pragma once

#include "base/result.hpp"
#include "base/stream.hpp"
#include "client/gateway_url.hpp"
#include "protocol/websocket_frame.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <string>

namespace notify {

class websocket_stream {
public:
    using clock = stream::clock;

    // In bytes. A longer message is an event of kind error as soon as a header announces it, so
    // that memory stays bounded whatever a server does. A notification is far smaller: the gateway
    // delivers none above its --max-message, by default 1 MiB.
    static constexpr std::size_t max_message = 16 * 1024 * 1024;

    explicit websocket_stream(net::any_io_executor const& executor) : stream_{executor} {}

    // Connects and shakes hands. Whatever was open before is closed, and what was left of it is
    // forgotten. cookie is the value of a Cookie header, or empty; REQUIRES: no control characters.
    // The error is a sentence, and nothing is open then.
    net::awaitable<result<void>> open(gateway_url url, std::string cookie, clock::time_point until);

    // Waits for the next message, control frames included, and never returns need_more. Its payload
    // is a view into a buffer of this, valid until the next call of read() or open(). After an
    // error the stream is of no use until open(). After an event of kind close or error it is so
    // too, but for a write() of the Close frame that answers. REQUIRES: open() has succeeded.
    net::awaitable<result<ws::event>> read(clock::time_point until);

    // Sends whole frames, masked already; none is fine. REQUIRES: open() has succeeded.
    net::awaitable<result<void>> write(std::string frames, clock::time_point until);

    // Ends what is under way, open() included, with an error. Sends no Close frame.
    void close() { stream_.close(); }

private:
    net::awaitable<result<void>> shake_hands(gateway_url url, std::string cookie,
                                             clock::time_point until);

    stream stream_;
    ws::frame_reader frames_;  // of this connection; open() replaces it
    std::array<char, 16 * 1024> buffer_;
    std::span<char> input_;  // bytes that frames_ has not taken yet: of leftover_, then of buffer_
    std::string leftover_;   // frames that came in one packet with the head of the response
};

}  // namespace notify
