// SPDX-License-Identifier: MIT
//
// A client's WebSocket over a stream: the one place in this room that does IO.
//
// Used by one thread and by one coroutine at a time: it reads, answers, reads
// again. Lifetime: must outlive what was begun on it.
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

    // A longer message ends the connection; memory stays bounded whatever a server does.
    static constexpr std::size_t max_message = 16 * 1024 * 1024;

    explicit websocket_stream(net::any_io_executor const& executor) : stream_{executor} {}

    // Connects and shakes hands; whatever was open before is gone. cookie is the
    // value of a Cookie header, or empty. The error is a sentence.
    net::awaitable<result<void>> open(gateway_url url, std::string cookie, clock::time_point until);

    // Waits for the next message, control frames included. Its payload is valid
    // until the next call. After an error, or a message of kind close or error,
    // the stream is of no use until open().
    net::awaitable<result<ws::event>> read(clock::time_point until);

    // Sends whole frames, masked already; none is fine. REQUIRES: open() succeeded.
    net::awaitable<result<void>> write(std::string frames, clock::time_point until);

    // Ends what is under way, open() included.
    void close() { stream_.close(); }

private:
    net::awaitable<result<void>> shake_hands(gateway_url url, std::string cookie,
                                             clock::time_point until);

    stream stream_;
    ws::frame_reader frames_;
    std::array<char, 16 * 1024> buffer_;
    std::span<char> input_;  // what of buffer_ is still to be read
    std::string leftover_;   // frames that came with the head of the answer
};

}  // namespace notify
