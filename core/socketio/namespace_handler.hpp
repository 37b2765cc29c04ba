// SPDX-License-Identifier: MIT
//
// What an application does with the sockets of one Socket.IO namespace. One
// handler serves all sockets of its shard; what it keeps for each of them goes
// into socket::data(). It knows nothing of transports. This one lets everybody in
// and does nothing with them.
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

// An event as it came from a client.
struct event {
    // The arguments with the name before them, as a JSON array; binary ones are
    // JSON binary values. A handler may move from it.
    json& data;
    // Set if the client waits for socket::acknowledge() with this id.
    std::optional<std::uint64_t> ack;

    // The name, or "" if the client sent a number in its place.
    [[nodiscard]] std::string_view name() const;
};

class namespace_handler {
public:
    virtual ~namespace_handler() = default;

    // Why this client may not join, as its CONNECT_ERROR says; nothing if it may.
    [[nodiscard]] virtual std::optional<std::string> reason_to_refuse(eio::handshake const&,
                                                                      json const&)
    {
        return std::nullopt;
    }

    // A client joined; auth is the object of its CONNECT, {} if it sent none.
    // Its CONNECT is answered already, so that emits arrive after the answer.
    virtual void on_connect(socket&, json const&) {}

    // A client that asks for an acknowledgement waits for it, and may send the event
    // again and again: each handler has to answer once. This one does so at once.
    virtual void on_event(socket& s, event e);

    // The socket is gone, whoever ended it. Its data() is destroyed next.
    virtual void on_disconnect(socket&, eio::close_reason) {}
};

}  // namespace notify::sio
