// SPDX-License-Identifier: MIT
//
// What an application does with the sockets of one Socket.IO namespace: the interface that
// notifications (gateway/notifications) and the session mode (gateway/session_follower) implement.
//
// One handler serves all sockets of its namespace on one shard, so it keeps nothing of a single
// client itself: that goes into socket::data(). This base class lets everybody in and answers every
// event with an empty acknowledgement. It serves as it is for a `/` that the application does not
// offer.
//
// All functions are called on the shard's thread. Each of them may emit, end its socket or end the
// session; but after it has ended its socket it must not use that socket any more, which is
// destroyed then.
#pragma once

#include "base/json.hpp"
#include "session/close_reason.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace notify::eio {
class handshake;
}

namespace notify::sio {

class socket;

// An event as it came from a client, valid during the call.
struct event {
    // The JSON array with the name first, then the arguments. Binary arguments are JSON binary
    // values. At most max_payload long and 64 levels deep; nothing else of it has been checked. A
    // handler may move from it.
    json& data;
    // Set if the client waits for socket::acknowledge() with this id.
    std::optional<std::uint64_t> ack;

    // The event's name; "" if the client sent a number in its place, which the protocol allows.
    [[nodiscard]] std::string_view name() const;
};

class namespace_handler {
public:
    virtual ~namespace_handler() = default;

    // Asked before a client joins, with what is kept of its first request and the auth of its
    // CONNECT. Returns nothing to let it in, or a sentence for its CONNECT_ERROR.
    [[nodiscard]] virtual std::optional<std::string> reason_to_refuse(eio::handshake const&,
                                                                      json const&)
    {
        return std::nullopt;
    }

    // Asked next. Returns true to have the CONNECT of this client answered by socket::welcome(),
    // which the handler then owes it. Of protocol 4, whose answer says nothing, nobody is asked.
    [[nodiscard]] virtual bool welcomes_later(eio::handshake const&, json const&) { return false; }

    // A client has joined. auth is the object of its CONNECT, {} if it sent none. The answer to
    // CONNECT is queued already, so whatever is emitted here arrives after it; unless
    // welcomes_later() was true. Then it arrives before the answer, and the client's library keeps
    // events until that comes.
    virtual void on_connect(socket&, json const&) {}

    // An event came. If it asks for an acknowledgement, answer it exactly once, now or later: with
    // its option `retries` socket.io-client sends an event again and again until it is
    // acknowledged. This implementation answers at once, with no arguments.
    virtual void on_event(socket& s, event e);

    // A heartbeat is about to be sent (in protocol 5; in protocol 4 it is the client that pings).
    // What is emitted here leaves with it, in one write. Must not end sockets or the session.
    virtual void on_ping(socket&) {}

    // The socket is gone, whoever ended it; called once for each on_connect(). What is emitted here
    // goes nowhere. Its data() is destroyed next.
    virtual void on_disconnect(socket&, eio::close_reason) {}
};

}  // namespace notify::sio
