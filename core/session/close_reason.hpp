// SPDX-License-Identifier: MIT
//
// Why a session ended. The name is the same word in the log, in the counters
// and, where one can be sent, to the client.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace notify::eio {

enum class close_reason : std::uint8_t {
    client_closed,     // the client said so
    disconnected,      // the server ended a socket; the session may go on
    transport_closed,  // the wire ended
    transport_error,   // the wire broke, or broke its protocol
    ping_timeout,      // no answer to a heartbeat
    parse_error,       // a packet that is not one
    too_large,         // a message beyond the limit
    overlapping_poll,  // a second GET or POST while one is under way
    slow_reader,       // more queued than the client reads
    no_connect,        // no namespace joined in time
    no_poll,           // a session over polling that nobody asked for after its handshake
    upgrade_timeout,   // the probe of an upgrade did not end in time
    unsubscribed,      // the application could not subscribe to what it needs
    too_many,          // namespaces beyond the limit
    no_user,           // connected, but nobody's for too long
    internal_error,    // this server could not go on with it: no memory, or a bug
    shutdown,          // this server ends
};

inline constexpr std::size_t close_reason_count = 17;

[[nodiscard]] std::string_view name_of(close_reason reason);

// True for what happens all day: tabs are closed and phones fall asleep.
[[nodiscard]] bool is_usual(close_reason reason);

}  // namespace notify::eio
