// SPDX-License-Identifier: MIT
//
// One connection to a gateway as the client sees it: Engine.IO 4, Socket.IO 5, and the events of
// the namespace /io/user/notifications (docs/protocol.md, The contract with pages).
// notification_client makes one for each connection, passes it each message of the WebSocket and
// writes what it answers. It has no socket and no clock, so that a test can try each wrong answer
// of a server with plain values, and a fuzzer with any.
//
// The conversation, without the frames of WebSocket; > is what the client sends:
//
//     < 0{"sid":"…","upgrades":[],"pingInterval":25000,"pingTimeout":20000}    opening
//     > 40/io/user/notifications,{"uuid":"…"}
//     < 40/io/user/notifications,{"sid":"…"}                                   connecting
//     < 42/io/user/notifications,["notification",{"message":"Missed"},"…"]     subscribing
//     < 42/io/user/notifications,["internal",{"code":"SUBSCRIPTION_OK",…}]     subscribing
//     < 42/io/user/notifications,["notification",{"message":"Hey"}]            subscribed
//     < 2
//     > 3
//
// On the right is the state in which the line is expected. A packet that cannot come in the state
// ends the connection. So does a server that talks but does not get on: while a state waits for a
// packet, others do not move the deadline; but what was missed, and comes before the confirmation,
// does. What later versions may add (events of another name,
// other namespaces, binary events, acknowledgements) is passed over.
//
// Belongs to one thread. Invariant: after refused or lost only take_output() may be called.
#pragma once

#include "base/json.hpp"
#include "contract/notification.hpp"
#include "protocol/websocket_frame.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
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

    // How long the server may take to greet and let us in, from the construction on; and how long
    // to confirm the subscription after that.
    static constexpr milliseconds patience{10'000};

    // What a message means for the caller. The text of refused and lost is a sentence
    // without a full stop. All text may be the server's own: to be escaped before a person sees it.
    struct decision {
        enum class kind : std::uint8_t {
            none,
            subscribed,    // the gateway listens for the user; comes again after it had lost Redis
            notification,  // it is in `told`
            missed,        // the gateway dropped a notification that was too large; text says so
            gap,           // stored notifications may be missing before the next
            refused,       // the gateway does not accept the identity; text says why
            lost,          // the connection is of no more use; text says why
        };
        kind what = kind::none;
        std::string text{};
        notification told{};
        // Where the client stands in the user's log from now on, if the gateway says so. Of a
        // notification it is in `told`.
        std::optional<position> where{};
    };

    // auth is the JSON text that CONNECT carries: the identity, as auth_of() writes it. It is a
    // secret: nothing here puts it into a decision. now is the time after the handshake.
    client_session(std::string auth, time_point now) : auth_{std::move(auth)}, due_{now + patience}
    {
    }

    // Takes one message of the WebSocket and returns what it means; `none` for what only the
    // protocol needs, such as a ping. Answers, if there are any, are in take_output() then, also
    // after refused and lost (a Close frame, RFC 6455 section 5.5.1). If the deadline has passed,
    // the message is not looked at, and the decision is that of on_silence().
    [[nodiscard]] decision on_message(ws::event const& message, time_point now);

    // When the connection is lost if no message has moved the deadline: on_message() may move it,
    // so it is asked for again before each read. Until the subscription is confirmed only being let
    // in moves it; after that each ping does.
    [[nodiscard]] time_point deadline() const { return due_; }
    // Returns `lost`, with what was waited for in vain.
    [[nodiscard]] decision on_silence() const;

    // Returns the frames that are to be sent, masked (RFC 6455 section 5.3), and forgets them.
    // Empty if there is nothing to say.
    [[nodiscard]] std::string take_output() { return std::exchange(output_, {}); }

private:
    enum class state : std::uint8_t { opening, connecting, subscribing, subscribed };

    decision on_engine_packet(std::string_view text, time_point now);
    decision on_open(std::string_view handshake);
    decision on_ping(std::string_view data, time_point now);
    decision on_socket_packet(std::string_view text, time_point now);
    decision on_event(sio::packet const& packet, time_point now);
    decision on_internal(json const& event, time_point now);
    decision on_close(ws::event const& message);
    void send(ws::opcode op, std::string_view payload);
    void send_close(std::uint16_t code);

    std::string auth_;
    std::string output_;  // frames that take_output() has not taken yet
    state state_ = state::opening;
    milliseconds heartbeat_{0};  // pingInterval + pingTimeout of the greeting; 0 before it
    time_point due_;             // see deadline()
};

}  // namespace notify
