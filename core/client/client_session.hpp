// SPDX-License-Identifier: MIT
//
// One connection to a gateway, seen from the client: Engine.IO 4, Socket.IO 5 and
// the events of the namespace /io/user/notifications on top. WebSocket messages
// in, decisions out; no socket and no clock, time is an argument.
//
// The road: the server greets (open), we ask for the namespace and say who we
// are, the server lets us in (connect), finds the user and confirms the
// subscription (the event "internal"); then notifications come.
//
// Invariant: after refused or lost it must not be called again, except for
// take_output().
#pragma once

#include "protocol/websocket_frame.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace notify {

namespace sio {
struct packet;
}

class client_session {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using milliseconds = std::chrono::milliseconds;

    // How long the greeting may take, and then the confirmation.
    static constexpr milliseconds patience{10'000};

    struct decision {
        enum class kind : std::uint8_t {
            none,
            subscribed,    // confirmed by the gateway; again, after it had lost Redis
            notification,  // text is the message
            missed,        // a notification, which was too large; text says so
            refused,       // the gateway does not accept who we are; text says why
            lost,          // the connection is of no more use; text says why
        };
        kind what = kind::none;
        std::string text{};
    };

    // auth is the JSON object that CONNECT carries: who we are.
    client_session(std::string auth, time_point now) : auth_{std::move(auth)}, due_{now + patience}
    {
    }

    // Takes one message of the WebSocket.
    [[nodiscard]] decision on_message(ws::event const& message, time_point now);

    // If nothing has come until then, the connection is lost; on_silence() says why.
    [[nodiscard]] time_point deadline() const { return due_; }
    [[nodiscard]] decision on_silence() const;

    // Returns the frames that are to be sent, and forgets them.
    [[nodiscard]] std::string take_output() { return std::exchange(output_, {}); }

private:
    enum class state : std::uint8_t { opening, connecting, subscribing, subscribed };

    decision on_engine_packet(std::string_view text, time_point now);
    decision on_open(std::string_view handshake);
    decision on_ping(std::string_view data, time_point now);
    decision on_socket_packet(std::string_view text, time_point now);
    decision on_event(sio::packet const& packet, time_point now);
    decision on_close(ws::event const& message);
    void send(ws::opcode op, std::string_view payload);
    void send_close(std::uint16_t code);

    std::string auth_;
    std::string output_;
    state state_ = state::opening;
    milliseconds heartbeat_{0};  // the longest pause between two pings of the server
    time_point due_;
};

}  // namespace notify
