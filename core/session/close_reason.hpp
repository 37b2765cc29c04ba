// SPDX-License-Identifier: MIT
//
// Why a session ended (docs/protocol.md, How connections end).
//
// Each end has one name, which is the same word in the log, in the counters of `/healthz` and in
// the reason of a WebSocket's Close frame. So an operator can search for what a user's browser
// shows. The code of the Close frame is chosen by wire/websocket_transport.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace notify::eio {

// The order is of no meaning, but tally and shown counters index by it: the values have no gaps,
// and close_reason_count follows them.
enum class close_reason : std::uint8_t {
    client_closed,     // the client said so
    disconnected,      // the server ended one socket; the session goes on
    transport_closed,  // a Close frame, or the end of the connection
    transport_error,   // the connection broke, or broke WebSocket's rules
    ping_timeout,      // no answer to a heartbeat
    parse_error,       // a packet that the protocol does not allow
    too_large,         // a message above max_payload
    overlapping_poll,  // a second GET or POST while one is under way
    slow_reader,       // more than max_queue waits for the client
    no_connect,        // in no namespace for connect_timeout
    no_poll,           // polling, and no request after the handshake
    upgrade_timeout,   // of an upgrade's WebSocket only; the session goes on
    unsubscribed,      // session mode: the client has missed something
    too_many,          // more namespaces than max_namespaces
    no_user,           // nobody's for too long, or left as nobody
    internal_error,    // no memory for this client, or a bug
    shutdown,          // this server ends
};

inline constexpr std::size_t close_reason_count =
    static_cast<std::size_t>(close_reason::shutdown) + 1;

// Returns the name: "client_closed".
[[nodiscard]] std::string_view name_of(close_reason reason);

// True for the ends that happen all day: tabs are closed and phones fall asleep. The log has these
// at level debug only.
[[nodiscard]] bool is_usual(close_reason reason);

}  // namespace notify::eio
