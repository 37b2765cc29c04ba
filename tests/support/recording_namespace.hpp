// SPDX-License-Identifier: MIT
//
// An application of one Socket.IO namespace that notes what happens to its sockets, and then
// calls back into the test.
#pragma once

#include "base/json.hpp"
#include "socketio/namespace_handler.hpp"
#include "socketio/socket.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace notify::test {

class recording_namespace final : public sio::namespace_handler {
public:
    // What happened, in order: `connect {"a":1}`, `event ["x",1]`, `event ["x"] ack 7`,
    // `disconnect client_closed`.
    std::vector<std::string> log;

    // If set, joining is refused for this reason.
    std::optional<std::string> refusal;

    // If set, the test answers CONNECT (socket::welcome).
    bool is_slow = false;

    // The socket of the last on_connect().
    sio::socket* last = nullptr;

    // Called after the entry in the log.
    std::function<void(sio::socket&, json const& auth)> then_connect = [](auto&, auto&) {};
    std::function<void(sio::socket&, sio::event)> then_event = [](auto&, auto) {};
    std::function<void(sio::socket&)> then_disconnect = [](auto&) {};
    std::function<void(sio::socket&)> then_ping = [](auto&) {};

    std::optional<std::string> reason_to_refuse(eio::handshake const&, json const& auth) override
    {
        if (refusal) log.push_back("refused " + to_text(auth));
        return refusal;
    }

    bool welcomes_later(eio::handshake const&, json const&) override { return is_slow; }

    void on_connect(sio::socket& s, json const& auth) override
    {
        last = &s;
        log.push_back("connect " + to_text(auth));
        then_connect(s, auth);
    }

    void on_event(sio::socket& s, sio::event e) override
    {
        log.push_back("event " + to_text(e.data) + (e.ack ? " ack " + std::to_string(*e.ack) : ""));
        then_event(s, e);
    }

    void on_ping(sio::socket& s) override { then_ping(s); }

    void on_disconnect(sio::socket& s, eio::close_reason reason) override
    {
        log.push_back("disconnect " + std::string{eio::name_of(reason)});
        then_disconnect(s);
    }
};

}  // namespace notify::test
